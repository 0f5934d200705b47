use super::{
    Detector, Finding,
    headers::{Told, told},
};
use crate::{Cause, Context, Facts, Reason, Tier, transport::sign};

pub(super) const DETECTOR: Detector = Detector {
    name: "fetch-metadata",
    cause: Cause::Transport,
    tier: Tier::A,
    reason: Reason::Automation,
    gate: "the user agent claims Chromium 80 or Firefox 90 or newer, and the origin is trustworthy; the report's request and the one that opened the session",
    false_positives: "A proxy in front of the verifier that strips request headers: it would hit every visitor at once.",
    cost: "request headers",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    told(facts, SIGNS).map(Finding::a)
}

pub(super) const SIGNS: &[Told] = &[(
    sign::NO_FETCH_METADATA,
    "the claimed browser sends Sec-Fetch-Site and Sec-Fetch-Mode, this request had not both",
)];
