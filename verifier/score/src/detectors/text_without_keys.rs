use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier};

pub(super) const DETECTOR: Detector = Detector {
    name: "text-without-keys",
    cause: Cause::TextEntry,
    tier: Tier::C,
    reason: Reason::Automation,
    gate: "8 characters of inserted text, more than keys account for; no touch screen. Paste, drop, autofill, dictation and input methods have input types of their own",
    false_positives: "Handwriting and on-screen keyboards that name themselves insertText.",
    cost: "events that are recorded in any case",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let (keyless, typed) = (facts.occasions.keyless_characters, facts.occasions.typed);
    let seen = keyless >= 8 && keyless > typed && !facts.has_touch();
    seen.then(|| {
        Finding::c(format!(
            "{keyless} characters appeared without a key, {typed} with one"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| facts.occasions.keyless_characters = 30];
        const SILENT: &[Change] = &[
            |facts| {
                facts.occasions.keyless_characters = 30;
                facts.surroundings.touch_points = 1
            },
            |facts| {
                facts.occasions.fills = 3;
                facts.occasions.pastes = 2
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
