use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, features::Keys};

pub(super) const DETECTOR: Detector = Detector {
    name: "key-codes",
    cause: Cause::KeySynthesis,
    tier: Tier::C,
    reason: Reason::Automation,
    gate: "5 printing keys without a code, more than keys with one; no touch screen",
    false_positives: "On-screen keyboards of eye trackers and head pointers, dictation and remote control, which inject characters and not keys: hence context only.",
    cost: "events that are recorded in any case",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let Keys {
        count, codeless, ..
    } = facts.keys;
    let seen = codeless >= 5 && codeless > count && !facts.has_touch();
    seen.then(|| Finding::c(format!("{codeless} keys without a code, {count} with one")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| facts.keys.codeless = 20];
        const SILENT: &[Change] = &[
            |facts| {
                facts.keys.codeless = 4;
                facts.keys.count = 0
            },
            |facts| {
                facts.keys.codeless = 20;
                facts.keys.count = 20
            },
            |facts| {
                facts.keys.codeless = 20;
                facts.surroundings.touch_points = 5
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
