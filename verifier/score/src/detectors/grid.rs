use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, features::Pipeline, record::share};

pub(super) const DETECTOR: Detector = Detector {
    name: "grid",
    cause: Cause::InputPipeline,
    tier: Tier::B,
    reason: Reason::Automation,
    gate: "20 mouse moves at a device pixel ratio of exactly 1 or 2, no change of the viewport, no resisted fingerprinting, no touch",
    false_positives: "Pinch zoom by a trackpad. Firefox shows up to 7 % of such moves; the check asks for 30 %.",
    cost: "events that are recorded in any case",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let Pipeline {
        moves, off_grid, ..
    } = facts.pipeline;
    let gate = moves >= 20
        && facts.whole_pixels()
        && !facts.clock_is_blurred()
        && facts.occasions.touches == 0;
    (gate && share(off_grid, moves) >= 0.3)
        .then(|| Finding::b(format!("{off_grid} of {moves} moves off the pixel grid")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| facts.pipeline.off_grid = facts.pipeline.moves / 2];
        const SILENT: &[Change] = &[
            |facts| facts.pipeline.off_grid = facts.pipeline.moves / 10,
            |facts| {
                facts.pipeline.off_grid = facts.pipeline.moves;
                facts.surroundings.pixel_ratio = 1_250
            },
            |facts| {
                facts.pipeline.off_grid = facts.pipeline.moves;
                facts.surroundings.clock_step_us = 16_667
            },
            |facts| {
                facts.pipeline.off_grid = facts.pipeline.moves;
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
