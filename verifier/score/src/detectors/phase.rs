use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, features::Pipeline, transport::sign};

pub(super) const DETECTOR: Detector = Detector {
    name: "phase",
    cause: Cause::InputPipeline,
    tier: Tier::B,
    reason: Reason::Automation,
    gate: "20 mouse moves, no resisted fingerprinting, a user agent that names X11 (not ChromeOS): events of its devices, and of remote desktops into it, carry whole milliseconds",
    false_positives: "None known on X11 and Wayland. Somebody whose browser claims to run there and does not.",
    cost: "events that are recorded in any case",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let Pipeline { moves, phase, .. } = facts.pipeline;
    (facts.sign(sign::X11) && is_spread(facts)).then(|| {
        Finding::b(format!(
            "{:.0} % of {moves} moves share a sub-millisecond phase",
            phase.get() * 100.0
        ))
    })
}

/// Whether moves come at any fraction of a millisecond, as those do that software makes, and on some platforms all.
pub(super) fn is_spread(facts: &Facts) -> bool {
    let Pipeline { moves, phase, .. } = facts.pipeline;
    // A clock of whole milliseconds has one phase; one of 0.1 ms may round the fraction of a device's events to two.
    moves >= 20 && !facts.clock_is_blurred() && phase.get() <= 0.4
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| facts.pipeline.phase = 0.14.into()];
        const SILENT: &[Change] = &[
            |facts| facts.pipeline.phase = 0.5.into(),
            |facts| {
                facts.pipeline.phase = 0.14.into();
                facts.surroundings.clock_step_us = 16_667
            },
            |facts| {
                facts.pipeline.phase = 0.14.into();
                facts.pipeline.moves = 19
            },
            |facts| {
                facts.pipeline.phase = 0.14.into();
                facts.surroundings.signs = 0
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
