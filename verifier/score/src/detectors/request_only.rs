use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, facts::Source};

pub(super) const DETECTOR: Detector = Detector {
    name: "request-only",
    cause: Cause::Report,
    tier: Tier::C,
    reason: Reason::LowConfidenceScore,
    gate: "an express assessment",
    false_positives: "It changes no score: without an agent, nothing is known of how the visitor behaves.",
    cost: "nothing",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    (facts.source == Source::Request).then(|| {
        Finding::new(
            0.0,
            "no agent took part: only the request's headers and rate are known",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| facts.source = Source::Request];
        const SILENT: &[Change] = &[
            |facts| facts.source = Source::Measured,
            |facts| facts.source = Source::Unreadable,
        ];
        for (i, change) in FINDS.iter().enumerate() {
            assert!(found(&DETECTOR, *change), "case {i}");
        }
        for (i, change) in SILENT.iter().enumerate() {
            assert!(!found(&DETECTOR, *change), "silent case {i}");
        }
    }
}
