use touchstone_api::{
    ApiError, Overlay,
    v1::{self, token_properties::InvalidReason},
};
use touchstone_store::{Idempotency, IdempotencyKey, Outcome, ProjectId, RequestHash};

use super::{
    StepError,
    event::{forwarded, question},
    examine::examine,
    message::message,
    settle::{Ids, settle},
};
use crate::Verifier;

/// A request for an assessment, from an authorized caller.
pub struct AssessRequest<'a> {
    /// The project that asks.
    pub project: ProjectId,
    /// What it asks.
    pub assessment: v1::Assessment,
    /// Whether the caller wants the evidence (and may have it).
    pub explain: bool,
    /// Key and request of an `Idempotency-Key`.
    pub idempotency: Option<(IdempotencyKey, RequestHash)>,
    /// How the caller's door writes an answer.
    pub encode: Encode<'a>,
}

/// How a door writes an answer.
pub type Encode<'a> = &'a (dyn Fn(&Answer) -> Result<Vec<u8>, ApiError> + Send + Sync);

/// An assessment as it is answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The message.
    pub assessment: v1::Assessment,
    /// What only REST answers carry.
    pub overlay: Overlay,
}

/// The life of an assessment: open and check the token, score it, spend it and record, answer. Answers the door's bytes.
pub async fn assess(verifier: &Verifier, request: AssessRequest<'_>) -> Result<Vec<u8>, StepError> {
    let AssessRequest {
        project,
        assessment,
        explain,
        idempotency,
        encode,
    } = request;
    let event = assessment.event.unwrap_or_default();
    if let Some(answer) = first_answer(verifier, idempotency).await? {
        return Ok(answer);
    }
    let forwarded = forwarded(&event);
    let question = question(&event, forwarded.as_ref());
    let mut examined = examine(verifier, &project, question).await?;
    let ids = Ids::of(&examined, verifier)?;

    let answer = |id, flaw| encode(&message(&project, id, &event, &examined, flaw, explain));
    let first = answer(ids.first, examined.flaw)?;
    let duplicate = answer(ids.duplicate, InvalidReason::Dupe)?;
    let idempotency = idempotency.map(|(key, request)| Idempotency {
        key,
        request,
        answer_if_first: first.clone(),
        answer_if_duplicate: duplicate.clone(),
    });
    match settle(verifier, &project, &mut examined, ids, idempotency).await? {
        Outcome::First => Ok(first),
        Outcome::Duplicate => Ok(duplicate),
        Outcome::Replayed { answer } => Ok(answer),
        Outcome::IdempotencyConflict => Err(conflict().into()),
    }
}

/// The answer that the same request got before, so that a lost answer does not refuse a person: also when the token has
/// expired since.
async fn first_answer(
    verifier: &Verifier,
    idempotency: Option<(IdempotencyKey, RequestHash)>,
) -> Result<Option<Vec<u8>>, StepError> {
    let Some((key, request)) = idempotency else {
        return Ok(None);
    };
    match verifier
        .store
        .first_answer(&key, verifier.stored_now())
        .await?
    {
        Some(first) if first.request == request => Ok(Some(first.answer)),
        Some(_) => Err(conflict().into()),
        None => Ok(None),
    }
}

fn conflict() -> ApiError {
    ApiError::invalid_argument(
        "The header Idempotency-Key was used for another request in the last two minutes. Send each request with a key of its own.",
    )
}
