use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, features::Timing};

pub(super) const DETECTOR: Detector = Detector {
    name: "clock",
    cause: Cause::Timing,
    tier: Tier::B,
    reason: Reason::UnexpectedUsagePatterns,
    gate: "15 s of difference: a page opens its session when the agent starts",
    false_positives: "Pages that could not reach the verifier when they were loaded, tabs that come back after more than a day.",
    cost: "nothing",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let Timing {
        elapsed_ms,
        span_ms,
        ..
    } = facts.timing;
    let seen = span_ms > elapsed_ms.saturating_add(15_000);
    seen.then(|| {
        Finding::b(format!(
            "{} s of interaction in a session of {} s",
            span_ms / 1_000,
            elapsed_ms / 1_000
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
            facts.timing.span_ms = 90_000;
            facts.timing.elapsed_ms = 400
        }];
        const SILENT: &[Change] = &[|facts| {
            facts.timing.span_ms = 15_000;
            facts.timing.elapsed_ms = 400
        }];
        for (i, change) in FINDS.iter().enumerate() {
            assert!(found(&DETECTOR, *change), "case {i}");
        }
        for (i, change) in SILENT.iter().enumerate() {
            assert!(!found(&DETECTOR, *change), "silent case {i}");
        }
    }
}
