use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, facts::Source};

pub(super) const DETECTOR: Detector = Detector {
    name: "unreadable",
    cause: Cause::Report,
    tier: Tier::C,
    reason: Reason::LowConfidenceScore,
    gate: "facts in a format that this release does not read",
    false_positives: "It changes no score: for as long as two releases run side by side, it says that nothing is known.",
    cost: "nothing",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    (facts.source == Source::Unreadable).then(|| {
        Finding::new(
            0.0,
            "another release issued the token: its facts cannot be read",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| facts.source = Source::Unreadable];
        const SILENT: &[Change] = &[
            |facts| facts.source = Source::Measured,
            |facts| facts.source = Source::Impossible,
        ];
        for (i, change) in FINDS.iter().enumerate() {
            assert!(found(&DETECTOR, *change), "case {i}");
        }
        for (i, change) in SILENT.iter().enumerate() {
            assert!(!found(&DETECTOR, *change), "silent case {i}");
        }
    }
}
