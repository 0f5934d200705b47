use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, features::Pipeline};

pub(super) const DETECTOR: Detector = Detector {
    name: "screen-offset",
    cause: Cause::Geometry,
    tier: Tier::B,
    reason: Reason::UnexpectedEnvironment,
    gate: "10 mouse moves, no zoom, no change of the viewport",
    false_positives: "Windows dragged to a screen of another scale while the pointer moves.",
    cost: "events that are recorded in any case",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let Pipeline { moves, shifted, .. } = facts.pipeline;
    let enough = moves >= 10 && facts.whole_pixels() && shifted >= moves / 2;
    enough.then(|| {
        Finding::b(format!(
            "{shifted} screen positions in {moves} moves do not fit the window's"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};
    use crate::features::geometry;

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| facts.pipeline.shifted = facts.pipeline.moves];
        const SILENT: &[Change] = &[
            |facts| facts.pipeline.shifted = 3,
            |facts| {
                facts.pipeline.shifted = facts.pipeline.moves;
                facts.surroundings.pixel_ratio = 1_100
            },
            |facts| {
                facts.pipeline.shifted = facts.pipeline.moves;
                facts.surroundings.geometry = geometry::VIEWPORT_CHANGED
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
