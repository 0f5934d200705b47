//! The operator's door: `/metrics`, `/healthz`, `/readyz`. Never exposed to the public.

use hyper::{
    Method, Request, StatusCode,
    body::Incoming,
    header::{CONTENT_TYPE, HeaderValue},
};
use touchstone_api::ApiError;

use super::{Answer, respond};
use crate::Verifier;

/// Answers one request of the operator.
pub async fn answer_admin(verifier: &Verifier, request: Request<Incoming>) -> Answer {
    let path = request.uri().path();
    if !matches!(path, "/metrics" | "/healthz" | "/readyz") {
        return respond::refused(&ApiError::no_such_path());
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return respond::wrong_method(request.method(), &[Method::GET, Method::HEAD]);
    }
    match path {
        "/metrics" => metrics(verifier),
        "/readyz" => ready(verifier).await,
        _ => respond::text("ok\n"),
    }
}

fn metrics(verifier: &Verifier) -> Answer {
    let mut answer = respond::text(verifier.metrics_text());
    let open_metrics =
        HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    answer.headers_mut().insert(CONTENT_TYPE, open_metrics);
    answer
}

/// Whether a write reaches the disk now.
async fn ready(verifier: &Verifier) -> Answer {
    match verifier.store.health().await {
        Ok(()) => respond::text("ready\n"),
        Err(error) => {
            tracing::error!(%error, "the store is not ready");
            let mut answer = respond::text(format!("not ready: {error}\n"));
            *answer.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            answer
        }
    }
}
