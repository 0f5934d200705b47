use touchstone_api::{
    ClientProperties, Evidence, Explanation, Overlay,
    v1::{self, token_properties::InvalidReason},
};
use touchstone_policy::AssessmentType;
use touchstone_score::Evaluation;
use touchstone_store::ProjectId;
use touchstone_token::TokenId;

use super::{
    account_message,
    assess::Answer,
    examine::Examined,
    factor::FactorAnswer,
    leaks::LeakAnswer,
    policies::Said,
    verdict::{Verdict, public_reason},
};
use crate::{
    bots::{Bot, BotKind},
    calendar::timestamp,
};

/// An assessment as it is answered: what was asked, and what was found.
pub(super) struct Message<'a> {
    /// The project that asks.
    pub project: &'a ProjectId,
    /// What it asked.
    pub event: &'a v1::Event,
    /// With which software.
    pub environment: Option<&'a v1::AssessmentEnvironment>,
    /// What was examined.
    pub examined: &'a Examined,
    /// What is answered about a password, if it was asked about.
    pub leak: Option<&'a LeakAnswer>,
    /// What is answered about the second factor, if it was asked about.
    pub factor: Option<&'a FactorAnswer>,
    /// Whether the evidence is told.
    pub explain: bool,
}

impl Message<'_> {
    /// Writes the answer under a name, with a verdict and what the policies say about it.
    pub fn write(&self, id: TokenId, verdict: &Verdict, said: Said) -> Answer {
        let Self {
            project,
            event,
            environment,
            examined,
            leak,
            factor,
            explain,
        } = *self;
        let account = examined.account.as_ref();
        let bot = examined.bot.as_ref().filter(|_| verdict.is_valid());
        let assessment = v1::Assessment {
            name: format!("projects/{project}/assessments/{id}"),
            event: Some(event.clone()),
            risk_analysis: Some(v1::RiskAnalysis {
                score: verdict.score,
                reasons: verdict
                    .reasons
                    .iter()
                    .map(|reason| (*reason).into())
                    .collect(),
                challenge: verdict.challenge.into(),
                verified_bots: bot.map(public_bot).into_iter().collect(),
                ..v1::RiskAnalysis::default()
            }),
            token_properties: Some(properties(examined, verdict)),
            firewall_policy_assessment: said.firewall,
            policy_evaluation: said.challenge,
            assessment_environment: environment.cloned(),
            account_defender_assessment: account.map(|account| match verdict.is_valid() {
                true => account_message::message(account),
                false => v1::AccountDefenderAssessment::default(),
            }),
            private_password_leak_verification: leak.map(LeakAnswer::message),
            account_verification: factor.map(|factor| factor.message(verdict.is_valid())),
            ..v1::Assessment::default()
        };
        let token = examined.token.as_ref().filter(|_| verdict.is_valid());
        let evaluation = examined.evaluation.as_ref();
        let overlay = Overlay {
            client_signals_failed: Some(token.is_some_and(|token| token.client_signals_failed)),
            client_properties: token.map(|token| ClientProperties {
                user_agent: token.user_agent.clone(),
                user_ip_address: Some(token.address),
            }),
            touchstone: evaluation
                .filter(|_| explain && verdict.is_valid())
                .map(|evaluation| Explanation {
                    account: account
                        .and_then(|account| account.findings.as_ref())
                        .map(account_message::explanation),
                    ..explanation(evaluation)
                }),
        };
        Answer {
            assessment,
            overlay,
        }
    }
}

/// What the token says. Of an invalid one, and of none, nothing: but a site developer who sees DOMAIN_MISMATCH needs to know
/// which host it was.
fn properties(examined: &Examined, verdict: &Verdict) -> v1::TokenProperties {
    let token = examined.token.as_ref();
    let told = token.filter(|_| verdict.is_valid());
    let located =
        token.filter(|_| verdict.is_valid() || verdict.flaw == InvalidReason::DomainMismatch);
    let flaw = match examined.kind {
        AssessmentType::Express => InvalidReason::Missing,
        _ => verdict.flaw,
    };
    v1::TokenProperties {
        valid: told.is_some(),
        invalid_reason: flaw.into(),
        create_time: Some(timestamp(told.map_or(0, |token| token.issued_at))),
        hostname: located
            .and_then(|token| token.hostname.clone())
            .unwrap_or_default(),
        action: told.map(|token| token.action.clone()).unwrap_or_default(),
        ..v1::TokenProperties::default()
    }
}

/// A bot by the contract's names.
pub(super) fn public_bot(bot: &Bot) -> v1::Bot {
    v1::Bot {
        name: bot.name.clone(),
        bot_type: bot_type(bot.kind).into(),
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
        account: None,
    }
}
