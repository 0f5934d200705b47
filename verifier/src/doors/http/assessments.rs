//! `POST /v1/projects/{p}/assessments` and `…/assessments/{id}:annotate`.

use hyper::{
    Request,
    body::Incoming,
    header::{HeaderMap, HeaderName},
};
use sha2::{Digest, Sha256};
use touchstone_api::{ApiError, EnumStyle, decode, encode_assessment, v1};
use touchstone_store::{ApiKeyId, IdempotencyKey, RequestHash};

use super::{Answer, authorize::authorize, body, respond};
use crate::{
    Verifier,
    keys::Scope,
    steps::{self, AnnotateRequest, AssessRequest, StepError},
};

/// Creates an assessment.
pub(super) async fn create(
    verifier: &Verifier,
    project: &str,
    request: Request<Incoming>,
) -> Result<Answer, StepError> {
    let (headers, uri) = (request.headers().clone(), request.uri().clone());
    let asked = authorize(verifier, &headers, &uri, project, Scope::Create).await;
    let (project, caller) = asked?;
    let explain = respond::header(&headers, EXPLAIN) == "1";
    if explain {
        authorize(verifier, &headers, &uri, project.as_str(), Scope::Explain).await?;
    }
    let style = EnumStyle::from_query(uri.query().unwrap_or_default());
    let body = body::read(request, body::MAX_API_BODY).await?;
    let write = |answer: &steps::Answer| {
        encode_assessment(&answer.assessment, &answer.overlay, style).map(String::into_bytes)
    };
    let form = [u8::from(explain), u8::from(style == EnumStyle::Ints)];
    let answer = steps::assess(
        verifier,
        AssessRequest {
            project,
            assessment: decode::<v1::Assessment>(&body)?,
            explain,
            idempotency: idempotency(&headers, &caller.id, &body, form)?,
            encode: &write,
        },
    );
    Ok(respond::json(answer.await?))
}

/// Annotates an assessment.
pub(super) async fn annotate(
    verifier: &Verifier,
    project: &str,
    assessment: &str,
    request: Request<Incoming>,
) -> Result<Answer, StepError> {
    let (headers, uri) = (request.headers().clone(), request.uri().clone());
    let (project, _) = authorize(verifier, &headers, &uri, project, Scope::Annotate).await?;
    let body = body::read(request, body::MAX_API_BODY).await?;
    let asked = decode::<v1::AnnotateAssessmentRequest>(&body)?;
    let name = format!("projects/{project}/assessments/{assessment}");
    let assessment = assessment.parse().map_err(|_| ApiError::not_found(&name))?;
    steps::annotate(
        verifier,
        AnnotateRequest {
            project,
            assessment,
            request: asked,
        },
    )
    .await?;
    Ok(respond::json(b"{}".to_vec()))
}

/// The stored form of an `Idempotency-Key`: bound to the API key, and to the request with everything that shapes its
/// answer.
fn idempotency(
    headers: &HeaderMap,
    caller: &ApiKeyId,
    body: &[u8],
    form: [u8; 2],
) -> Result<Option<(IdempotencyKey, RequestHash)>, ApiError> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else {
        return Ok(None);
    };
    if value.is_empty() || value.len() > MAX_IDEMPOTENCY_KEY {
        return Err(ApiError::invalid_argument(format!(
            "The header Idempotency-Key must have 1 to {MAX_IDEMPOTENCY_KEY} characters."
        )));
    }
    let caller = caller.as_str().as_bytes();
    let key = Sha256::new()
        .chain_update((caller.len() as u64).to_be_bytes())
        .chain_update(caller)
        .chain_update(value.as_bytes())
        .finalize();
    let request = Sha256::new()
        .chain_update(form)
        .chain_update(body)
        .finalize();
    Ok(Some((
        IdempotencyKey(key.into()),
        RequestHash(request.into()),
    )))
}

const EXPLAIN: HeaderName = HeaderName::from_static("x-touchstone-explain");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// As much as a client needs for a UUID and a prefix of its own.
const MAX_IDEMPOTENCY_KEY: usize = 255;
