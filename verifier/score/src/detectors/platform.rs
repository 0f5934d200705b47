use touchstone_protocol::Probe;

use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier};

pub(super) const DETECTOR: Detector = Detector {
    name: "platform",
    cause: Cause::Identity,
    tier: Tier::B,
    reason: Reason::UnexpectedEnvironment,
    gate: "both name Windows, Linux (Android is one) or macOS",
    false_positives: "Extensions that change the user agent alone. Browsers that resist fingerprinting change both alike.",
    cost: "two property reads at the start",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    facts.yes(Probe::PlatformMismatch).then(|| {
        Finding::b("navigator.platform and the user agent name different operating systems")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found, set};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| set(facts, Probe::PlatformMismatch)];
        const SILENT: &[Change] = &[|facts| facts.surroundings.probes_no = 0];
        for (i, change) in FINDS.iter().enumerate() {
            assert!(found(&DETECTOR, *change), "case {i}");
        }
        for (i, change) in SILENT.iter().enumerate() {
            assert!(!found(&DETECTOR, *change), "silent case {i}");
        }
    }
}
