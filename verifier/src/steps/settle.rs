use touchstone_api::v1::{risk_analysis::ClassificationReason, token_properties::InvalidReason};
use touchstone_score::{Evaluation, Reason};
use touchstone_store::{
    AssessmentId, AssessmentRecord, Idempotency, Millis, NewAssessment, Outcome, ProjectId,
    SiteKeyId, Spend,
};
use touchstone_token::TokenId;

use super::{StepError, examine::Examined};
use crate::{Verifier, calendar, environment::fresh};

/// The names of an assessment: its own, and the one it gets if the token turns out to be spent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ids {
    pub first: TokenId,
    pub duplicate: TokenId,
}

impl Ids {
    /// The token's id names the assessment that spends it; every other one gets a random name.
    pub fn of(examined: &Examined, verifier: &Verifier) -> Result<Self, StepError> {
        let now = verifier.now();
        let duplicate = TokenId::random(now, fresh()?);
        let own = examined.token.as_ref().filter(|_| examined.is_spendable());
        let first = match own {
            Some(token) => token.id(),
            None => TokenId::random(now, fresh()?),
        };
        Ok(Self { first, duplicate })
    }
}

/// Spends the token and records the assessment, in one transaction. An assessment that belongs to no site key of the
/// project (nothing was opened and none was named, or the browser failed to get a token) is counted, not recorded.
pub(super) async fn settle(
    verifier: &Verifier,
    project: &ProjectId,
    examined: &mut Examined,
    ids: Ids,
    idempotency: Option<Idempotency>,
) -> Result<Outcome, StepError> {
    let addition = examined.addition.take();
    let Some(key) = &examined.site_key else {
        count(verifier, examined, &Outcome::First);
        return Ok(Outcome::First);
    };
    let now = verifier.stored_now();
    let record = |id, flaw, evaluation| {
        record(
            id,
            project.clone(),
            key.id.clone(),
            now,
            examined,
            flaw,
            evaluation,
        )
    };
    let evaluation = examined.evaluation.as_ref();
    let spend = examined
        .token
        .as_ref()
        .filter(|_| examined.is_spendable())
        .map(|token| Spend {
            token_id: touchstone_store::TokenId(token.id),
            if_duplicate: record(ids.duplicate, InvalidReason::Dupe, None),
        });
    let record = record(ids.first, examined.flaw, evaluation);
    let outcome = verifier
        .store
        .assess(NewAssessment {
            record,
            spend,
            idempotency,
            sketch: addition.as_ref().map(|added| added.record().to_vec()),
            day: calendar::day(now),
            challenge: None,
            now,
        })
        .await?;
    if let (Outcome::First, Some(addition)) = (&outcome, addition) {
        addition.keep();
    }
    count(verifier, examined, &outcome);
    Ok(outcome)
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

fn record(
    id: TokenId,
    project: ProjectId,
    site_key: SiteKeyId,
    created_at: Millis,
    examined: &Examined,
    flaw: InvalidReason,
    evaluation: Option<&Evaluation>,
) -> AssessmentRecord {
    let action = examined.token.as_ref().map(|token| token.action.clone());
    let reasons = evaluation
        .map(|evaluation| &evaluation.reasons[..])
        .unwrap_or_default();
    AssessmentRecord {
        id: AssessmentId(id.0),
        project,
        site_key,
        created_at,
        action: action.unwrap_or_default(),
        score: evaluation.map_or(0.0, |evaluation| evaluation.score.value()),
        reasons: reasons
            .iter()
            .map(|reason| public_reason(*reason) as u8)
            .collect(),
        valid: flaw == InvalidReason::Unspecified,
        invalid_reason: flaw as u8,
        account_hash: None,
    }
}

fn count(verifier: &Verifier, examined: &Examined, outcome: &Outcome) {
    match (outcome, &examined.evaluation) {
        (Outcome::First, Some(evaluation)) => {
            verifier.metrics.assessed("VALID");
            verifier.metrics.scored(evaluation.score);
        }
        (Outcome::First, None) => verifier.metrics.assessed(examined.flaw.as_str_name()),
        (Outcome::Duplicate, _) => verifier.metrics.assessed(InvalidReason::Dupe.as_str_name()),
        (Outcome::Replayed { .. }, _) => verifier.metrics.assessed("REPLAYED"),
        (Outcome::IdempotencyConflict, _) => verifier.metrics.assessed("IDEMPOTENCY_CONFLICT"),
    }
}
