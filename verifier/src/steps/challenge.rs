use std::sync::Arc;

use touchstone_api::v1::{
    TestingOptions, WebKeySettings,
    testing_options::TestingChallenge,
    web_key_settings::{ChallengeSecurityPreference, IntegrationType},
};
use touchstone_challenge::{Course, Difficulty};
use touchstone_score::{Context, Facts, Rate, Score, Traffic, evaluate};
use touchstone_store::Integration;
use touchstone_token::{ChallengeOutcome, Millis, Token};

use super::{message::public_bot, policies::challenge_facts};
use crate::{Verifier, bots::Signer, keys::KnownKey};

/// Whether a visitor is to answer a challenge before there is a token.
pub(super) enum Need {
    /// No; and what the token says of it.
    None(ChallengeOutcome),
    /// Yes, this one.
    Course(Course),
}

/// Decides by what the site key asks for and by how the visitor would score now.
pub(super) fn need(
    verifier: &Verifier,
    key: &Arc<KnownKey>,
    token: &Token,
    facts: &Facts,
    now: Millis,
) -> Need {
    let score = || score(verifier, token, facts, now);
    let rule = match key.integration {
        Integration::Universal => Some(Rule::of_policy(verifier, key, token, score())),
        _ => key.web().and_then(|web| Rule::of(web, &token.action)),
    };
    let Some(rule) = rule.map(|rule| rule.tested(key.testing())) else {
        return Need::None(ChallengeOutcome::None);
    };
    let is_due = match rule.asked {
        Asked::Never => false,
        Asked::Always => true,
        Asked::Below(threshold) => score().value() < threshold,
    };
    if !is_due {
        verifier.metrics.challenged("unneeded");
        return Need::None(ChallengeOutcome::NoCaptcha);
    }
    Need::Course(match rule.is_solvable {
        true => Course::new(rule.difficulty),
        false => Course::unsolvable(rule.difficulty),
    })
}

/// What a site key asks for.
#[derive(Debug, PartialEq)]
struct Rule {
    asked: Asked,
    difficulty: Difficulty,
    is_solvable: bool,
}

/// When a challenge is due.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Asked {
    Never,
    Always,
    /// When the score is lower.
    Below(f32),
}

impl Rule {
    /// The rule for an action. None for site keys that ask nobody anything.
    fn of(web: &WebKeySettings, action: &str) -> Option<Self> {
        let difficulty = difficulty(match web.challenge_security_preference() {
            ChallengeSecurityPreference::Unspecified => match web.integration_type() {
                IntegrationType::Checkbox => ChallengeSecurityPreference::Balance,
                _ => ChallengeSecurityPreference::Usability,
            },
            chosen => chosen,
        });
        let asked = match web.integration_type() {
            IntegrationType::Checkbox | IntegrationType::Invisible => {
                Asked::Below(doubtful_below(difficulty))
            }
            IntegrationType::PolicyBasedChallenge => asked_for(web, action),
            IntegrationType::Score | IntegrationType::Unspecified => return None,
        };
        Some(Self {
            asked,
            difficulty,
            is_solvable: true,
        })
    }

    /// What the policy of a Universal key says about a visitor with this score.
    fn of_policy(verifier: &Verifier, key: &Arc<KnownKey>, token: &Token, score: Score) -> Self {
        let signer = Signer::from_number(token.signer);
        let bot = signer.and_then(|signer| verifier.bots.bot(signer));
        let bot = bot.map(public_bot);
        let address = token.address.to_string();
        let facts = challenge_facts(score.value(), &address, &token.user_agent, bot.as_ref());
        let rules = verifier.policies.challenge_rules(key);
        let challenge = rules.matching(&token.action, &facts).flatten();
        Self {
            asked: challenge.map_or(Asked::Never, |_| Asked::Always),
            difficulty: challenge.map_or(Difficulty::Balance, difficulty),
            is_solvable: true,
        }
    }

    /// The same with what is fixed for tests.
    fn tested(self, testing: Option<&TestingOptions>) -> Self {
        let rule = |asked, is_solvable| Self {
            asked,
            difficulty: self.difficulty,
            is_solvable,
        };
        match testing.map(TestingOptions::testing_challenge) {
            None | Some(TestingChallenge::Unspecified) => self,
            Some(TestingChallenge::Nocaptcha) => rule(Asked::Never, true),
            Some(TestingChallenge::UnsolvableChallenge) => rule(Asked::Always, false),
        }
    }
}

fn difficulty(preference: ChallengeSecurityPreference) -> Difficulty {
    match preference {
        ChallengeSecurityPreference::Security => Difficulty::Security,
        ChallengeSecurityPreference::Usability => Difficulty::Usability,
        ChallengeSecurityPreference::Balance | ChallengeSecurityPreference::Unspecified => {
            Difficulty::Balance
        }
    }
}

/// By the threshold of the action. A score is never below 0.0, and 1.0 is every score's.
fn asked_for(web: &WebKeySettings, action: &str) -> Asked {
    match threshold(web, action) {
        threshold if threshold <= 0.0 => Asked::Never,
        threshold if threshold >= 1.0 => Asked::Always,
        threshold => Asked::Below(threshold),
    }
}

