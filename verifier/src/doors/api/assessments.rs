//! What answers CreateAssessment and AnnotateAssessment.

use hyper::header::HeaderName;
use prost::Message as _;
use sha2::{Digest, Sha256};
use touchstone_api::{ApiError, EnumStyle, encode_assessment, names::AssessmentName, v1};
use touchstone_store::{IdempotencyKey, ProjectId, RequestHash};

use super::{Call, Form, Reply};
use crate::{
    doors::http::header,
    keys::Scope,
    steps::{self, AnnotateRequest, AssessRequest, StepError},
};

/// Creates an assessment.
pub(super) async fn create(
    call: &Call<'_>,
    project: ProjectId,
    mut request: Box<v1::CreateAssessmentRequest>,
) -> Result<Reply, StepError> {
    let explain = header(call.headers, EXPLAIN) == "1";
    if explain {
        call.require(Scope::Explain)?;
    }
    let form = call.form;
    let idempotency = idempotency(call, explain, &request)?;
    let write = |answer: &steps::Answer| written(answer, form);
    let answer = steps::assess(
        call.verifier,
        AssessRequest {
            project,
            assessment: Box::new(request.assessment.take().unwrap_or_default()),
            explain,
            idempotency,
            encode: &write,
        },
    );
    read(answer.await?, form)
}

/// Annotates an assessment.
pub(super) async fn annotate(
    call: &Call<'_>,
    project: ProjectId,
    request: Box<v1::AnnotateAssessmentRequest>,
) -> Result<Reply, StepError> {
    let unknown = || ApiError::not_found(&request.name);
    let name: AssessmentName = request.name.parse().map_err(|_| unknown())?;
    let assessment = name.assessment().parse().map_err(|_| unknown())?;
    let asked = AnnotateRequest {
        project,
        assessment,
        request: *request,
    };
    steps::annotate(call.verifier, asked).await?;
    call.write(&v1::AnnotateAssessmentResponse {})
}

/// An answer over gRPC, in the form in which first answers are kept.
#[derive(Clone, PartialEq, prost::Message)]
struct Kept {
    #[prost(bytes = "vec", tag = "1")]
    assessment: Vec<u8>,
    #[prost(bytes = "vec", optional, tag = "2")]
    evidence: Option<Vec<u8>>,
}

fn written(answer: &steps::Answer, form: Form) -> Result<Vec<u8>, ApiError> {
    match form {
        Form::Json(style) => {
            encode_assessment(&answer.assessment, &answer.overlay, style).map(String::into_bytes)
        }
        Form::Proto => {
            let evidence = answer.overlay.touchstone.as_ref().map(serde_json::to_vec);
            let kept = Kept {
                assessment: answer.assessment.encode_to_vec(),
                evidence: evidence.transpose().map_err(|_| ApiError::internal())?,
            };
            Ok(kept.encode_to_vec())
        }
    }
}

fn read(written: Vec<u8>, form: Form) -> Result<Reply, StepError> {
    match form {
        Form::Json(_) => Ok(Reply {
            message: written,
            evidence: None,
        }),
        Form::Proto => {
            let kept = Kept::decode(written.as_slice()).map_err(|_| ApiError::internal())?;
            Ok(Reply {
                message: kept.assessment,
                evidence: kept.evidence,
            })
        }
    }
}

/// The stored form of an `Idempotency-Key`: bound to the API key, and to the request with everything that shapes its
/// answer.
fn idempotency(
    call: &Call<'_>,
    explain: bool,
    request: &v1::CreateAssessmentRequest,
) -> Result<Option<(IdempotencyKey, RequestHash)>, ApiError> {
    let Some(value) = call.headers.get(IDEMPOTENCY_KEY) else {
        return Ok(None);
    };
    if value.is_empty() || value.len() > MAX_IDEMPOTENCY_KEY {
        return Err(ApiError::invalid_argument(format!(
            "The header Idempotency-Key must have 1 to {MAX_IDEMPOTENCY_KEY} characters."
        )));
    }
    let form = match call.form {
        Form::Json(EnumStyle::Names) => 0,
        Form::Json(EnumStyle::Ints) => 1,
        Form::Proto => 2,
    };
    let caller = call.caller.id.as_str().as_bytes();
    let key = Sha256::new()
        .chain_update((caller.len() as u64).to_be_bytes())
        .chain_update(caller)
        .chain_update(value.as_bytes())
        .finalize();
    let request = Sha256::new()
        .chain_update([u8::from(explain), form])
        .chain_update(request.encode_to_vec())
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
