use touchstone_protocol::Probe;

use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier};

pub(super) const DETECTOR: Detector = Detector {
    name: "pointing",
    cause: Cause::Pointing,
    tier: Tier::B,
    reason: Reason::UnexpectedEnvironment,
    gate: "5 mouse moves, and no touch or pen before (browsers send mouse events after a touch)",
    false_positives: "Remote control of a phone by a computer's mouse.",
    cost: "four media queries, when idle",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let moves = facts.pipeline.moves;
    let seen = facts.no(Probe::AnyPointerFine) && moves >= 5 && facts.occasions.touches == 0;
    seen.then(|| Finding::b(format!("{moves} mouse moves, but no fine pointing device")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, clear, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| clear(facts, Probe::AnyPointerFine)];
        const SILENT: &[Change] = &[
            |facts| {
                clear(facts, Probe::AnyPointerFine);
                facts.occasions.touches = 1
            },
            |facts| {
                clear(facts, Probe::AnyPointerFine);
                facts.pipeline.moves = 2
            },
        ];
        for (i, change) in FINDS.iter().enumerate() {
            assert!(found(&DETECTOR, *change), "case {i}");
        }
        for (i, change) in SILENT.iter().enumerate() {
            assert!(!found(&DETECTOR, *change), "silent case {i}");
        }
    }
}
