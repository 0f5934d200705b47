use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, transport::sign};

pub(super) const DETECTOR: Detector = Detector {
    name: "session-headers",
    cause: Cause::Identity,
    tier: Tier::B,
    reason: Reason::UnexpectedEnvironment,
    gate: "the page's session and its report each came with the header; of languages, only the first one's primary subtag",
    false_positives: "People who change browser settings or the user agent of an extension between the two, within ten minutes.",
    cost: "nothing",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let what = if facts.session_sign(sign::SESSION_AGENT) {
        "the session was opened under another user agent than the report was sent"
    } else if facts.session_sign(sign::SESSION_LANGUAGE) {
        "the session was opened in another language than the report was sent"
    } else {
        return None;
    };
    Some(Finding::b(what))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::found;

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        for (sign, expected) in [
            (sign::SESSION_AGENT, true),
            (sign::SESSION_LANGUAGE, true),
            (sign::SEVERAL_MISSING, false),
            (0, false),
        ] {
            let mut facts = crate::detectors::quiet();
            facts.surroundings.session_signs = sign;
            let judged = judge(&facts, &Context::default());
            assert_eq!(judged.is_some(), expected, "{sign:#x}");
        }
        assert!(!found(&DETECTOR, |facts| facts.surroundings.signs = u32::MAX));
    }
}
