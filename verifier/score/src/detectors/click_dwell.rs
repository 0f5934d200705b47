use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, features::Presses};

pub(super) const DETECTOR: Detector = Detector {
    name: "click-dwell",
    cause: Cause::ClickSynthesis,
    tier: Tier::C,
    reason: Reason::Automation,
    gate: "two releases seen; not for clicks that assistive software may have made; no resisted fingerprinting",
    false_positives: "Switch devices, tap-to-click of some touchpads.",
    cost: "events that are recorded in any case",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let Presses {
        dwells,
        short_dwells,
        ..
    } = facts.presses;
    let gate = dwells >= 2 && !facts.presses_may_be_assisted() && !facts.clock_is_blurred();
    (gate && short_dwells == dwells)
        .then(|| Finding::c(format!("all {dwells} presses released within 10 ms")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| facts.presses.short_dwells = facts.presses.dwells];
        const SILENT: &[Change] = &[
            |facts| facts.presses.short_dwells = facts.presses.dwells - 1,
            |facts| {
                facts.presses.short_dwells = facts.presses.dwells;
                facts.occasions.focus_by_key = 9
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
