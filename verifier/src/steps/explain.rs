use touchstone_api::Explanation;
use touchstone_score::{Context, Evaluation, Facts, evaluate};
use touchstone_token::{ChallengeOutcome, KeyId, Millis, TOKEN_LIFETIME_MS, Token, TokenError};

use super::{message::explanation, verdict::public_reason};
use crate::Verifier;

/// What an assessment would say of a token as far as the token itself tells: nothing is spent, recorded or counted.
///
/// How much traffic comes from where, and which visits came before, is known to the serving process alone, and what a backend
/// adds to its request to that backend: neither is part of it.
#[derive(Debug)]
pub struct Explained {
    /// The token.
    pub token: Token,
    /// What it carries of the report, as columns; `None` if another release made it.
    pub facts: Option<Facts>,
    /// Score, reasons and evidence.
    pub evaluation: Evaluation,
    /// Milliseconds until it expires.
    pub expires_in: Millis,
}

/// Why a text cannot be explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExplainError {
    /// It does not open.
    #[error(
        "this is no token of this data directory's key ring: it was cut or changed, or another verifier made it"
    )]
    Malformed,
    /// The ring lacks its key.
    #[error(
        "the token was sealed under key {0}, which is not in this data directory's key ring: another verifier made it, or the key was rotated out"
    )]
    OtherRing(KeyId),
    /// Two minutes are over.
    #[error("the token expired {0} s ago; tokens live for 2 minutes")]
    Expired(u64),
    /// The clocks differ.
    #[error("the token comes from {0} s ahead: compare the machines' clocks")]
    FromTheFuture(u64),
}

/// Opens and scores a token for its operator.
///
/// # Errors
/// The text is no token of this ring, or the token's time is not now.
pub fn explain(verifier: &Verifier, text: &str) -> Result<Explained, ExplainError> {
    let now = verifier.now();
    let token = Token::open(&verifier.ring(), text).map_err(|error| match error {
        TokenError::UnknownKey(id) => ExplainError::OtherRing(id),
        TokenError::Malformed | TokenError::TooLarge => ExplainError::Malformed,
    })?;
    let expiry = token.issued_at.saturating_add(TOKEN_LIFETIME_MS);
    if token.is_expired(now) {
        return Err(ExplainError::Expired(now.saturating_sub(expiry) / 1_000));
    }
    if token.is_from_the_future(now) {
        let ahead = token.issued_at.saturating_sub(now) / 1_000;
        return Err(ExplainError::FromTheFuture(ahead));
    }
    let facts = Facts::decode(&token.facts).ok();
    let evaluation = evaluate(
        facts.as_ref().unwrap_or(&Facts::unreadable()),
        &Context {
            is_challenge_passed: token.challenge == ChallengeOutcome::Passed,
            ..Context::default()
        },
    );
    Ok(Explained {
        token,
        facts,
        evaluation,
        expires_in: expiry.saturating_sub(now),
    })
}

impl Explained {
    /// The evidence in the form that answers have.
    pub fn explanation(&self) -> Explanation {
        explanation(&self.evaluation)
    }

    /// The names of the reasons, strongest first.
    pub fn reasons(&self) -> Vec<&'static str> {
        let reasons = self.evaluation.reasons.iter();
        reasons
            .map(|reason| public_reason(*reason).as_str_name())
            .collect()
    }
}
