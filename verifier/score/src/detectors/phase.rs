use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, features::Pipeline};

pub(super) const DETECTOR: Detector = Detector {
    name: "phase",
    cause: Cause::InputPipeline,
    tier: Tier::C,
    reason: Reason::Automation,
    gate: "40 mouse moves, an event clock of 0.1 ms or finer",
    false_positives: "Measured on X11 alone, where hardware events carry whole milliseconds: other platforms may spread them.",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let Pipeline { moves, phase, .. } = facts.pipeline;
    let gate = moves >= 40 && (1..=100).contains(&facts.surroundings.clock_step_us);
    (gate && phase.get() <= 0.25).then(|| {
        Finding::c(format!(
            "{:.0} % of {moves} moves share a sub-millisecond phase",
            phase.get() * 100.0
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| facts.pipeline.phase = 0.14.into()];
        const SILENT: &[Change] = &[
            |facts| {
                facts.pipeline.phase = 0.14.into();
                facts.surroundings.clock_step_us = 1_000
            },
            |facts| {
                facts.pipeline.phase = 0.14.into();
                facts.pipeline.moves = 20
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
