use touchstone_protocol::Probe;

use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier};

pub(super) const DETECTOR: Detector = Detector {
    name: "coalescing",
    cause: Cause::InputPipeline,
    tier: Tier::C,
    reason: Reason::Automation,
    gate: "20 moves faster than 0.5 px/ms in a browser that merges events",
    false_positives: "Mice of 125 Hz and less on fast screens, trackpads, remote desktops.",
    cost: "events that are recorded in any case; one call for every move",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let (fast, mean) = (facts.pipeline.fast, facts.pipeline.coalesced.get());
    let seen = facts.yes(Probe::CoalescedEvents) && fast >= 20 && (0.5..1.05).contains(&mean);
    seen.then(|| {
        Finding::c(format!(
            "{mean:.2} hardware samples to a move, over {fast} fast moves"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| facts.pipeline.coalesced = 1.0.into()];
        const SILENT: &[Change] = &[
            |facts| facts.pipeline.coalesced = 0.0.into(),
            |facts| {
                facts.pipeline.coalesced = 1.0.into();
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
