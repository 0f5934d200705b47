//! `/recaptcha/api/siteverify`, the classic verification, and `/turnstile/v0/siteverify`. Always 200 with JSON, whatever is
//! wrong.

use hyper::{Method, Request, body::Incoming, header::CONTENT_TYPE};
use touchstone_api::{
    ApiError, Code,
    siteverify::{SiteVerifyAnswer, SiteVerifyError, SiteVerifyRequest},
};

use super::{Answer, PublicDoor, body, multipart, respond};
use crate::{
    doors::admission::Gate,
    steps::{StepError, verify_site},
};

/// Verifies a token for whoever holds the site's secret.
pub(super) async fn verify(
    door: &PublicDoor,
    dialect: Dialect,
    request: Request<Incoming>,
) -> Result<Answer, StepError> {
    let write = |answer: &SiteVerifyAnswer| match dialect {
        Dialect::Classic => answer.to_json().into_bytes(),
        Dialect::Turnstile => answer.to_turnstile_json().into_bytes(),
    };
    let answer = answer(door, dialect, request, &write).await;
    let answer = answer.unwrap_or_else(|error| {
        // What was refused is no fault of ours, and in a flood one of many.
        if !matches!(error, StepError::Refused(_)) {
            tracing::error!(%error, "a verification could not be answered");
        }
        write(&SiteVerifyAnswer::refused(SiteVerifyError::InternalError))
    });
    Ok(respond::json(answer))
}

async fn answer(
    door: &PublicDoor,
    dialect: Dialect,
    request: Request<Incoming>,
    write: &(dyn Fn(&SiteVerifyAnswer) -> Vec<u8> + Send + Sync),
) -> Result<Vec<u8>, StepError> {
    let gate = &door.admission.backend;
    let Some(asked) = read(gate, request, dialect).await? else {
        let answer = SiteVerifyAnswer::refused(SiteVerifyError::BadRequest);
        return Ok(write(&answer));
    };
    let _place = gate.enter().await?;
    verify_site(&door.verifier, asked, write).await
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
///
/// # Errors
/// There was no memory left for it.
async fn read(
    gate: &Gate,
    request: Request<Incoming>,
    dialect: Dialect,
) -> Result<Option<SiteVerifyRequest>, ApiError> {
    let query = request.uri().query().unwrap_or_default();
    let in_query = SiteVerifyRequest::from_form(query.as_bytes());
    if request.method() != Method::POST {
        return Ok(Some(SiteVerifyRequest {
            idempotency_key: None,
            ..in_query
        }));
    }
    let content_type = respond::header(request.headers(), CONTENT_TYPE).to_owned();
    let is_of = |media_type: &str| {
        let start = content_type.get(..media_type.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(media_type))
    };
    let body = match gate.read(request, body::MAX_API_BODY).await {
        Ok(body) => body,
        Err(error) if error.code() == Code::Unavailable => return Err(error),
        Err(_) => return Ok(None),
    };
    let in_body = if is_of("application/json") {
        SiteVerifyRequest::from_json(&body).ok()
    } else if is_of("multipart/form-data") {
        let fields = multipart::fields(&content_type, body.bytes()).await;
        fields.map(SiteVerifyRequest::from_fields)
    } else {
        Some(SiteVerifyRequest::from_form(&body))
    };
    let Some(in_body) = in_body else {
        return Ok(None);
    };
    let asked = in_body.or(in_query);
    // The classic servers know no such parameter, and ignore what they do not know.
    let idempotency_key = asked
        .idempotency_key
        .clone()
        .filter(|_| dialect == Dialect::Turnstile);
    Ok(Some(SiteVerifyRequest {
        idempotency_key,
        ..asked
    }))
}
