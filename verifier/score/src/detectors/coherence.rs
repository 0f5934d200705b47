use super::{Detector, Finding, coalescing, grid, latency, phase, raw_updates};
use crate::{Cause, Context, Facts, Reason, Tier};

pub(super) const DETECTOR: Detector = Detector {
    name: "coherence",
    cause: Cause::InputPipeline,
    tier: Tier::B,
    reason: Reason::Automation,
    gate: "three of four agree: moves come unmerged, off the pixel grid, at any fraction of a millisecond, and all at once or one frame late",
    false_positives: "Remote desktops with a pointer of their own, which may show all four: one cause, so never below 0.5 by themselves.",
    cost: "events that are recorded in any case",
    judge,
};

/// One oddity of the pipeline is a device of its own; several at once are moves that no device made.
fn judge(facts: &Facts, context: &Context<'_>) -> Option<Finding> {
    let says = |detector: Detector| (detector.judge)(facts, context).is_some();
    let odd = [
        (
            "unmerged",
            says(coalescing::DETECTOR) || says(raw_updates::DETECTOR),
        ),
        ("off the pixel grid", says(grid::DETECTOR)),
        ("out of phase", phase::is_spread(facts)),
        ("with a constant delay", says(latency::DETECTOR)),
    ];
    let seen: Vec<&str> = odd.iter().filter(|odd| odd.1).map(|odd| odd.0).collect();
    (seen.len() >= 3).then(|| Finding::b(format!("moves come {}", seen.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[
            |facts| {
                facts.pipeline.coalesced = 1.0.into();
                facts.pipeline.phase = 0.14.into();
                facts.pipeline.one_frame = 1.0.into()
            },
            |facts| {
                facts.surroundings.signs = 0;
                facts.pipeline.raw_ratio = 1.0.into();
                facts.pipeline.phase = 0.14.into();
                facts.pipeline.off_grid = facts.pipeline.moves / 2
            },
        ];
        const SILENT: &[Change] = &[
            // A mouse of 125 Hz on a screen of 144.
            |facts| {
                facts.pipeline.coalesced = 1.0.into();
                facts.pipeline.raw_ratio = 1.0.into();
                facts.pipeline.phase = 0.14.into()
            },
            |facts| {
                facts.pipeline.coalesced = 1.0.into();
                facts.pipeline.raw_ratio = 1.0.into();
                facts.pipeline.instant = 1.0.into()
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
