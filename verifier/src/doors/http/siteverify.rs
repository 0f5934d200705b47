//! `/recaptcha/api/siteverify`, the classic verification, and `/turnstile/v0/siteverify`. Always 200 with JSON, whatever is
//! wrong.

use hyper::{Method, Request, body::Incoming, header::CONTENT_TYPE};
use touchstone_api::siteverify::{SiteVerifyAnswer, SiteVerifyError, SiteVerifyRequest};

use super::{Answer, body, multipart, respond};
use crate::{
    Verifier,
    steps::{StepError, verify_site},
};

/// Verifies a token for whoever holds the site's secret.
pub(super) async fn verify(
    verifier: &Verifier,
    dialect: Dialect,
    request: Request<Incoming>,
) -> Result<Answer, StepError> {
    let write = |answer: &SiteVerifyAnswer| match dialect {
        Dialect::Classic => answer.to_json().into_bytes(),
        Dialect::Turnstile => answer.to_turnstile_json().into_bytes(),
    };
    let answer = match read(request, dialect).await {
        Some(asked) => verify_site(verifier, asked, &write).await,
        None => Ok(write(&SiteVerifyAnswer::refused(
            SiteVerifyError::BadRequest,
        ))),
    };
    let answer = answer.unwrap_or_else(|error| {
        tracing::error!(%error, "a verification could not be answered");
        write(&SiteVerifyAnswer::refused(SiteVerifyError::InternalError))
    });
    Ok(respond::json(answer))
}

/// Whose form question and answer have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `/recaptcha/api/siteverify`.
    Classic,
    /// `/turnstile/v0/siteverify`.
    Turnstile,
}

/// The question, from the query string, a form of either kind or JSON; what the body lacks, the query string may give.
async fn read(request: Request<Incoming>, dialect: Dialect) -> Option<SiteVerifyRequest> {
    let query = request.uri().query().unwrap_or_default();
    let in_query = SiteVerifyRequest::from_form(query.as_bytes());
    if request.method() != Method::POST {
        return Some(SiteVerifyRequest {
            idempotency_key: None,
            ..in_query
        });
    }
    let content_type = respond::header(request.headers(), CONTENT_TYPE).to_owned();
    let is_of = |media_type: &str| {
        let start = content_type.get(..media_type.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(media_type))
    };
    let body = body::read(request, body::MAX_API_BODY).await.ok()?;
    let in_body = if is_of("application/json") {
        SiteVerifyRequest::from_json(&body).ok()?
    } else if is_of("multipart/form-data") {
        SiteVerifyRequest::from_fields(multipart::fields(&content_type, body).await?)
    } else {
        SiteVerifyRequest::from_form(&body)
    };
    let asked = in_body.or(in_query);
    // The classic servers know no such parameter, and ignore what they do not know.
    let idempotency_key = asked
        .idempotency_key
        .clone()
        .filter(|_| dialect == Dialect::Turnstile);
    Some(SiteVerifyRequest {
        idempotency_key,
        ..asked
    })
}
