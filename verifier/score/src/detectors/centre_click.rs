use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, features::Presses};

pub(super) const DETECTOR: Detector = Detector {
    name: "centre-click",
    cause: Cause::ClickSynthesis,
    tier: Tier::C,
    reason: Reason::Automation,
    gate: "three presses on measured targets of 8 pixels and more; not for assistive software",
    false_positives: "Head pointers and magnetic pointers that snap to the centre.",
    cost: "the target's box, measured with every press",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let Presses {
        measured, centred, ..
    } = facts.presses;
    let seen = measured >= 3 && centred == measured && !facts.presses_may_be_assisted();
    seen.then(|| {
        Finding::c(format!(
            "all {measured} presses on the exact centre of their targets"
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
            facts.presses.measured = 3;
            facts.presses.centred = 3
        }];
        const SILENT: &[Change] = &[
            |facts| {
                facts.presses.measured = 3;
                facts.presses.centred = 2
            },
            |facts| {
                facts.presses.measured = 1;
                facts.presses.centred = 1
            },
            |facts| {
                facts.presses.measured = 3;
                facts.presses.centred = 3;
                facts.occasions.assisted_clicks = 9
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
