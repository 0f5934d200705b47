use touchstone_protocol::PlainReason;

use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, facts::Source};

pub(super) const DETECTOR: Detector = Detector {
    name: "unmeasured",
    cause: Cause::Report,
    tier: Tier::A,
    reason: Reason::LowConfidenceScore,
    gate: "a plain report",
    false_positives: "Every person whose browser runs no WebAssembly: offer them another way, such as a second factor.",
    cost: "a plain report of a few bytes",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let Source::Unmeasured(reason) = facts.source else {
        return None;
    };
    let why = match reason {
        PlainReason::NoWasm => "the browser has no WebAssembly",
        PlainReason::WasmRefused => "WebAssembly was refused",
        PlainReason::NotLoaded => "the agent's files did not load",
        PlainReason::Failed => "the agent failed",
    };
    Some(Finding::new(WEIGHT, why))
}

/// Log-odds of the score 0.1, which the contract gives to `clientSignalsFailed`.
const WEIGHT: f32 = -2.197_224_6;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| facts.source = Source::Unmeasured(PlainReason::Failed)];
        const SILENT: &[Change] = &[|facts| facts.source = Source::Impossible];
        for (i, change) in FINDS.iter().enumerate() {
            assert!(found(&DETECTOR, *change), "case {i}");
        }
        for (i, change) in SILENT.iter().enumerate() {
            assert!(!found(&DETECTOR, *change), "silent case {i}");
        }
    }
}
