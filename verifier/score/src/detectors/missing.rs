use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, facts::Source};

pub(super) const DETECTOR: Detector = Detector {
    name: "missing",
    cause: Cause::Report,
    tier: Tier::A,
    reason: Reason::UnexpectedEnvironment,
    gate: "none",
    false_positives: "None: the agent always reports its environment. A browser that cannot run it sends a plain report instead.",
    cost: "nothing",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    (facts.source == Source::Impossible)
        .then(|| Finding::a("no report, or none that the agent can have made"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| facts.source = Source::Impossible];
        const SILENT: &[Change] =
            &[|facts| facts.source = Source::Unmeasured(touchstone_protocol::PlainReason::NoWasm)];
        for (i, change) in FINDS.iter().enumerate() {
            assert!(found(&DETECTOR, *change), "case {i}");
        }
        for (i, change) in SILENT.iter().enumerate() {
            assert!(!found(&DETECTOR, *change), "silent case {i}");
        }
    }
}
