use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, features::Scrolling};

pub(super) const DETECTOR: Detector = Detector {
    name: "wheel",
    cause: Cause::EventFields,
    tier: Tier::C,
    reason: Reason::Automation,
    gate: "three wheel events",
    false_positives: "Systems set to scroll many lines a notch.",
    cost: "events that are recorded in any case",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let Scrolling {
        wheels, odd_wheels, ..
    } = facts.scrolling;
    let seen = wheels >= 3 && odd_wheels == wheels;
    seen.then(|| {
        Finding::c(format!(
            "all {wheels} wheel events scroll 200 pixels and more a notch"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| {
            facts.scrolling.wheels = 4;
            facts.scrolling.odd_wheels = 4
        }];
        const SILENT: &[Change] = &[|facts| {
            facts.scrolling.wheels = 4;
            facts.scrolling.odd_wheels = 1
        }];
        for (i, change) in FINDS.iter().enumerate() {
            assert!(found(&DETECTOR, *change), "case {i}");
        }
        for (i, change) in SILENT.iter().enumerate() {
            assert!(!found(&DETECTOR, *change), "silent case {i}");
        }
    }
}
