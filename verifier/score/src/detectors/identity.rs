use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, transport::sign};

pub(super) const DETECTOR: Detector = Detector {
    name: "identity",
    cause: Cause::Identity,
    tier: Tier::B,
    reason: Reason::UnexpectedEnvironment,
    gate: "only what both sides state is compared; of languages, only the first one's primary subtag",
    false_positives: "Extensions and proxies that rewrite a header but not the page.",
    cost: "request headers and two property reads at the start",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let what = if facts.sign(sign::AGENT_DIFFERS) {
        "the page's user agent is not the request's"
    } else if facts.sign(sign::BRANDS_DIFFER) {
        "Sec-CH-UA names another Chromium version than User-Agent"
    } else if facts.sign(sign::LANGUAGE_DIFFERS) {
        "the first of Accept-Language is none of the page's languages"
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
            |facts| facts.surroundings.signs = sign::AGENT_DIFFERS,
            |facts| facts.surroundings.signs = sign::BRANDS_DIFFER,
            |facts| facts.surroundings.signs = sign::LANGUAGE_DIFFERS,
        ];
        const SILENT: &[Change] = &[|facts| facts.surroundings.signs = sign::NO_FETCH_METADATA];
        for (i, change) in FINDS.iter().enumerate() {
            assert!(found(&DETECTOR, *change), "case {i}");
        }
        for (i, change) in SILENT.iter().enumerate() {
            assert!(!found(&DETECTOR, *change), "silent case {i}");
        }
    }
}
