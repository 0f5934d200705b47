use touchstone_api::v1::{risk_analysis::Challenge, token_properties::InvalidReason};
use touchstone_store::{
    AccountMark, AssessmentId, AssessmentRecord, ChallengeOutcome, Idempotency, Millis,
    NewAssessment, Outcome, ProjectId, SiteKeyId, Spend,
};
use touchstone_token::TokenId;

use super::{
    StepError,
    account_message::labels,
    defend::Defended,
    examine::Examined,
    verdict::{Verdict, public_reason},
};
use crate::{Verifier, calendar, environment::fresh_id, replays::Addition};

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
        let duplicate = TokenId::random(now, fresh_id()?);
        let own = examined.token.as_ref().filter(|_| examined.is_spendable());
        let first = match own {
            Some(token) => token.id(),
            None => TokenId::random(now, fresh_id()?),
        };
        Ok(Self { first, duplicate })
    }
}

/// What is told about a token that this assessment spends, and about one that was spent before.
pub(super) struct Verdicts {
    pub first: Verdict,
    pub duplicate: Verdict,
}

impl Verdicts {
    /// Both, of something examined.
    pub fn of(examined: &Examined) -> Self {
        Self {
            first: Verdict::of(examined, examined.flaw),
            duplicate: Verdict::of(examined, InvalidReason::Dupe),
        }
    }
}

/// Spends the token and records the assessment, in one transaction. An assessment that belongs to no site key of the
/// project (nothing was opened and none was named) is counted, not recorded. It spends nothing either, so that its answer
/// need not be kept for a repeated request. `addition` is the examined visit's.
pub(super) async fn settle(
    verifier: &Verifier,
    project: &ProjectId,
    examined: &Examined,
    addition: Option<Addition>,
    ids: Ids,
    verdicts: &Verdicts,
    idempotency: Option<Idempotency>,
) -> Result<Outcome, StepError> {
    let Some(key) = &examined.site_key else {
        count(verifier, examined, &Outcome::First);
        return Ok(Outcome::First);
    };
    let now = verifier.stored_now();
    let record = |id: TokenId, verdict: &Verdict| {
        let (project, key) = (project.clone(), key.id.clone());
        let account = examined.account.as_ref();
        let mark =
            |account: &Defended| account.mark(verifier, &AssessmentId(id.0), verdict.is_valid());
        let account = account.and_then(mark);
        record(id, project, key, now, examined, verdict, account)
    };
    let spend = examined
        .token
        .as_ref()
        .filter(|_| examined.is_spendable())
        .map(|token| Spend {
            token_id: touchstone_store::TokenId(token.id),
            if_duplicate: record(ids.duplicate, &verdicts.duplicate),
        });
    let record = record(ids.first, &verdicts.first);
    let outcome = verifier
        .store
        .assess(NewAssessment {
            record,
            spend,
            idempotency,
            sketch: addition.as_ref().map(|added| added.record().to_vec()),
            profile: examined
                .account
                .as_ref()
                .and_then(Defended::profile)
                .cloned(),
            day: calendar::day(now),
            challenge: counted(verdicts.first.challenge),
            now,
        })
        .await?;
    if let (Outcome::First, Some(addition)) = (&outcome, addition) {
        addition.keep();
    }
    count(verifier, examined, &outcome);
    Ok(outcome)
}

fn record(
    id: TokenId,
    project: ProjectId,
    site_key: SiteKeyId,
    created_at: Millis,
    examined: &Examined,
    verdict: &Verdict,
    account: Option<AccountMark>,
) -> AssessmentRecord {
    let action = examined.token.as_ref().map(|token| token.action.clone());
    AssessmentRecord {
        id: AssessmentId(id.0),
        project,
        site_key,
        created_at,
        action: action.unwrap_or_default(),
        score: verdict.score,
        reasons: verdict.reasons.iter().map(|reason| *reason as u8).collect(),
        valid: verdict.is_valid(),
        invalid_reason: verdict.flaw as u8,
        account,
    }
}

fn counted(challenge: Challenge) -> Option<ChallengeOutcome> {
    match challenge {
        Challenge::Unspecified => None,
        Challenge::Nocaptcha => Some(ChallengeOutcome::NoCaptcha),
        Challenge::Passed => Some(ChallengeOutcome::Passed),
        Challenge::Failed => Some(ChallengeOutcome::Failed),
    }
}

fn count(verifier: &Verifier, examined: &Examined, outcome: &Outcome) {
    if let (Outcome::First, Some(account)) = (outcome, &examined.account) {
        let labels = labels(account);
        let names = labels.map(|label| label.as_str_name());
        verifier.metrics.defended(names);
    }
    match (outcome, &examined.evaluation) {
        (Outcome::First, Some(evaluation)) => {
            verifier.metrics.assessed("VALID");
            let reasons = evaluation.reasons.iter();
            let reasons = reasons.map(|reason| public_reason(*reason).as_str_name());
            verifier.metrics.scored(evaluation, reasons);
        }
        (Outcome::First, None) => verifier.metrics.assessed(examined.flaw.as_str_name()),
        (Outcome::Duplicate, _) => verifier.metrics.assessed(InvalidReason::Dupe.as_str_name()),
        (Outcome::Replayed { .. }, _) => verifier.metrics.assessed("REPLAYED"),
        (Outcome::IdempotencyConflict, _) => verifier.metrics.assessed("IDEMPOTENCY_CONFLICT"),
    }
}
