use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, features::Occasions};

pub(super) const DETECTOR: Detector = Detector {
    name: "scripted-focus",
    cause: Cause::Navigation,
    tier: Tier::C,
    reason: Reason::UnexpectedUsagePatterns,
    gate: "two fields focused by neither press nor key, and most of all",
    false_positives: "Page scripts that move the focus on, screen readers, password managers.",
    cost: "events that are recorded in any case",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let Occasions {
        focus_by_press,
        focus_by_key,
        focus_by_other,
        ..
    } = facts.occasions;
    let by_hand = focus_by_press.saturating_add(focus_by_key);
    let seen = focus_by_other >= 2 && focus_by_other > by_hand;
    seen.then(|| {
        Finding::c(format!(
            "{focus_by_other} fields received focus by neither press nor key"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| facts.occasions.focus_by_other = 6];
        const SILENT: &[Change] = &[
            |facts| facts.occasions.focus_by_other = 1,
            |facts| {
                facts.occasions.focus_by_press = u16::MAX;
                facts.occasions.focus_by_key = 1;
                facts.occasions.focus_by_other = 6;
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
