use touchstone_protocol::Probe;

use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier};

pub(super) const DETECTOR: Detector = Detector {
    name: "tampering",
    cause: Cause::Tampering,
    tier: Tier::B,
    reason: Reason::UnexpectedEnvironment,
    gate: "a fresh frame's Function.prototype.toString could be asked",
    false_positives: "Extensions and site scripts that wrap native functions.",
    cost: "texts of ten functions, asked of the same iframe, when idle",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let what = if facts.yes(Probe::WebdriverPatched) {
        "navigator.webdriver was replaced"
    } else if facts.yes(Probe::NativePatched) {
        "a native function was replaced"
    } else {
        return None;
    };
    Some(Finding::b(what))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found, set};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[
            |facts| set(facts, Probe::WebdriverPatched),
            |facts| set(facts, Probe::NativePatched),
        ];
        const SILENT: &[Change] = &[|facts| facts.surroundings.probes_yes = 0];
        for (i, change) in FINDS.iter().enumerate() {
            assert!(found(&DETECTOR, *change), "case {i}");
        }
        for (i, change) in SILENT.iter().enumerate() {
            assert!(!found(&DETECTOR, *change), "silent case {i}");
        }
    }
}
