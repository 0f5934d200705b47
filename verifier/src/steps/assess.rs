use hyper::{
    Uri,
    header::{HeaderMap, HeaderName},
};
use prost_types::Timestamp;
use touchstone_api::{
    ApiError, ClientProperties, Evidence, Explanation, Overlay,
    v1::{self, token_properties::InvalidReason},
};
use touchstone_score::{Evaluation, Ja4};
use touchstone_store::{Idempotency, IdempotencyKey, Outcome, ProjectId, RequestHash};
use touchstone_token::TokenId;

use super::{
    StepError,
    examine::{Account, Examined, Question, examine},
    settle::{Ids, public_reason, settle},
};
use crate::{Verifier, bots::BotKind};

/// A request for an assessment, from an authorized caller.
pub struct AssessRequest<'a> {
    /// The project that asks.
    pub project: ProjectId,
    /// What it asks.
    pub assessment: v1::Assessment,
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

/// The life of an assessment: open and check the token, score it, spend it and record, answer. Answers the door's bytes.
pub async fn assess(verifier: &Verifier, request: AssessRequest<'_>) -> Result<Vec<u8>, StepError> {
    let AssessRequest {
        project,
        assessment,
        explain,
        idempotency,
        encode,
    } = request;
    let event = assessment.event.unwrap_or_default();
    if let Some(answer) = first_answer(verifier, idempotency).await? {
        return Ok(answer);
    }
    let forwarded = forwarded(&event);
    let question = question(&event, forwarded.as_ref());
    let mut examined = examine(verifier, &project, question).await?;
    let ids = Ids::of(&examined, verifier)?;

    let answer = |id, flaw| encode(&answer(&project, id, &event, &examined, flaw, explain));
    let first = answer(ids.first, examined.flaw)?;
    let duplicate = answer(ids.duplicate, InvalidReason::Dupe)?;
    let idempotency = idempotency.map(|(key, request)| Idempotency {
        key,
        request,
        answer_if_first: first.clone(),
        answer_if_duplicate: duplicate.clone(),
    });
    match settle(verifier, &project, &mut examined, ids, idempotency).await? {
        Outcome::First => Ok(first),
        Outcome::Duplicate => Ok(duplicate),
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

fn question<'a>(event: &'a v1::Event, forwarded: Option<&'a (HeaderMap, Uri)>) -> Question<'a> {
    let named = |text| Some(text).filter(|text: &&str| !text.is_empty());
    Question {
        token: &event.token,
        site_key: named(&event.site_key),
        user_agent: named(&event.user_agent),
        ja4: Ja4::parse(&event.ja4),
        forwarded: forwarded.map(|(headers, uri)| (headers, uri)),
        account: account(event),
    }
}

/// The headers of the visitor's request to the site ("name:value" each) and where it went, if the backend passes them on.
/// What is no header is left out.
fn forwarded(event: &v1::Event) -> Option<(HeaderMap, Uri)> {
    let uri = event.requested_uri.parse().ok()?;
    let mut headers = HeaderMap::new();
    for line in event.headers.iter().take(MOST_HEADERS) {
        let pair = line.split_once(':').and_then(|(name, value)| {
            let name: HeaderName = name.trim().parse().ok()?;
            Some((name, value.trim().parse().ok()?))
        });
        if let Some((name, value)) = pair {
            headers.append(name, value);
        }
    }
    Some((headers, uri))
}

#[expect(deprecated, reason = "clients still send hashedAccountId")]
fn account(event: &v1::Event) -> Option<Account<'_>> {
    let id = event
        .user_info
        .as_ref()
        .map(|user| user.account_id.as_str());
    match id.filter(|id| !id.is_empty()) {
        Some(id) => Some(Account::Id(id)),
        None => Some(&event.hashed_account_id[..])
            .filter(|hash| !hash.is_empty())
            .map(Account::Hashed),
    }
}

fn answer(
    project: &ProjectId,
    id: TokenId,
    event: &v1::Event,
    examined: &Examined,
    flaw: InvalidReason,
    explain: bool,
) -> Answer {
    let valid = flaw == InvalidReason::Unspecified;
    let evaluation = examined.evaluation.as_ref().filter(|_| valid);
    let token = examined.token.as_ref().filter(|_| valid);
    // A site developer who sees DOMAIN_MISMATCH needs to know which host it was.
    let shown = examined
        .token
        .as_ref()
        .filter(|_| valid || flaw == InvalidReason::DomainMismatch);
    let score = evaluation.map_or(0.0, |evaluation| evaluation.score.value());
    let reasons = evaluation
        .map(|evaluation| &evaluation.reasons[..])
        .unwrap_or_default();
    let bot = examined.bot.as_ref().filter(|_| valid).map(|bot| v1::Bot {
        name: bot.name.clone(),
        bot_type: bot_type(bot.kind).into(),
    });
    let assessment = v1::Assessment {
        name: format!("projects/{project}/assessments/{id}"),
        event: Some(event.clone()),
        risk_analysis: Some(v1::RiskAnalysis {
            score,
            reasons: reasons
                .iter()
                .map(|reason| public_reason(*reason).into())
                .collect(),
            verified_bots: bot.into_iter().collect(),
            challenge: token.map_or(0, |token| token.challenge as i32),
            ..v1::RiskAnalysis::default()
        }),
        token_properties: Some(v1::TokenProperties {
            valid,
            invalid_reason: flaw.into(),
            create_time: Some(timestamp(token.map_or(0, |token| token.issued_at))),
            hostname: shown
                .and_then(|token| token.hostname.clone())
                .unwrap_or_default(),
            action: token.map(|token| token.action.clone()).unwrap_or_default(),
            ..v1::TokenProperties::default()
        }),
        ..v1::Assessment::default()
    };
    let overlay = Overlay {
        client_signals_failed: Some(token.is_some_and(|token| token.client_signals_failed)),
        client_properties: token.map(|token| ClientProperties {
            user_agent: token.user_agent.clone(),
            user_ip_address: Some(token.address),
        }),
        touchstone: evaluation.filter(|_| explain).map(explanation),
    };
    Answer {
        assessment,
        overlay,
    }
}

fn bot_type(kind: BotKind) -> v1::bot::BotType {
    match kind {
        BotKind::BotTypeUnspecified => v1::bot::BotType::Unspecified,
        BotKind::AiAgent => v1::bot::BotType::AiAgent,
        BotKind::ContentScraper => v1::bot::BotType::ContentScraper,
        BotKind::SearchIndexer => v1::bot::BotType::SearchIndexer,
    }
}

/// The evidence in the form of answers.
pub(super) fn explanation(evaluation: &Evaluation) -> Explanation {
    let evidence = evaluation.evidence.iter().map(|evidence| Evidence {
        name: evidence.name.to_owned(),
        cause: evidence.cause.name().to_owned(),
        tier: evidence.tier.name().to_owned(),
        weight: evidence.weight,
        reason: evidence.reason.map(public_reason),
        detail: evidence.detail.to_string(),
    });
    Explanation {
        version: Explanation::VERSION,
        evidence: evidence.collect(),
        prior: evaluation.prior,
        sum: evaluation.sum,
    }
}

fn conflict() -> ApiError {
    ApiError::invalid_argument(
        "The header Idempotency-Key was used for another request in the last two minutes. Send each request with a key of its own.",
    )
}

/// Milliseconds since the Unix epoch as the API's timestamp.
pub(super) fn timestamp(ms: u64) -> Timestamp {
    Timestamp {
        seconds: (ms / 1_000) as i64,
        nanos: (ms % 1_000) as i32 * 1_000_000,
    }
}

/// As many headers as a browser sends, several times over.
const MOST_HEADERS: usize = 128;
