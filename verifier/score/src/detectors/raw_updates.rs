use touchstone_protocol::Probe;

use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier};

pub(super) const DETECTOR: Detector = Detector {
    name: "raw-updates",
    cause: Cause::InputPipeline,
    tier: Tier::C,
    reason: Reason::Automation,
    gate: "20 fast moves in a browser that sends raw updates",
    false_positives: "As for coalescing.",
    cost: "a counter for every raw update",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let (fast, ratio) = (facts.pipeline.fast, facts.pipeline.raw_ratio.get());
    let seen = facts.yes(Probe::RawUpdates) && fast >= 20 && (0.5..1.05).contains(&ratio);
    seen.then(|| {
        Finding::c(format!(
            "{ratio:.2} raw updates to a move, over {fast} fast moves"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| facts.pipeline.raw_ratio = 1.0.into()];
        const SILENT: &[Change] = &[
            |facts| facts.pipeline.raw_ratio = 0.0.into(),
            |facts| {
                facts.pipeline.raw_ratio = 1.0.into();
                facts.pipeline.fast = 5
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
