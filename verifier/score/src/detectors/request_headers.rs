use super::{
    Detector, Finding,
    headers::{Told, told},
};
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
    told(facts, SIGNS).map(Finding::b)
}

pub(super) const SIGNS: &[Told] = &[
    (
        sign::FOREIGN_HEADER,
        "the request has what no browser's fetch sends",
    ),
    (
        sign::ONE_MISSING,
        "a header is missing that every browser's fetch carries",
    ),
];
