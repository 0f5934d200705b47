use touchstone_api::v1::{
    risk_analysis::{Challenge, ClassificationReason},
    testing_options::TestingChallenge,
    token_properties::InvalidReason,
};
use touchstone_score::{Evaluation, Reason};
use touchstone_store::Integration;
use touchstone_token::{ChallengeOutcome, Token};

use super::examine::Examined;
use crate::keys::KnownKey;

/// What is told about a visitor: the engine's evaluation, and over it what the site key's owner has fixed beforehand.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Verdict {
    /// What is wrong with the token; [`InvalidReason::Unspecified`] for nothing.
    pub flaw: InvalidReason,
    /// 0.0 to 1.0.
    pub score: f32,
    /// Why, strongest first.
    pub reasons: Vec<ClassificationReason>,
    /// How the visitor fared with a challenge.
    pub challenge: Challenge,
}

impl Verdict {
    /// The verdict on something examined that has this flaw. Testing options come before overrides of addresses, and these
    /// before the evaluation.
    pub fn of(examined: &Examined, flaw: InvalidReason) -> Self {
        let is_valid = flaw == InvalidReason::Unspecified;
        let evaluation = examined.evaluation.as_ref().filter(|_| is_valid);
        let token = examined.token.as_ref().filter(|_| is_valid);
        let mut verdict = Self {
            flaw,
            score: evaluation.map_or(0.0, |evaluation| evaluation.score.value()),
            reasons: evaluation.map(reasons).unwrap_or_default(),
            challenge: token.map_or(Challenge::Unspecified, challenge),
        };
        if is_valid && examined.is_allowed {
            verdict.score = SCORE_OF_ALLOWED;
            verdict.reasons.clear();
        }
        if let Some(key) = &examined.site_key {
            verdict.test(key);
        }
        verdict
    }

    /// Whether the token counts, or in an express assessment the request.
    pub fn is_valid(&self) -> bool {
        self.flaw == InvalidReason::Unspecified
    }

    /// Puts the fixed answers of a key for tests in place. Its score goes for every assessment of the key, its challenge for
    /// valid tokens.
    fn test(&mut self, key: &KnownKey) {
        let Some(testing) = key.testing() else { return };
        let outcome = match testing.testing_challenge() {
            TestingChallenge::Unspecified => None,
            TestingChallenge::Nocaptcha => Some(Challenge::Nocaptcha),
            TestingChallenge::UnsolvableChallenge => Some(Challenge::Failed),
        };
        // Options that fix the challenge alone leave the score as it is: an unset number reads as 0.0.
        if outcome.is_none() || testing.testing_score > 0.0 {
            self.score = testing.testing_score;
            self.reasons.clear();
        }
        if let Some(outcome) = outcome.filter(|_| self.is_valid() && has_challenge(key)) {
            self.challenge = outcome;
        }
    }
}

/// The public number and name of a reason.
pub(super) fn public_reason(reason: Reason) -> ClassificationReason {
    match reason {
        Reason::Automation => ClassificationReason::Automation,
        Reason::UnexpectedEnvironment => ClassificationReason::UnexpectedEnvironment,
        Reason::TooMuchTraffic => ClassificationReason::TooMuchTraffic,
        Reason::UnexpectedUsagePatterns => ClassificationReason::UnexpectedUsagePatterns,
        Reason::LowConfidenceScore => ClassificationReason::LowConfidenceScore,
    }
}

fn reasons(evaluation: &Evaluation) -> Vec<ClassificationReason> {
    let reasons = evaluation.reasons.iter();
    reasons.map(|reason| public_reason(*reason)).collect()
}

fn challenge(token: &Token) -> Challenge {
    match token.challenge {
        ChallengeOutcome::None => Challenge::Unspecified,
        ChallengeOutcome::NoCaptcha => Challenge::Nocaptcha,
        ChallengeOutcome::Passed => Challenge::Passed,
        ChallengeOutcome::Failed => Challenge::Failed,
    }
}

/// Whether pages with this key may show a challenge.
pub(super) fn has_challenge(key: &KnownKey) -> bool {
    matches!(
        key.integration,
        Integration::Checkbox
            | Integration::Invisible
            | Integration::Policy
            | Integration::Universal
    )
}

/// The contract's score for addresses that the key's owner allows.
pub(super) const SCORE_OF_ALLOWED: f32 = 0.9;
