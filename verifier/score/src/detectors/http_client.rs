use super::{
    Detector, Finding,
    headers::{Told, told},
};
use crate::{Cause, Context, Facts, Reason, Tier, transport::sign};

pub(super) const DETECTOR: Detector = Detector {
    name: "http-client",
    cause: Cause::Transport,
    tier: Tier::A,
    reason: Reason::Automation,
    gate: "two of the headers that every browser's fetch carries are missing (of User-Agent, Accept, Accept-Language, on a direct connection Accept-Encoding, on a trustworthy origin Sec-Fetch-*), the user agent names a library, or Sec-Fetch-* says that this is no fetch; of the report's request or the one that opened the session",
    false_positives: "A proxy in front of the verifier that strips several request headers: it would hit every visitor at once.",
    cost: "request headers",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    told(facts, SIGNS).map(Finding::a)
}

pub(super) const SIGNS: &[Told] = &[
    (
        sign::NAMES_A_LIBRARY,
        "the user agent is that of an HTTP library or a script-only DOM",
    ),
    (
        sign::SEVERAL_MISSING,
        "several headers are missing that every browser's fetch carries",
    ),
    (
        sign::NO_FETCH,
        "Sec-Fetch-* tells of a navigation, but the agent only fetches",
    ),
];
