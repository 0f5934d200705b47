use super::{Detector, Finding, text_without_keys};
use crate::{Cause, Context, Facts, Reason, Tier};

pub(super) const DETECTOR: Detector = Detector {
    name: "inserted-text",
    cause: Cause::TextEntry,
    tier: Tier::B,
    reason: Reason::Automation,
    gate: "text-without-keys, and a mouse that pressed three times and never moved, with no physical key at all; not for assistive software. Eye trackers and head pointers move the pointer, and on-screen keyboards send keys without a code",
    false_positives: "None seen. Software that both clicks and writes for a person from inside the browser.",
    cost: "events that are recorded in any case",
    judge,
};

/// A hand that neither moves the mouse nor touches a key fills in no form.
fn judge(facts: &Facts, context: &Context<'_>) -> Option<Finding> {
    let keyless = text_without_keys::DETECTOR.judge;
    let untouched = facts.pipeline.moves == 0 && facts.keys.count == 0;
    let seen = untouched
        && facts.presses.count >= 3
        && facts.keys.codeless == 0
        && !facts.presses_may_be_assisted()
        && keyless(facts, context).is_some();
    seen.then(|| {
        Finding::b(format!(
            "{} characters without a key, {} presses of a mouse that never moved",
            facts.occasions.keyless_characters, facts.presses.count
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    fn inserted(facts: &mut Facts) {
        facts.occasions.keyless_characters = 84;
        facts.occasions.typed = 0;
        facts.pipeline.moves = 0;
        facts.keys.count = 0;
    }

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[inserted];
        const SILENT: &[Change] = &[
            // An eye tracker and dictation.
            |facts| {
                inserted(facts);
                facts.pipeline.moves = 4
            },
            // Voice control.
            |facts| {
                inserted(facts);
                facts.occasions.assisted_clicks = facts.occasions.clicks
            },
            // An on-screen keyboard.
            |facts| {
                inserted(facts);
                facts.keys.codeless = 84
            },
            |facts| {
                inserted(facts);
                facts.keys.count = 1
            },
            |facts| {
                inserted(facts);
                facts.presses.count = 2
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
