use super::{
    Detector, Finding,
    headers::{Told, told},
};
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
    told(facts, SIGNS).map(Finding::b)
}

pub(super) const SIGNS: &[Told] = &[
    (
        sign::FOREIGN_HINTS,
        "client hints of Chromium under the user agent of another browser",
    ),
    (
        sign::HINTS_DIFFER,
        "client hints name another platform than User-Agent",
    ),
    (
        sign::NO_HINTS,
        "User-Agent claims a Chromium, but there are no client hints",
    ),
];
