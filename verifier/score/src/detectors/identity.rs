use super::{
    Detector, Finding,
    headers::{Told, told},
};
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
    told(facts, SIGNS).map(Finding::b)
}

pub(super) const SIGNS: &[Told] = &[
    (
        sign::AGENT_DIFFERS,
        "the page's user agent is not the request's",
    ),
    (
        sign::BRANDS_DIFFER,
        "Sec-CH-UA names another Chromium version than User-Agent",
    ),
    (
        sign::LANGUAGE_DIFFERS,
        "the first of Accept-Language is none of the page's languages",
    ),
];
