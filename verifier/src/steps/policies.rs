use std::{net::IpAddr, sync::Arc};

use touchstone_api::v1;
use touchstone_policy::{AssessmentType, ChallengeFacts, FirewallFacts};
use touchstone_store::{Integration, ProjectId};

use super::{StepError, examine::Examined, message::public_bot, verdict::Verdict};
use crate::{
    Verifier,
    policies::{AskedFirewall, ChallengeRules, Firewall},
};

/// The policies that have a say in an assessment.
pub(super) struct Policies<'a> {
    event: &'a v1::Event,
    address: String,
    examined: &'a Examined,
    firewall: Option<Arc<Firewall>>,
    challenge_rules: Option<Arc<ChallengeRules>>,
}

/// What they say about a verdict.
#[derive(Default)]
pub(super) struct Said {
    /// Of the project's firewall; none if the event does not ask for it.
    pub firewall: Option<v1::FirewallPolicyAssessment>,
    /// Of the Universal key's policy; none if no rule matches.
    pub challenge: Option<v1::PolicyEvaluation>,
}

impl<'a> Policies<'a> {
    /// The firewall of the project if the event wants it asked, and the rules of a Universal key. `told` is the visitor's
    /// address as the backend says, which goes before what the verifier saw.
    pub async fn of(
        verifier: &Verifier,
        project: &ProjectId,
        event: &'a v1::Event,
        told: Option<IpAddr>,
        examined: &'a Examined,
    ) -> Result<Self, StepError> {
        let firewall = match event.firewall_policy_evaluation {
            true => {
                let policies = verifier.firewall_policies.of(project).await?;
                Some(verifier.policies.firewall(project, &policies).await?)
            }
            false => None,
        };
        let key = examined.site_key.as_ref();
        let key = key.filter(|key| key.integration == Integration::Universal);
        let challenge_rules = match key {
            Some(key) => Some(verifier.policies.challenge_rules(key).await?),
            None => None,
        };
        let seen = examined.token.as_ref().map(|token| token.address);
        let address = told.or(seen).map(|address| address.to_string());
        Ok(Self {
            event,
            address: address.unwrap_or_default(),
            examined,
            firewall,
            challenge_rules,
        })
    }

    /// What they say about a visitor with this verdict.
    pub fn say(&self, verdict: &Verdict) -> Said {
        Said {
            firewall: self
                .firewall
                .as_ref()
                .map(|firewall| self.ask_firewall(firewall, verdict)),
            challenge: self
                .challenge_rules
                .as_ref()
                .and_then(|rules| self.ask_rules(rules, verdict)),
        }
    }

    fn ask_firewall(&self, firewall: &Firewall, verdict: &Verdict) -> v1::FirewallPolicyAssessment {
        let examined = self.examined;
        let token = examined.token.as_ref().filter(|_| verdict.is_valid());
        let of_action = token.filter(|_| examined.kind == AssessmentType::Action);
        firewall.assess(AskedFirewall {
            requested_uri: &self.event.requested_uri,
            facts: FirewallFacts {
                score: verdict.score,
                token_valid: token.is_some(),
                token_action: of_action.map_or("", |token| &token.action),
                assessment_type: examined.kind,
                ip: &self.address,
                path: "",
                domain: "",
            },
        })
    }

    fn ask_rules(&self, rules: &ChallengeRules, verdict: &Verdict) -> Option<v1::PolicyEvaluation> {
        let token = self
            .examined
            .token
            .as_ref()
            .filter(|_| verdict.is_valid())?;
        let bot = self.examined.bot.as_ref().map(public_bot);
        let told_agent = self.event.user_agent.as_str();
        let agent = match told_agent {
            "" => &token.user_agent,
            told => told,
        };
        let facts = challenge_facts(verdict.score, &self.address, agent, bot.as_ref());
        rules.matching(&token.action, &facts)?;
        Some(v1::PolicyEvaluation {
            challenge_rule_evaluation: Some(v1::ChallengeRuleEvaluation::default()),
        })
    }
}

/// What a challenge rule is asked about.
pub(super) fn challenge_facts<'a>(
    score: f32,
    address: &'a str,
    user_agent: &'a str,
    bot: Option<&'a v1::Bot>,
) -> ChallengeFacts<'a> {
    ChallengeFacts {
        score,
        user_ip_address: address,
        user_asn: NOT_KNOWN,
        user_agent,
        region_code: "",
        bot_name: bot.map_or("", |bot| &bot.name),
        bot_type: bot.map_or("", |bot| bot.bot_type().as_str_name()),
    }
}

/// The verifier has no map of autonomous systems.
const NOT_KNOWN: u32 = 0;
