use touchstone_protocol::Probe;

use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, transport::sign};

pub(super) const DETECTOR: Detector = Detector {
    name: "headless",
    cause: Cause::Driver,
    tier: Tier::A,
    reason: Reason::Automation,
    gate: "none: the browser names itself",
    false_positives: "None known.",
    cost: "one property read at the start",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let place = if facts.yes(Probe::HeadlessAgent) {
        "the page's user agent"
    } else if facts.yes(Probe::WorkerHeadless) {
        "a worker's user agent"
    } else if facts.sign(sign::HEADER_HEADLESS) || facts.session_sign(sign::HEADER_HEADLESS) {
        "a request header"
    } else {
        return None;
    };
    Some(Finding::a(format!("{place} names HeadlessChrome")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found, set};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[
            |facts| set(facts, Probe::HeadlessAgent),
            |facts| set(facts, Probe::WorkerHeadless),
            |facts| facts.surroundings.signs = sign::HEADER_HEADLESS,
            |facts| facts.surroundings.session_signs = sign::HEADER_HEADLESS,
        ];
        const SILENT: &[Change] = &[|facts| facts.surroundings.signs = 0];
        for (i, change) in FINDS.iter().enumerate() {
            assert!(found(&DETECTOR, *change), "case {i}");
        }
        for (i, change) in SILENT.iter().enumerate() {
            assert!(!found(&DETECTOR, *change), "silent case {i}");
        }
    }
}
