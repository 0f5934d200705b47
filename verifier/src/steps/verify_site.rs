use touchstone_api::{
    siteverify::{SiteVerifyAnswer, SiteVerifyError, SiteVerifyRequest},
    v1::{risk_analysis::Challenge, token_properties::InvalidReason},
};
use touchstone_store::{Integration, Outcome};

use super::{
    StepError,
    examine::{Question, examine},
    message::timestamp,
    settle::{Ids, Verdicts, settle},
};
use crate::{Verifier, keys::KnownKey};

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
        expected_action: None,
        address: request.remote_ip.map(|address| address.to_canonical()),
        user_agent: None,
        ja4: None,
        forwarded: None,
        account: None,
    };
    let mut examined = examine(verifier, &key.project, question).await?;
    let ids = Ids::of(&examined, verifier)?;
    let verdicts = Verdicts::of(&examined);
    let outcome = settle(verifier, &key.project, &mut examined, ids, &verdicts, None).await?;
    let verdict = match outcome {
        Outcome::First => verdicts.first,
        _ => verdicts.duplicate,
    };
    let Some(token) = examined.token.filter(|_| verdict.is_valid()) else {
        return refused(error_code(verdict.flaw));
    };
    if !is_passed(&key, verdict.challenge) {
        return refused(SiteVerifyError::InvalidInputResponse);
    }
    let scores = key.integration == Integration::Score;
    Ok(SiteVerifyAnswer {
        success: true,
        challenge_ts: Some(timestamp(token.issued_at)),
        hostname: token.hostname,
        score: scores.then_some(verdict.score),
        action: scores.then_some(token.action),
        error_codes: Vec::new(),
    })
}

/// Whether a token with this outcome is a success: of a box to tick, or of an invisible one, only with the challenge behind the
/// visitor.
fn is_passed(key: &KnownKey, challenge: Challenge) -> bool {
    let is_box = matches!(
        key.integration,
        Integration::Checkbox | Integration::Invisible
    );
    match challenge {
        Challenge::Nocaptcha | Challenge::Passed => true,
        Challenge::Failed => false,
        Challenge::Unspecified => !is_box,
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
