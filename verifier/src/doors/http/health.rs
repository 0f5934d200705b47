//! `GET /healthz`, which also tells `touchstone doctor --url` what proxies take away.

use hyper::{
    Request,
    body::Incoming,
    header::{HeaderName, HeaderValue},
};

use super::{Answer, respond};

/// 200, with the names of those headers that came and that browsers are known by: nothing that the asker did not send, unless a
/// proxy did.
pub(super) fn health(request: &Request<Incoming>) -> Answer {
    let mut answer = respond::text("ok\n");
    let came = OF_BROWSERS
        .iter()
        .filter(|name| request.headers().contains_key(**name));
    let names: Vec<&str> = came.copied().collect();
    if let Ok(value) = HeaderValue::from_str(&names.join(", ")) {
        answer.headers_mut().insert(SEEN, value);
    }
    answer
}

/// Where the names go.
pub(crate) const SEEN: HeaderName = HeaderName::from_static("x-touchstone-headers");

/// Headers whose absence counts against a visitor, or that decide how much one loads.
pub(crate) const OF_BROWSERS: [&str; 11] = [
    "origin",
    "user-agent",
    "accept",
    "accept-encoding",
    "accept-language",
    "sec-ch-ua",
    "sec-ch-ua-mobile",
    "sec-ch-ua-platform",
    "sec-fetch-site",
    "sec-fetch-mode",
    "sec-fetch-dest",
];
