use touchstone_challenge::{Course, Language, Question};
use touchstone_token::{Millis, Pending, QUESTION_LIFETIME_MS};

use super::StepError;
use crate::{Verifier, environment::fresh};

/// A question for a visitor, and what the page carries meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// The pending token, sealed: it holds the right answer.
    pub sealed: Vec<u8>,
    /// The question.
    pub question: Question,
    /// The round it belongs to, from 1.
    pub round: u8,
    /// How many rounds there are.
    pub rounds: u8,
    /// How long an answer to it counts, in milliseconds.
    pub expires_in_ms: Millis,
    /// The last answer was wrong: this is another try.
    pub is_retry: bool,
}

/// Asks the next question of a challenge.
pub(super) fn ask(
    verifier: &Verifier,
    pending: Pending,
    mut course: Course,
    language: &'static Language,
    is_retry: bool,
) -> Result<Asking, StepError> {
    let (now, ring) = (verifier.now(), verifier.ring());
    let question = course.ask(language, fresh()?);
    let pending = Pending {
        asked_at: now,
        course: course.to_bytes(),
        ..pending
    };
    verifier.metrics.challenged("asked");
    Ok(Asking {
        sealed: pending.seal(&ring, fresh()?, now)?,
        question,
        round: course.round(),
        rounds: course.rounds(),
        expires_in_ms: QUESTION_LIFETIME_MS,
        is_retry,
    })
}

const _: () = assert!(Course::BYTES == touchstone_token::COURSE_BYTES);
