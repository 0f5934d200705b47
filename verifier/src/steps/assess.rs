use touchstone_api::{ApiError, Overlay, v1};
use touchstone_store::{Idempotency, IdempotencyKey, Outcome, ProjectId, RequestHash};
use tracing::Instrument as _;

use super::{
    StepError,
    defend::{defend, know},
    event::ReadEvent,
    examine::examine,
    express::examine_request,
    factor::FactorQuestion,
    leaks::{LeakAnswer, LeakQuestion},
    message::Message,
    policies::Policies,
    settle::{Ids, Verdicts, settle},
    user_info::UserInfo,
};
use crate::{Verifier, blocking::in_place, spans::step};

/// A request for an assessment, from an authorized caller.
pub struct AssessRequest<'a> {
    /// The project that asks.
    pub project: ProjectId,
    /// What it asks.
    pub assessment: Box<v1::Assessment>,
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

/// The life of an assessment: open and check the token, score it, look at the account, ask the policies, spend it and record,
/// answer. Answers the door's bytes.
pub async fn assess(verifier: &Verifier, request: AssessRequest<'_>) -> Result<Vec<u8>, StepError> {
    let AssessRequest {
        project,
        mut assessment,
        explain,
        idempotency,
        encode,
    } = request;
    let environment = assessment.assessment_environment.take();
    let leak = assessment.private_password_leak_verification.take();
    let factor = assessment.account_verification.take();
    let event = &*assessment.event.get_or_insert_default();
    if let Some(answer) = first_answer(verifier, idempotency).await? {
        return Ok(answer);
    }
    let read = ReadEvent::new(event)?;
    let user = UserInfo::read(event, verifier.now())?;
    let leak = leak.map(LeakQuestion::read).transpose()?;
    let factor = factor.map(|factor| FactorQuestion::read(factor, &read));
    let factor = factor.transpose()?;
    let examining = async {
        match event.express {
            true => examine_request(verifier, &project, event, &read).await,
            false => examine(verifier, &project, read.question()).await,
        }
    };
    let mut examined = examining.instrument(step!("examine")).await?;
    if let Some(key) = &examined.site_key {
        read.check_key(key)?;
    }
    let addition = examined.addition.take();
    let leak = match leak {
        Some(question) => {
            let answering = question.answer(verifier, read.asks_about_visitor());
            answering.instrument(step!("leaks")).await?
        }
        None => None,
    };
    let known = match user.account {
        Some(name) => {
            let knowing = know(verifier, &project, name, event, &read, &examined);
            Some(knowing.instrument(step!("account")).await?)
        }
        None => None,
    };
    let factor = match factor {
        Some(question) => {
            let answering = question.answer(verifier, &project, &examined);
            Some(answering.instrument(step!("factor")).await?)
        }
        None => None,
    };
    let ids = Ids::of(&examined, verifier)?;
    let verdicts = Verdicts::of(&examined);
    let score = verdicts.first.score;
    examined.account = defend(verifier, &project, &user, known, &read, &examined, score);
    let asking = Policies::of(verifier, &project, event, read.address(), &examined);
    let policies = asking.instrument(step!("policies")).await?;

    let message = Message {
        project: &project,
        event,
        environment: environment.as_ref(),
        examined: &examined,
        leak: leak.as_ref(),
        factor: factor.as_ref(),
        explain,
    };
    let is_large = leak.as_ref().is_some_and(LeakAnswer::is_large);
    let write = |id, verdict| {
        let write = || encode(&message.write(id, verdict, policies.say(verdict)));
        match is_large {
            true => in_place(write),
            false => write(),
        }
    };
    // Nothing is spent for an answer that cannot be written. The other one is rarely needed, but has to be kept with the first.
    let first = write(ids.first, &verdicts.first)?;
    let duplicate = || write(ids.duplicate, &verdicts.duplicate);
    let idempotency = match idempotency {
        Some((key, request)) => Some(Idempotency {
            key,
            request,
            answer_if_first: first.clone(),
            answer_if_duplicate: duplicate()?,
        }),
        None => None,
    };
    let settled = settle(
        verifier,
        &project,
        &examined,
        addition,
        ids,
        &verdicts,
        idempotency,
    );
    match settled.instrument(step!("settle")).await? {
        Outcome::First => Ok(first),
        Outcome::Duplicate => Ok(duplicate()?),
        Outcome::Replayed { answer } => Ok(answer),
        Outcome::IdempotencyConflict => Err(conflict().into()),
    }
}

/// The answer that the same request got before, so that a lost answer does not refuse a person: also when the token has
/// expired since.
pub(super) async fn first_answer(
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
