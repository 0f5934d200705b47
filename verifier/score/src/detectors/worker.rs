use touchstone_protocol::Probe;

use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier};

pub(super) const DETECTOR: Detector = Detector {
    name: "worker",
    cause: Cause::Identity,
    tier: Tier::B,
    reason: Reason::UnexpectedEnvironment,
    gate: "a worker could be made",
    false_positives: "Extensions that change the user agent in pages only. Privacy browsers change both alike.",
    cost: "a worker of one line for a moment",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    facts.yes(Probe::WorkerMismatch).then(|| {
        Finding::b("user agent, languages or processors of a worker differ from the page's")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found, set};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| set(facts, Probe::WorkerMismatch)];
        const SILENT: &[Change] = &[|facts| facts.surroundings.probes_yes = 0];
        for (i, change) in FINDS.iter().enumerate() {
            assert!(found(&DETECTOR, *change), "case {i}");
        }
        for (i, change) in SILENT.iter().enumerate() {
            assert!(!found(&DETECTOR, *change), "silent case {i}");
        }
    }
}
