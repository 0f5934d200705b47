use bytes::Bytes;
use http_body_util::Full;
use hyper::{
    Method, Response, StatusCode,
    header::{
        ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER,
        WWW_AUTHENTICATE,
    },
};
use touchstone_api::ApiError;

use super::Answer;

/// 200 with a JSON body that must not be cached.
pub(super) fn json(body: Vec<u8>) -> Answer {
    body_of(StatusCode::OK, "application/json; charset=utf-8", body)
}

/// 200 with bytes.
pub(super) fn octets(body: Vec<u8>) -> Answer {
    body_of(StatusCode::OK, "application/octet-stream", body)
}

/// 200 with text.
pub(super) fn text(body: impl Into<Vec<u8>>) -> Answer {
    body_of(StatusCode::OK, "text/plain; charset=utf-8", body.into())
}

/// 200 with a page.
pub(super) fn html(body: String) -> Answer {
    body_of(StatusCode::OK, "text/html; charset=utf-8", body.into())
}

/// 204.
pub(super) fn no_content() -> Answer {
    let mut answer = Response::new(Full::new(Bytes::new()));
    *answer.status_mut() = StatusCode::NO_CONTENT;
    answer
}

/// The error envelope with its status.
pub(super) fn refused(error: &ApiError) -> Answer {
    let status =
        StatusCode::from_u16(error.http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = error.to_json().to_string().into_bytes();
    let mut answer = body_of(status, "application/json; charset=utf-8", body);
    if status == StatusCode::UNAUTHORIZED {
        // RFC 6750, 3: what would do instead.
        let scheme = HeaderValue::from_static("Bearer realm=\"touchstone\"");
        answer.headers_mut().insert(WWW_AUTHENTICATE, scheme);
    }
    if let Some(wait) = error.retry_after() {
        // Whole seconds, and never too early.
        let seconds = wait.as_millis().div_ceil(1_000).max(1);
        if let Ok(value) = HeaderValue::from_str(&seconds.to_string()) {
            answer.headers_mut().insert(RETRY_AFTER, value);
        }
    }
    answer
}

/// 405, with the methods that would do.
pub(super) fn wrong_method(method: &Method, allowed: &[Method]) -> Answer {
    let mut answer = refused(&ApiError::method_not_allowed(method.as_str()));
    let names: Vec<&str> = allowed.iter().map(Method::as_str).collect();
    if let Ok(value) = HeaderValue::from_str(&names.join(", ")) {
        answer.headers_mut().insert(ALLOW, value);
    }
    answer
}

/// Pages of any origin may read it: it was asked for without credentials and says nothing about the visitor.
pub(super) fn for_pages(mut answer: Answer) -> Answer {
    let headers = answer.headers_mut();
    headers.insert("access-control-allow-origin", HeaderValue::from_static("*"));
    headers.insert(
        "cross-origin-resource-policy",
        HeaderValue::from_static("cross-origin"),
    );
    headers.insert("timing-allow-origin", HeaderValue::from_static("*"));
    answer
}

/// A header as text; empty if it is absent or not ASCII.
pub(in crate::doors) fn header(headers: &HeaderMap, name: impl Into<HeaderName>) -> &str {
    headers
        .get(name.into())
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

fn body_of(status: StatusCode, media_type: &'static str, body: Vec<u8>) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(body)));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        "x-content-type-options",
        HeaderValue::from_static("nosniff"),
    );
    answer
}
