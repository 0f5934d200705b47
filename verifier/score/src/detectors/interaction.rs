use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, facts::Source};

pub(super) const DETECTOR: Detector = Detector {
    name: "interaction",
    cause: Cause::Interaction,
    tier: Tier::M,
    reason: Reason::LowConfidenceScore,
    gate: "none",
    false_positives: "It changes no score: it says that there was little to judge.",
    cost: "events that are recorded in any case",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let (strokes, keys) = (
        facts.motion.strokes,
        facts.keys.count.max(facts.occasions.typed),
    );
    let touches = facts.occasions.touches;
    let little = facts.source == Source::Measured && strokes < 2 && keys < 5 && touches == 0;
    little.then(|| {
        Finding::new(
            0.0,
            format!("{strokes} measurable strokes, {keys} keys, {touches} touches"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| {
            facts.motion.strokes = 1;
            facts.keys.count = 0;
            facts.occasions.typed = 0
        }];
        const SILENT: &[Change] = &[
            |facts| facts.motion.strokes = 0,
            |facts| {
                facts.motion.strokes = 0;
                facts.keys.count = 0;
                facts.occasions.typed = 0;
                facts.occasions.touches = 1
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
