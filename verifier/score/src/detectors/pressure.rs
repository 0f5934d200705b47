use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, features::Presses};

pub(super) const DETECTOR: Detector = Detector {
    name: "pressure",
    cause: Cause::EventFields,
    tier: Tier::B,
    reason: Reason::Automation,
    gate: "presses of a mouse that assistive software did not make",
    false_positives: "Not yet measured on all platforms; until then it needs a second finding.",
    cost: "events that are recorded in any case",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let Presses {
        count,
        pressureless,
        ..
    } = facts.presses;
    let seen = count > 0 && pressureless == count && !facts.presses_may_be_assisted();
    seen.then(|| {
        Finding::b(format!(
            "{pressureless} of {count} mouse presses with pressure 0 instead of 0.5"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| facts.presses.pressureless = facts.presses.count];
        const SILENT: &[Change] = &[
            |facts| facts.presses.pressureless = facts.presses.count - 1,
            |facts| {
                facts.presses.pressureless = facts.presses.count;
                facts.occasions.assisted_clicks = facts.occasions.clicks
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
