use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, transport::sign};

pub(super) const DETECTOR: Detector = Detector {
    name: "hint-headers",
    cause: Cause::Identity,
    tier: Tier::B,
    reason: Reason::UnexpectedEnvironment,
    gate: "the user agent claims Chromium 110 or newer on a trustworthy origin and is no web view; platform and form factor only where both sides name a known one, and not where a phone asks for the desktop's site",
    false_positives: "Extensions that change the user agent, browsers built from Chromium with client hints switched off.",
    cost: "request headers",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let what = if facts.sign(sign::FOREIGN_HINTS) {
        "client hints of Chromium under the user agent of another browser"
    } else if facts.sign(sign::HINTS_DIFFER) {
        "client hints name another platform than User-Agent"
    } else if facts.sign(sign::NO_HINTS) {
        "User-Agent claims a Chromium, but there are no client hints"
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
            |facts| facts.surroundings.signs = sign::FOREIGN_HINTS,
            |facts| facts.surroundings.signs = sign::HINTS_DIFFER,
            |facts| facts.surroundings.signs = sign::NO_HINTS,
        ];
        const SILENT: &[Change] = &[|facts| facts.surroundings.signs = sign::ONE_MISSING];
        for (i, change) in FINDS.iter().enumerate() {
            assert!(found(&DETECTOR, *change), "case {i}");
        }
        for (i, change) in SILENT.iter().enumerate() {
            assert!(!found(&DETECTOR, *change), "silent case {i}");
        }
    }
}
