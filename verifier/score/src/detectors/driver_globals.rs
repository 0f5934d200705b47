use touchstone_protocol::Probe;

use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier};

pub(super) const DETECTOR: Detector = Detector {
    name: "driver-globals",
    cause: Cause::Driver,
    tier: Tier::A,
    reason: Reason::Automation,
    gate: "a short list of exact names that drivers leave in the page",
    false_positives: "A site or extension that uses one of the names for its own: the list holds none that would be chosen by chance.",
    cost: "two lists of property names, read with every report",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    facts
        .yes(Probe::DriverGlobals)
        .then(|| Finding::a("a global variable of a browser driver exists"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found, set};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| set(facts, Probe::DriverGlobals)];
        const SILENT: &[Change] = &[|facts| facts.surroundings.probes_yes = 0];
        for (i, change) in FINDS.iter().enumerate() {
            assert!(found(&DETECTOR, *change), "case {i}");
        }
        for (i, change) in SILENT.iter().enumerate() {
            assert!(!found(&DETECTOR, *change), "silent case {i}");
        }
    }
}
