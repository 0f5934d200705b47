use touchstone_protocol::Probe;

use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier};

pub(super) const DETECTOR: Detector = Detector {
    name: "console",
    cause: Cause::Driver,
    tier: Tier::C,
    reason: Reason::Automation,
    gate: "a worker could be made; Chromium",
    false_positives: "Developers with their tools open; extensions that debug the page.",
    cost: "two lines in the worker that is asked in any case; nothing shows in the console as it stands by default",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    facts.yes(Probe::ConsoleHeard).then(|| {
        Finding::c("somebody listens to the console of a worker: a driver, or the developer tools")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found, set};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| set(facts, Probe::ConsoleHeard)];
        const SILENT: &[Change] = &[|facts| facts.surroundings.probes_no = 0];
        for (i, change) in FINDS.iter().enumerate() {
            assert!(found(&DETECTOR, *change), "case {i}");
        }
        for (i, change) in SILENT.iter().enumerate() {
            assert!(!found(&DETECTOR, *change), "silent case {i}");
        }
    }
}
