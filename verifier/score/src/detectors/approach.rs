use super::{Detector, Finding};
use crate::{
    Cause, Context, Facts, Reason, Tier,
    features::{Motion, Presses},
    record::share,
};

pub(super) const DETECTOR: Detector = Detector {
    name: "approach",
    cause: Cause::ClickSynthesis,
    tier: Tier::B,
    reason: Reason::Automation,
    gate: "at least two such presses, and half of all; mouse only; not where the pointer left the page or the window changed, nor for assistive software",
    false_positives: "Eye trackers, head pointers and voice control that put the pointer in place with a press of their own; remote desktops that drop most moves; rarely, people whose short ways are straight: 3 of 193 recorded reports of one task.",
    cost: "events that are recorded in any case",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    if facts.presses_may_be_assisted() || facts.occasions.touches > 0 {
        return None;
    }
    let Presses {
        far, unapproached, ..
    } = facts.presses;
    if unapproached >= 2 && share(unapproached, far) >= 0.5 {
        return Some(Finding::b(format!(
            "{unapproached} of {far} distant presses without a path to them"
        )));
    }
    let Motion {
        approaches,
        straight,
        ..
    } = facts.motion;
    (straight >= 2 && share(straight, approaches) >= 0.8).then(|| {
        Finding::b(format!(
            "{straight} of {approaches} slanting approaches are straight lines to the pixel"
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
            |facts| {
                facts.presses.far = 3;
                facts.presses.unapproached = 2
            },
            |facts| {
                facts.motion.approaches = 2;
                facts.motion.straight = 2
            },
        ];
        const SILENT: &[Change] = &[
            |facts| {
                facts.motion.approaches = 5;
                facts.motion.straight = 2
            },
            |facts| {
                facts.presses.far = 3;
                facts.presses.unapproached = 1
            },
            |facts| {
                facts.presses.far = 3;
                facts.presses.unapproached = 3;
                facts.occasions.assisted_clicks = 9
            },
            |facts| {
                facts.presses.far = 3;
                facts.presses.unapproached = 3;
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
