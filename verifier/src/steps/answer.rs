use sha2::{Digest, Sha256};
use touchstone_api::ApiError;
use touchstone_challenge::{Course, Verdict};
use touchstone_token::{ChallengeOutcome, Millis, Pending, Token};

use super::{
    StepError, Visitor,
    ask::{Asking, ask},
    page_key::page_key,
};
use crate::{Verifier, answers::Given, environment::fresh};

/// A visitor's answer to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerRequest {
    /// The pending token that came with the question.
    pub sealed: Vec<u8>,
    /// What the visitor did.
    pub reply: Reply,
    /// How long the question stood on the page, in milliseconds, if the page says.
    pub elapsed_ms: Option<u32>,
}

/// What a visitor did with a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// Picked options, by their places from 0.
    Picked(Vec<u8>),
    /// Asked for another question.
    Skip,
}

/// What the page is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// The challenge is passed: the token's text.
    Passed(String),
    /// It is failed for good: the token's text, too. The page hears nothing of it.
    Failed(String),
    /// The next question.
    Asked(Asking),
}

/// Judges the answer to a question.
///
/// A question is answered once; the same answer sent again, because the network lost what it got, gets the same. Whoever posts
/// one envelope many times, to have many questions to guess at, can answer the first of one of them, then the second of one of
/// them: the token's id is the same in all.
///
/// # Errors
/// The pending token is not one of ours, another site key's, over, or its question was answered before.
pub async fn answer(
    verifier: &Verifier,
    site_key: &str,
    request: AnswerRequest,
    visitor: Visitor<'_>,
) -> Result<Answered, StepError> {
    page_key(verifier, site_key, visitor.countable).await?;
    let now = verifier.now();
    verifier.traffic.requested(site_key, visitor.countable, now);
    let (pending, mut course) = open(verifier, site_key, &request.sealed, now).await?;
    let id = question_id(&pending.token, &course);
    let mut given = verifier.answers.turn(id).await;
    let once = verifier.store.take_once(id, verifier.stored_now());
    if !once.await? {
        let given = given.as_ref();
        let again = given.and_then(|given| given.again(&request.sealed, &request.reply));
        return again.ok_or_else(|| refused("Its question was answered before."));
    }
    let verdict = verdict(&mut course, &pending, &request, now);
    if matches!(verdict, Verdict::Retry | Verdict::Failed) {
        verifier.traffic.wrong_answer(visitor.countable, now);
    }
    let answered = match verdict {
        verdict @ (Verdict::Next | Verdict::Retry) => {
            let is_retry = verdict == Verdict::Retry;
            Answered::Asked(ask(verifier, pending, course, visitor.language, is_retry)?)
        }
        Verdict::Passed => {
            verifier.metrics.challenged("passed");
            Answered::Passed(token(verifier, pending, ChallengeOutcome::Passed)?)
        }
        Verdict::Failed => {
            verifier.metrics.challenged("failed");
            Answered::Failed(token(verifier, pending, ChallengeOutcome::Failed)?)
        }
    };
    *given = Some(Given {
        sealed: request.sealed,
        reply: request.reply,
        answered: answered.clone(),
    });
    Ok(answered)
}

async fn open(
    verifier: &Verifier,
    site_key: &str,
    sealed: &[u8],
    now: Millis,
) -> Result<(Pending, Course), StepError> {
    let foreign = || refused("It is not one that this verifier made for this site key.");
    let pending = verifier.open_pending(sealed).await.ok_or_else(foreign)?;
    if pending.token.site_key != site_key {
        return Err(foreign());
    }
    if !pending.is_live(now) {
        return Err(refused("It is over."));
    }
    let course = Course::from_bytes(pending.course).map_err(|_| foreign())?;
    Ok((pending, course))
}

fn refused(why: &str) -> StepError {
    let fix = "Let the page ask for a new token.";
    ApiError::invalid_field("challenge", format!("{why} {fix}")).into()
}

/// Names a question by token and number, so that the questions of all challenges about one token share their names.
fn question_id(token: &Token, course: &Course) -> [u8; 16] {
    let hash = Sha256::new()
        .chain_update(b"question")
        .chain_update(token.id)
        .chain_update([course.asked()])
        .finalize();
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    id
}

fn verdict(
    course: &mut Course,
    pending: &Pending,
    request: &AnswerRequest,
    now: Millis,
) -> Verdict {
    // Slowness is no fault: the answer does not count, and the same round is asked anew.
    if !pending.is_open(now) {
        return Verdict::Next;
    }
    let here = now.saturating_sub(pending.asked_at);
    let took = request
        .elapsed_ms
        .map_or(here, |there| here.min(Millis::from(there)));
    match &request.reply {
        Reply::Skip => course.skip(),
        Reply::Picked(_) if took < FASTEST_MS => course.wrong(),
        Reply::Picked(places) => course.judge(places),
    }
}

fn token(
    verifier: &Verifier,
    pending: Pending,
    challenge: ChallengeOutcome,
) -> Result<String, StepError> {
    let (now, ring) = (verifier.now(), verifier.ring());
    let token = Token {
        issued_at: now,
        challenge,
        ..pending.token
    };
    Ok(token.seal(&ring, fresh()?, now)?)
}

/// Nobody reads a question and picks an answer in less than this many milliseconds. A simple reaction to a light takes a person a
/// quarter of a second.
const FASTEST_MS: Millis = 300;
