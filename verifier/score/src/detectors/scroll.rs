use touchstone_protocol::Probe;

use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, features::Scrolling};

pub(super) const DETECTOR: Detector = Detector {
    name: "scroll",
    cause: Cause::Navigation,
    tier: Tier::C,
    reason: Reason::UnexpectedUsagePatterns,
    gate: "two such jumps; wheel bursts not under reduced motion",
    false_positives: "Anchors, find in page, pages that scroll by themselves, smooth scrolling switched off.",
    cost: "events that are recorded in any case",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let Scrolling {
        bursts,
        jumps,
        orphans,
        ..
    } = facts.scrolling;
    if bursts >= 2 && jumps == bursts && !facts.yes(Probe::ReducedMotion) {
        return Some(Finding::c(format!(
            "each of {bursts} turns of the wheel scrolled in one jump"
        )));
    }
    (orphans >= 2).then(|| {
        Finding::c(format!(
            "{orphans} jumps of the page without wheel, key, press or touch"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found, set};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[
            |facts| {
                facts.scrolling.bursts = 2;
                facts.scrolling.jumps = 2
            },
            |facts| facts.scrolling.orphans = 2,
        ];
        const SILENT: &[Change] = &[
            |facts| {
                facts.scrolling.bursts = 2;
                facts.scrolling.jumps = 2;
                set(facts, Probe::ReducedMotion)
            },
            |facts| facts.scrolling.orphans = 1,
        ];
        for (i, change) in FINDS.iter().enumerate() {
            assert!(found(&DETECTOR, *change), "case {i}");
        }
        for (i, change) in SILENT.iter().enumerate() {
            assert!(!found(&DETECTOR, *change), "silent case {i}");
        }
    }
}
