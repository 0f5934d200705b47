use prost_types::Timestamp;
use touchstone_api::{
    ClientProperties, Evidence, Explanation, Overlay,
    v1::{self, token_properties::InvalidReason},
};
use touchstone_score::Evaluation;
use touchstone_store::ProjectId;
use touchstone_token::TokenId;

use super::{assess::Answer, examine::Examined, settle::public_reason};
use crate::bots::BotKind;

/// An assessment as it is answered: what was asked, and what was found.
pub(super) fn message(
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

/// Milliseconds since the Unix epoch as the API's timestamp.
pub(super) fn timestamp(ms: u64) -> Timestamp {
    Timestamp {
        seconds: (ms / 1_000) as i64,
        nanos: (ms % 1_000) as i32 * 1_000_000,
    }
}