/// The threshold of a policy-based key for an action, whatever its case, else that of all actions.
pub(super) fn threshold(web: &WebKeySettings, action: &str) -> f32 {
    let settings = web.challenge_settings.as_ref();
    let of_action = settings.and_then(|settings| {
        let mut named = settings.action_settings.iter();
        named.find(|(name, _)| name.eq_ignore_ascii_case(action))
    });
    let of_all = settings.and_then(|settings| settings.default_settings.as_ref());
    let chosen = of_action.map(|(_, own)| own).or(of_all);
    chosen.map_or(EVEN, |chosen| chosen.score_threshold)
}

/// The score as the visit stands. What only an assessment knows (the account, a replay, what the site's backend saw) is not in it.
fn score(verifier: &Verifier, token: &Token, facts: &Facts, now: Millis) -> Score {
    let bot = Signer::from_number(token.signer).and_then(|signer| verifier.bots.bot(signer));
    let visits = verifier.traffic.visits(token.address, now);
    let rate = |rate: touchstone_traffic::Rate| Rate {
        per_minute: rate.per_minute,
        ordinary: rate.ordinary,
    };
    let context = Context {
        verified_bot: bot.map(|bot| bot.name.as_str()),
        traffic: Traffic {
            address: rate(visits.address),
            network: rate(visits.network),
            ..Traffic::default()
        },
        ..Context::default()
    };
    evaluate(facts, &context).score
}

/// Somebody of whom nothing is known scores 0.5. Who comes with a keyboard or a single tap has shown nothing yet, and is asked only
/// where the site prefers security.
const fn doubtful_below(difficulty: Difficulty) -> f32 {
    match difficulty {
        Difficulty::Usability | Difficulty::Balance => EVEN,
        Difficulty::Security => LIKELY,
    }
}

const EVEN: f32 = 0.5;
const LIKELY: f32 = 0.7;

#[cfg(test)]
mod tests {
    use touchstone_api::v1::web_key_settings::{ActionSettings, ChallengeSettings};

    use super::*;

    fn web(
        integration: IntegrationType,
        preference: ChallengeSecurityPreference,
    ) -> WebKeySettings {
        WebKeySettings {
            integration_type: integration.into(),
            challenge_security_preference: preference.into(),
            ..WebKeySettings::default()
        }
    }

    #[test]
    fn checkbox_and_invisible_keys_ask_whoever_is_doubtful() {
        use ChallengeSecurityPreference::{Balance, Security, Unspecified, Usability};
        for (integration, preference, difficulty, below) in [
            (
                IntegrationType::Checkbox,
                Unspecified,
                Difficulty::Balance,
                0.5,
            ),
            (
                IntegrationType::Checkbox,
                Usability,
                Difficulty::Usability,
                0.5,
            ),
            (
                IntegrationType::Checkbox,
                Security,
                Difficulty::Security,
                0.7,
            ),
            (
                IntegrationType::Invisible,
                Unspecified,
                Difficulty::Usability,
                0.5,
            ),
            (
                IntegrationType::Invisible,
                Balance,
                Difficulty::Balance,
                0.5,
            ),
            (
                IntegrationType::Invisible,
                Security,
                Difficulty::Security,
                0.7,
            ),
        ] {
            let expected = Rule {
                asked: Asked::Below(below),
                difficulty,
                is_solvable: true,
            };
            assert_eq!(
                Rule::of(&web(integration, preference), "login"),
                Some(expected)
            );
        }
        let score = web(IntegrationType::Score, Unspecified);
        assert_eq!(Rule::of(&score, "login"), None);
    }

    #[test]
    fn policy_keys_ask_below_the_threshold_of_the_action() {
        let threshold = |score_threshold| ActionSettings { score_threshold };
        let named = [("Login", 0.3), ("read", 0.0), ("PAY", 1.0)];
        let challenge_settings = Some(ChallengeSettings {
            default_settings: Some(threshold(0.6)),
            action_settings: named
                .into_iter()
                .map(|(name, below)| (name.to_owned(), threshold(below)))
                .collect(),
        });
        let key = WebKeySettings {
            challenge_settings,
            ..web(
                IntegrationType::PolicyBasedChallenge,
                ChallengeSecurityPreference::Unspecified,
            )
        };
        for (action, asked) in [
            ("login", Asked::Below(0.3)),
            ("LOGIN", Asked::Below(0.3)),
            ("read", Asked::Never),
            ("pay", Asked::Always),
            ("other", Asked::Below(0.6)),
            ("", Asked::Below(0.6)),
        ] {
            assert_eq!(Rule::of(&key, action).unwrap().asked, asked, "{action}");
        }
    }

    #[test]
    fn tests_of_a_site_fix_the_outcome() {
        let key = web(
            IntegrationType::Checkbox,
            ChallengeSecurityPreference::Unspecified,
        );
        let rule = |challenge: TestingChallenge| {
            let testing = TestingOptions {
                testing_challenge: challenge.into(),
                ..TestingOptions::default()
            };
            let rule = Rule::of(&key, "login").unwrap().tested(Some(&testing));
            (rule.asked, rule.is_solvable)
        };
        assert_eq!(rule(TestingChallenge::Nocaptcha), (Asked::Never, true));
        assert_eq!(
            rule(TestingChallenge::UnsolvableChallenge),
            (Asked::Always, false)
        );
        assert_eq!(
            rule(TestingChallenge::Unspecified),
            (Asked::Below(0.5), true)
        );
    }
}
