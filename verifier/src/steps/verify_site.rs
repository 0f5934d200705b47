use sha2::{Digest, Sha256};
use touchstone_api::{
    siteverify::{SiteVerifyAnswer, SiteVerifyError, SiteVerifyRequest},
    v1::{risk_analysis::Challenge, token_properties::InvalidReason},
};
use touchstone_store::{Idempotency, IdempotencyKey, Integration, Outcome, RequestHash, SiteKey};
use touchstone_token::Millis;

use super::{
    StepError,
    assess::first_answer,
    examine::{Examined, Question, examine},
    settle::{Ids, Verdicts, settle},
    verdict::Verdict,
};
use crate::{
    Verifier,
    calendar::timestamp,
    keys::{KnownKey, TEST_HOST, TestKey, TestOutcome},
};

/// The classic verification: the site's secret stands for the site key, the answer is true or an error code. Answers the
/// door's bytes.
pub async fn verify_site(
    verifier: &Verifier,
    request: SiteVerifyRequest,
    encode: Encode<'_>,
) -> Result<Vec<u8>, StepError> {
    let refused = |error| Ok(encode(&SiteVerifyAnswer::refused(error)));
    let Some(secret) = &request.secret else {
        return refused(SiteVerifyError::MissingInputSecret);
    };
    let hash = touchstone_store::SecretHash(verifier.vault.hash(secret.expose()));
    let Some(key) = verifier.site_keys.by_secret(hash).await? else {
        return refused(SiteVerifyError::InvalidInputSecret);
    };
    let Some(text) = &request.response else {
        return refused(SiteVerifyError::MissingInputResponse);
    };
    if let Some(test) = key.test()
        && verifier.open_token(text).await.is_none()
    {
        return Ok(encode(&test_answer(test, verifier.now())));
    }
    let repeated = request
        .idempotency_key
        .as_deref()
        .map(|name| (idempotency_key(&key, name), request_hash(text)));
    match first_answer(verifier, repeated).await {
        Ok(Some(answer)) => return Ok(answer),
        Ok(None) => {}
        Err(StepError::Refused(_)) => return refused(SiteVerifyError::BadRequest),
        Err(error) => return Err(error),
    }
    let question = Question {
        token: text,
        site_key: Some(key.id.as_str()),
        expected_action: None,
        address: request.remote_ip,
        user_agent: None,
        ja4: None,
        forwarded: None,
        account: None,
    };
    let mut examined = examine(verifier, &key.project, question).await?;
    let addition = examined.addition.take();
    let ids = Ids::of(&examined, verifier)?;
    let verdicts = Verdicts::of(&examined);
    let first = encode(&answer(&examined, &key, &verdicts.first));
    let duplicate = encode(&answer(&examined, &key, &verdicts.duplicate));
    let idempotency = repeated.map(|(key, request)| Idempotency {
        key,
        request,
        answer_if_first: first.clone(),
        answer_if_duplicate: duplicate.clone(),
    });
    let project = &key.project;
    match settle(
        verifier,
        project,
        &examined,
        addition,
        ids,
        &verdicts,
        idempotency,
    )
    .await?
    {
        Outcome::First => Ok(first),
        Outcome::Duplicate => Ok(duplicate),
        Outcome::Replayed { answer } => Ok(answer),
        Outcome::IdempotencyConflict => refused(SiteVerifyError::BadRequest),
    }
}

/// The answer to a response that is no token of this verifier, asked with the secret of a test key: tests of a backend have no
/// page to get a token from, and post any text.
fn test_answer(key: &TestKey, now: Millis) -> SiteVerifyAnswer {
    let score = match key.outcome {
        TestOutcome::Fails => {
            return SiteVerifyAnswer::refused(SiteVerifyError::InvalidInputResponse);
        }
        TestOutcome::Passes => None,
        TestOutcome::Score(score) => Some(score),
    };
    SiteVerifyAnswer {
        success: true,
        challenge_ts: Some(timestamp(now)),
        hostname: Some(TEST_HOST.to_owned()),
        score,
        action: score.map(|_| "test".to_owned()),
        ..SiteVerifyAnswer::default()
    }
}

/// How a door writes an answer.
pub type Encode<'a> = &'a (dyn Fn(&SiteVerifyAnswer) -> Vec<u8> + Send + Sync);

fn answer(examined: &Examined, key: &KnownKey, verdict: &Verdict) -> SiteVerifyAnswer {
    let token = examined.token.as_ref().filter(|_| verdict.is_valid());
    let Some(token) = token else {
        return SiteVerifyAnswer::refused(error_code(verdict.flaw));
    };
    // A site that asks only whether there was success takes it for a solved challenge.
    if !is_passed(key, verdict.challenge) {
        return SiteVerifyAnswer::refused(SiteVerifyError::InvalidInputResponse);
    }
    // With policies a token for one action must not serve for another: the site has to see which one it is.
    let scores = matches!(
        key.integration,
        Integration::Score | Integration::Policy | Integration::Universal
    );
    SiteVerifyAnswer {
        success: true,
        challenge_ts: Some(timestamp(token.issued_at)),
        hostname: token.hostname.clone(),
        score: scores.then_some(verdict.score),
        action: Some(token.action.clone()),
        interactive: verdict.challenge == Challenge::Passed,
        error_codes: Vec::new(),
    }
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

/// Keys of one site do not meet those of another, nor those of assessments, which begin with a length.
fn idempotency_key(key: &SiteKey, name: &str) -> IdempotencyKey {
    let hash = Sha256::new()
        .chain_update(b"siteverify ")
        .chain_update(key.id.as_str())
        .chain_update(b" ")
        .chain_update(name);
    IdempotencyKey(hash.finalize().into())
}

fn request_hash(response: &str) -> RequestHash {
    RequestHash(Sha256::digest(response).into())
}

fn error_code(flaw: InvalidReason) -> SiteVerifyError {
    match flaw {
        InvalidReason::Missing => SiteVerifyError::MissingInputResponse,
        InvalidReason::Expired | InvalidReason::Dupe => SiteVerifyError::TimeoutOrDuplicate,
        InvalidReason::BrowserError => SiteVerifyError::BrowserError,
        _ => SiteVerifyError::InvalidInputResponse,
    }
}
