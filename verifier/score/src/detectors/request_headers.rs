use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, transport::sign};

pub(super) const DETECTOR: Detector = Detector {
    name: "request-headers",
    cause: Cause::Identity,
    tier: Tier::B,
    reason: Reason::UnexpectedEnvironment,
    gate: "the user agent claims a browser or is missing; one of the headers that http-client counts is missing, or there is one that no browser's fetch sends (Expect, HTTP2-Settings, TE, a form's content type, directly in HTTP/1.0)",
    false_positives: "Privacy proxies and extensions that take Accept-Language or User-Agent away; user agents of one's own making. Of one cause with identity and hint-headers, which the same extensions set off.",
    cost: "request headers",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let what = if facts.sign(sign::FOREIGN_HEADER) {
        "the request has what no browser's fetch sends"
    } else if facts.sign(sign::ONE_MISSING) {
        "a header is missing that every browser's fetch carries"
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
            |facts| facts.surroundings.signs = sign::FOREIGN_HEADER,
            |facts| facts.surroundings.signs = sign::ONE_MISSING,
        ];
        const SILENT: &[Change] = &[|facts| facts.surroundings.signs = sign::BRANDS_DIFFER];
        for (i, change) in FINDS.iter().enumerate() {
            assert!(found(&DETECTOR, *change), "case {i}");
        }
        for (i, change) in SILENT.iter().enumerate() {
            assert!(!found(&DETECTOR, *change), "silent case {i}");
        }
    }
}
