use touchstone_api::{
    siteverify::{SiteVerifyAnswer, SiteVerifyError, SiteVerifyRequest},
    v1::token_properties::InvalidReason,
};
use touchstone_store::{Integration, Outcome};
use touchstone_token::ChallengeOutcome;

use super::{
    StepError,
    examine::{Question, examine},
    message::timestamp,
    settle::{Ids, settle},
};
use crate::Verifier;

/// The classic verification: the site's secret stands for the site key, the answer is true or an error code.
pub async fn verify_site(
    verifier: &Verifier,
    request: SiteVerifyRequest,
) -> Result<SiteVerifyAnswer, StepError> {
    let refused = |error| Ok(SiteVerifyAnswer::refused(error));
    let Some(secret) = request.secret else {
        return refused(SiteVerifyError::MissingInputSecret);
    };
    let hash = touchstone_store::SecretHash(verifier.vault.hash(secret.expose()));
    let Some(key) = verifier.site_keys.by_secret(hash).await? else {
        return refused(SiteVerifyError::InvalidInputSecret);
    };
    let Some(text) = request.response else {
        return refused(SiteVerifyError::MissingInputResponse);
    };
    let question = Question {
        token: &text,
        site_key: Some(key.id.as_str()),
        user_agent: None,
        ja4: None,
        forwarded: None,
        account: None,
    };
    let mut examined = examine(verifier, &key.project, question).await?;
    let ids = Ids::of(&examined, verifier)?;
    let flaw = match settle(verifier, &key.project, &mut examined, ids, None).await? {
        Outcome::First => examined.flaw,
        _ => InvalidReason::Dupe,
    };
    match (flaw, examined.token, examined.evaluation) {
        // A site that asks only whether there was success takes it for a solved challenge.
        (InvalidReason::Unspecified, Some(token), _)
            if token.challenge == ChallengeOutcome::Failed =>
        {
            refused(SiteVerifyError::InvalidInputResponse)
        }
        (InvalidReason::Unspecified, Some(token), Some(evaluation)) => {
            let scores = key.integration == Integration::Score;
            Ok(SiteVerifyAnswer {
                success: true,
                challenge_ts: Some(timestamp(token.issued_at)),
                hostname: token.hostname,
                score: scores.then(|| evaluation.score.value()),
                action: scores.then_some(token.action),
                error_codes: Vec::new(),
            })
        }
        (flaw, ..) => refused(error_code(flaw)),
    }
}

fn error_code(flaw: InvalidReason) -> SiteVerifyError {
    match flaw {
        InvalidReason::Missing => SiteVerifyError::MissingInputResponse,
        InvalidReason::Expired | InvalidReason::Dupe => SiteVerifyError::TimeoutOrDuplicate,
        InvalidReason::BrowserError => SiteVerifyError::BrowserError,
        _ => SiteVerifyError::InvalidInputResponse,
    }
}
