use touchstone_protocol::Probe;

use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier};

pub(super) const DETECTOR: Detector = Detector {
    name: "hints",
    cause: Cause::Identity,
    tier: Tier::B,
    reason: Reason::UnexpectedEnvironment,
    gate: "a browser with client hints (Chromium)",
    false_positives: "User agents changed by an extension or by the device mode of the developer tools. One cause with the other findings of identity.",
    cost: "one question, answered by the browser without waiting",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    facts
        .yes(Probe::HintsEmpty)
        .then(|| Finding::b("the browser's own version is missing from its client hints, as where the user agent was overridden"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found, set};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| set(facts, Probe::HintsEmpty)];
        const SILENT: &[Change] = &[|facts| facts.surroundings.probes_no = 0];
        for (i, change) in FINDS.iter().enumerate() {
            assert!(found(&DETECTOR, *change), "case {i}");
        }
        for (i, change) in SILENT.iter().enumerate() {
            assert!(!found(&DETECTOR, *change), "silent case {i}");
        }
    }
}
