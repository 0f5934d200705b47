use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, features::Keys, record::share};

pub(super) const DETECTOR: Detector = Detector {
    name: "key-dwell",
    cause: Cause::KeySynthesis,
    tier: Tier::B,
    reason: Reason::Automation,
    gate: "5 releases of physical keys, no touch screen, no resisted fingerprinting",
    false_positives: "Barcode scanners and password managers that type: one cause, so never below 0.5 by themselves.",
    cost: "events that are recorded in any case",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let Keys { held, short, .. } = facts.keys;
    let gate = held >= 5 && !facts.has_touch() && !facts.clock_is_blurred();
    (gate && share(short, held) >= 0.5)
        .then(|| Finding::b(format!("{short} of {held} keys released within 15 ms")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| {
            facts.keys.held = 10;
            facts.keys.short = 9
        }];
        const SILENT: &[Change] = &[
            |facts| {
                facts.keys.held = 10;
                facts.keys.short = 2
            },
            |facts| {
                facts.keys.held = 10;
                facts.keys.short = 9;
                facts.surroundings.touch_points = 5
            },
            |facts| {
                facts.keys.held = 10;
                facts.keys.short = 9;
                facts.surroundings.clock_step_us = 16_700
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
