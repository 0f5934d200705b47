use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, proofs::sign};

pub(super) const DETECTOR: Detector = Detector {
    name: "layout",
    cause: Cause::Layout,
    tier: Tier::B,
    reason: Reason::UnexpectedEnvironment,
    gate: "the challenge carried a fragment; no answer counts only in a top page that was never hidden, 3 s after its frames were drawn or 5 s after it was asked for and in use",
    false_positives: "None seen. An agent that anyone can read lets anyone compute the answer, so it is no more than one finding of two.",
    cost: "about ten empty boxes in a closed shadow root, laid out with the page's next frame and removed; no forced reflow",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let what = if facts.shows(sign::LAYOUT_WRONG) {
        "the boxes of the challenge have sizes that no layout engine gives them"
    } else if facts.shows(sign::LAYOUT_ABSENT) {
        "the boxes of the challenge have no sizes: the page has no layout engine"
    } else {
        return None;
    };
    Some(Finding::b(what))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[
            |facts| facts.surroundings.proofs = sign::LAYOUT_WRONG,
            |facts| facts.surroundings.proofs = sign::LAYOUT_ABSENT,
        ];
        const SILENT: &[Change] = &[|facts| facts.surroundings.proofs = 0];
        for (i, change) in FINDS.iter().enumerate() {
            assert!(found(&DETECTOR, *change), "case {i}");
        }
        for (i, change) in SILENT.iter().enumerate() {
            assert!(!found(&DETECTOR, *change), "silent case {i}");
        }
    }
}
