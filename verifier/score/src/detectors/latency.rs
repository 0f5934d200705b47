use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, features::Pipeline};

pub(super) const DETECTOR: Detector = Detector {
    name: "latency",
    cause: Cause::InputPipeline,
    tier: Tier::C,
    reason: Reason::Automation,
    gate: "20 mouse moves, no resisted fingerprinting",
    false_positives: "Busy pages, very fast machines.",
    cost: "events that are recorded in any case",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let Pipeline {
        moves,
        instant,
        one_frame,
        ..
    } = facts.pipeline;
    if moves < 20 || facts.clock_is_blurred() {
        return None;
    }
    let (share, what) = if instant.get() >= 0.9 {
        (instant, "at once")
    } else {
        (one_frame, "one frame late")
    };
    (share.get() >= 0.9).then(|| {
        Finding::c(format!(
            "{:.0} % of {moves} moves arrive {what}",
            share.get() * 100.0
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[
            |facts| facts.pipeline.instant = 1.0.into(),
            |facts| facts.pipeline.one_frame = 0.95.into(),
        ];
        const SILENT: &[Change] = &[
            |facts| facts.pipeline.one_frame = 0.5.into(),
            |facts| {
                facts.pipeline.instant = 1.0.into();
                facts.surroundings.clock_step_us = 100_000
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
