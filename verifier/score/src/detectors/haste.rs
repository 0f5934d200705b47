use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, features::Timing};

pub(super) const DETECTOR: Detector = Detector {
    name: "haste",
    cause: Cause::Timing,
    tier: Tier::C,
    reason: Reason::UnexpectedUsagePatterns,
    gate: "two presses or keys at least",
    false_positives: "Pages that are waited for: a form already filled in by the browser.",
    cost: "events that are recorded in any case",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let Timing { last_ms, deeds, .. } = facts.timing;
    (deeds >= 2 && last_ms <= 1_500).then(|| {
        Finding::c(format!(
            "all {deeds} presses and keys within {last_ms} ms of the page's load"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| facts.timing.last_ms = 700];
        const SILENT: &[Change] = &[|facts| {
            facts.timing.last_ms = 700;
            facts.timing.deeds = 1
        }];
        for (i, change) in FINDS.iter().enumerate() {
            assert!(found(&DETECTOR, *change), "case {i}");
        }
        for (i, change) in SILENT.iter().enumerate() {
            assert!(!found(&DETECTOR, *change), "silent case {i}");
        }
    }
}
