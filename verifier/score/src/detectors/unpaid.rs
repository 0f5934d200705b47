use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, proofs::sign};

pub(super) const DETECTOR: Detector = Detector {
    name: "unpaid",
    cause: Cause::Price,
    tier: Tier::C,
    reason: Reason::TooMuchTraffic,
    gate: "more comes than usual, a proof of work was asked for twice, and not given",
    false_positives: "Devices that are too slow for the lowest price, pages that could not load the solver. It takes away what speaks for a person, to 0.5, and never goes lower.",
    cost: "some 220 ms of a worker, or of slices of 5 ms; nothing in calm traffic",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    facts
        .shows(sign::UNPAID)
        .then(|| Finding::c("more comes than usual, and the proof of work was not given"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| facts.surroundings.proofs = sign::UNPAID];
        const SILENT: &[Change] = &[|facts| facts.surroundings.proofs = 0];
        for (i, change) in FINDS.iter().enumerate() {
            assert!(found(&DETECTOR, *change), "case {i}");
        }
        for (i, change) in SILENT.iter().enumerate() {
            assert!(!found(&DETECTOR, *change), "silent case {i}");
        }
    }
}
