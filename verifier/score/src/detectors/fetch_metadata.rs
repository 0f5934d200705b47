use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, transport::sign};

pub(super) const DETECTOR: Detector = Detector {
    name: "fetch-metadata",
    cause: Cause::Transport,
    tier: Tier::A,
    reason: Reason::Automation,
    gate: "the user agent claims Chromium 80 or Firefox 90 or newer, and the origin is trustworthy",
    false_positives: "A proxy in front of the verifier that strips request headers: it would hit every visitor at once.",
    cost: "request headers",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    facts.sign(sign::NO_FETCH_METADATA).then(|| Finding::a("the claimed browser sends Sec-Fetch-Site and Sec-Fetch-Mode, this request had not both"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[|facts| facts.surroundings.signs = sign::NO_FETCH_METADATA];
        const SILENT: &[Change] = &[|facts| facts.surroundings.signs = sign::AGENT_DIFFERS];
        for (i, change) in FINDS.iter().enumerate() {
            assert!(found(&DETECTOR, *change), "case {i}");
        }
        for (i, change) in SILENT.iter().enumerate() {
            assert!(!found(&DETECTOR, *change), "silent case {i}");
        }
    }
}
