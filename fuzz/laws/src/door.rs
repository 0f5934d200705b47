//! A whole verifier behind its public door: requests as anybody may send them.
//!
//! Everything runs on the caller's thread, so that an input meets the same verifier in the same order each time. Its store
//! grows with what the inputs make.

mod verifier;

use std::{cell::OnceCell, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{
    Request, Response, StatusCode,
    body::Incoming,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use serde_json::Value;

use crate::text;
use verifier::Running;

/// A request as text: `METHOD TARGET`, lines of headers, an empty line, the body; `{key}`, `{site}`, `{secret}` and `{token}`
/// stand for what belongs together. Whatever is asked has an answer, none is the verifier's fault, and refusals have the form
/// of the API.
pub(crate) fn http(bytes: &[u8]) {
    running(|verifier| {
        let bytes = verifier.filled_in(bytes);
        let Some(request) = request(verifier, &bytes) else {
            return;
        };
        let shown = format!("{request:?}");
        let (head, body) = verifier.answer(Running::http, request).into_parts();
        let body = body.to_bytes();
        let shown = format!("{shown}\n{head:?}\n{}", String::from_utf8_lossy(&body));
        let status = head.status;
        assert!(
            !status.is_server_error() || status == StatusCode::NOT_IMPLEMENTED,
            "{shown}"
        );
        assert!(body.len() < 2 << 20, "{} bytes", body.len());
        let kind = head.headers.get(CONTENT_TYPE);
        let is_json = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
        if is_json && !body.is_empty() {
            let answer: Value = serde_json::from_slice(&body).expect(&shown);
            if status.as_u16() >= 400 {
                assert_eq!(answer["error"]["code"], status.as_u16(), "{shown}");
                assert!(answer["error"]["message"].is_string(), "{shown}");
            }
        }
    });
}

/// `frame PATH` or `raw PATH`, and behind the first line break a message or bytes as they are: whatever is called has a
/// status, and a message to a method of ours, if it is framed well, never shows a fault of the verifier.
pub(crate) fn grpc(bytes: &[u8]) {
    running(|verifier| {
        let bytes = verifier.filled_in(bytes);
        let (head, body) = text::line(&bytes);
        let head = std::str::from_utf8(head).unwrap_or_default();
        let (is_framed, path) = match head.split_once(' ') {
            Some(("frame", path)) => (true, path),
            Some(("raw", path)) => (false, path),
            _ => return,
        };
        let is_ours = !path.starts_with('/');
        let path = match is_ours {
            true => format!("/{}/{path}", touchstone_api::SERVICE_NAME),
            false => path.to_owned(),
        };
        let body = match is_framed {
            true => [&[0][..], &(body.len() as u32).to_be_bytes(), body].concat(),
            false => body.to_vec(),
        };
        let request = Request::post(format!("http://{}{path}", verifier.address))
            .header(CONTENT_TYPE, "application/grpc")
            .header("x-goog-api-key", &verifier.api_key)
            .body(Full::new(Bytes::from(body)));
        let Ok(request) = request else { return };
        let (head, body) = verifier.answer(Running::grpc, request).into_parts();
        let status = status(&head.headers).or_else(|| status(body.trailers()?));
        let status = status.expect("a call has a status");
        assert_eq!(head.status, 200);
        let is_fault = [UNKNOWN, INTERNAL, UNAVAILABLE, DATA_LOSS].contains(&status);
        let may_be = !is_framed || !is_ours;
        assert!(may_be || !is_fault, "{path}: {status} {head:?}");
    });
}

/// The request that a text stands for; none if it cannot be sent.
fn request(verifier: &Running, bytes: &[u8]) -> Option<Request<Full<Bytes>>> {
    let (head, rest) = text::line(bytes);
    let (method, target) = std::str::from_utf8(head).ok()?.split_once(' ')?;
    let (fields, body) = text::fields(rest);
    if !target.starts_with('/') || method == "CONNECT" {
        return None;
    }
    let uri = format!("http://{}{target}", verifier.address);
    let mut request = Request::builder().method(method).uri(uri);
    let headers = request.headers_mut()?;
    headers.insert("x-goog-api-key", verifier.api_key.parse().ok()?);
    for (name, value) in fields {
        let name = HeaderName::from_bytes(name).ok()?;
        if !OF_THE_CONNECTION.contains(&name.as_str()) {
            headers.append(name, HeaderValue::from_bytes(value).ok()?);
        }
    }
    let body = Bytes::copy_from_slice(body);
    request.body(Full::new(body)).ok()
}

fn status(headers: &HeaderMap) -> Option<i32> {
    headers.get("grpc-status")?.to_str().ok()?.parse().ok()
}

/// Hands over this thread's verifier.
fn running(use_it: impl FnOnce(&Running)) {
    thread_local! {
        static RUNNING: OnceCell<Running> = const { OnceCell::new() };
    }
    RUNNING.with(|running| use_it(running.get_or_init(Running::start)));
}

type Answered = Response<http_body_util::Collected<Bytes>>;

impl Running {
    /// What the verifier answers, within [`PATIENCE`].
    fn answer<F>(
        &self,
        ask: impl FnOnce(&Self, Request<Full<Bytes>>) -> F,
        request: Request<Full<Bytes>>,
    ) -> Answered
    where
        F: Future<Output = Response<Incoming>>,
    {
        self.runtime.block_on(async {
            let answered = async {
                let (head, body) = ask(self, request).await.into_parts();
                let body = body.collect().await.expect("an answer comes whole");
                Response::from_parts(head, body)
            };
            let answered = tokio::time::timeout(PATIENCE, answered).await;
            answered.expect("an answer comes in time")
        })
    }
}

/// What hyper sets by itself, or what ends the connection.
const OF_THE_CONNECTION: [&str; 7] = [
    "host",
    "connection",
    "content-length",
    "transfer-encoding",
    "upgrade",
    "keep-alive",
    "trailer",
];
/// Beyond every patience of the verifier with a body.
const PATIENCE: Duration = Duration::from_secs(20);
// Codes of gRPC that say that the server is at fault.
const UNKNOWN: i32 = 2;
const INTERNAL: i32 = 13;
const UNAVAILABLE: i32 = 14;
const DATA_LOSS: i32 = 15;
