use touchstone_protocol::Probe;

use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier};

pub(super) const DETECTOR: Detector = Detector {
    name: "webdriver",
    cause: Cause::Driver,
    tier: Tier::A,
    reason: Reason::Automation,
    gate: "none: the WebDriver standard asks for it",
    false_positives: "None known: no browser sets it for a person. Firefox keeps it true under automation even where a preference hides it.",
    cost: "one property read, when idle",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    if facts.yes(Probe::Webdriver) {
        return Some(Finding::a("navigator.webdriver is true"));
    }
    facts
        .yes(Probe::FrameWebdriver)
        .then(|| Finding::a("navigator.webdriver is true in a fresh frame"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found, set};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[
            |facts| set(facts, Probe::Webdriver),
            |facts| set(facts, Probe::FrameWebdriver),
        ];
        const SILENT: &[Change] = &[|facts| facts.surroundings.probes_no = 0];
        for (i, change) in FINDS.iter().enumerate() {
            assert!(found(&DETECTOR, *change), "case {i}");
        }
        for (i, change) in SILENT.iter().enumerate() {
            assert!(!found(&DETECTOR, *change), "silent case {i}");
        }
    }
}
