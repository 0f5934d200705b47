use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, transport::sign};

pub(super) const DETECTOR: Detector = Detector {
    name: "http-client",
    cause: Cause::Transport,
    tier: Tier::A,
    reason: Reason::Automation,
    gate: "two of the headers that every browser's fetch carries are missing (of User-Agent, Accept, Accept-Language, on a direct connection Accept-Encoding, on a trustworthy origin Sec-Fetch-*), the user agent names a library, or Sec-Fetch-* says that this is no fetch",
    false_positives: "A proxy in front of the verifier that strips several request headers: it would hit every visitor at once.",
    cost: "request headers",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let what = if facts.sign(sign::NAMES_A_LIBRARY) {
        "the user agent is that of an HTTP library or a script-only DOM"
    } else if facts.sign(sign::SEVERAL_MISSING) {
        "several headers are missing that every browser's fetch carries"
    } else if facts.sign(sign::NO_FETCH) {
        "Sec-Fetch-* tells of a navigation, but the agent only fetches"
    } else {
        return None;
    };
    Some(Finding::a(what))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[
            |facts| facts.surroundings.signs = sign::NAMES_A_LIBRARY,
            |facts| facts.surroundings.signs = sign::SEVERAL_MISSING,
            |facts| facts.surroundings.signs = sign::NO_FETCH,
        ];
        const SILENT: &[Change] = &[
            |facts| facts.surroundings.signs = sign::ONE_MISSING,
            |facts| facts.surroundings.signs = sign::NO_HINTS,
        ];
        for (i, change) in FINDS.iter().enumerate() {
            assert!(found(&DETECTOR, *change), "case {i}");
        }
        for (i, change) in SILENT.iter().enumerate() {
            assert!(!found(&DETECTOR, *change), "silent case {i}");
        }
    }
}
