use std::sync::Arc;

use touchstone_api::v1::{
    WebKeySettings,
    testing_options::TestingChallenge,
    web_key_settings::{ChallengeSecurityPreference, IntegrationType},
};
use touchstone_challenge::{Course, Difficulty};
use touchstone_score::{Context, Facts, Rate, Score, Traffic, evaluate};
use touchstone_store::Verdict as Override;
use touchstone_token::{ChallengeOutcome, Millis, Token};

use super::{
    StepError,
    message::public_bot,
    policies::challenge_facts,
    verdict::{SCORE_OF_ALLOWED, has_challenge},
};
use crate::{
    Verifier,
    bots::{Bot, Signer},
    keys::KnownKey,
};

/// Whether a visitor is to answer a challenge before there is a token.
#[derive(Debug, PartialEq)]
pub(super) enum Need {
    /// No; and what the token says of it.
    None(ChallengeOutcome),
    /// Yes, this one.
    Course(Course),
}

/// Decides by what the site key asks for and by how the visitor would score now.
///
/// # Errors
/// The store cannot be asked for the addresses that the key's owner allows.
pub(super) async fn need(
    verifier: &Verifier,
    key: &Arc<KnownKey>,
    token: &Token,
    facts: &Facts,
    now: Millis,
) -> Result<Need, StepError> {
    if !has_challenge(key) {
        return Ok(Need::None(ChallengeOutcome::None));
    }
    let testing = key.testing().map(|testing| testing.testing_challenge());
    let need = match (testing.unwrap_or_default(), key.web()) {
        (TestingChallenge::Nocaptcha, _) => PASSES,
        (TestingChallenge::UnsolvableChallenge, web) => {
            let difficulty = web.map_or(Difficulty::Balance, difficulty);
            Need::Course(Course::unsolvable(difficulty))
        }
        (TestingChallenge::Unspecified, Some(web)) => {
            let score = score(verifier, key, token, facts, now).await?;
            let asked = by_settings(web, &token.action, score);
            asked.map_or(PASSES, |usual| measured(verifier, token, facts, usual, now))
        }
        (TestingChallenge::Unspecified, None) => {
            let score = score(verifier, key, token, facts, now).await?;
            let asked = by_policy(verifier, key, token, score).await?;
            asked.map_or(PASSES, |usual| measured(verifier, token, facts, usual, now))
        }
    };
    if need == PASSES {
        verifier.metrics.challenged("unneeded");
    }
    Ok(need)
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

/// Without an agent, asking costs a script next to nothing, and it can guess as often as it likes.
fn measured(
    verifier: &Verifier,
    token: &Token,
    facts: &Facts,
    usual: Difficulty,
    now: Millis,
) -> Need {
    let is_measured = !facts.is_unmeasured() && *facts != Facts::impossible();
    let difficulty = if is_measured {
        usual
    } else {
        unmeasured(usual, verifier.traffic.wrong_answers(token.address, now))
    };
    Need::Course(Course::new(difficulty))
}

/// How much is asked where nothing was measured, after so many wrong answers from the address in the last ten minutes. It rises
/// before a challenge is failed, so that nobody gains by leaving one.
fn unmeasured(usual: Difficulty, wrong_answers: f32) -> Difficulty {
    match wrong_answers > FEW_WRONG {
        true => Difficulty::Security,
        false => usual.max(Difficulty::Balance),
    }
}

/// By the settings of a key for pages: how much is asked, if anything.
fn by_settings(web: &WebKeySettings, action: &str, score: f32) -> Option<Difficulty> {
    let difficulty = difficulty(web);
    let below = match web.integration_type() {
        IntegrationType::PolicyBasedChallenge => threshold(web, action),
        _ => doubtful_below(difficulty),
    };
    // No score is below 0.0, and 1.0 stands for every score.
    (score < below || below >= 1.0).then_some(difficulty)
}

/// By the policy of a Universal key: the first rule that matches.
async fn by_policy(
    verifier: &Verifier,
    key: &Arc<KnownKey>,
    token: &Token,
    score: f32,
) -> Result<Option<Difficulty>, StepError> {
    let bot = bot(verifier, token).map(public_bot);
    let address = token.address.to_string();
    let facts = challenge_facts(score, &address, &token.user_agent, bot.as_ref());
    let rules = verifier.policies.challenge_rules(key).await?;
    let chosen = rules.matching(&token.action, &facts).flatten();
    Ok(chosen.map(|chosen| hardness(chosen, Difficulty::Balance)))
}

/// The score as the visit stands: as at an assessment what the key's owner has fixed, else the engine's. What only an assessment
/// knows (the account, a replay, what the site's backend saw) is not in it.
async fn score(
    verifier: &Verifier,
    key: &KnownKey,
    token: &Token,
    facts: &Facts,
    now: Millis,
) -> Result<f32, StepError> {
    if let Some(testing) = key.testing() {
        return Ok(testing.testing_score);
    }
    let overrides = &verifier.ip_overrides;
    if overrides.verdict(&key.id, token.address).await? == Some(Override::Allow) {
        return Ok(SCORE_OF_ALLOWED);
    }
    Ok(evaluated(verifier, token, facts, now).value())
}

fn evaluated(verifier: &Verifier, token: &Token, facts: &Facts, now: Millis) -> Score {
    let visits = verifier.traffic.visits(token.address, now);
    let rate = |rate: touchstone_traffic::Rate| Rate {
        per_minute: rate.per_minute,
        ordinary: rate.ordinary,
    };
    let context = Context {
        verified_bot: bot(verifier, token).map(|bot| bot.name.as_str()),
        traffic: Traffic {
            address: rate(visits.address),
            network: rate(visits.network),
            ..Traffic::default()
        },
        ..Context::default()
    };
    evaluate(facts, &context).score
}

/// The bot that signed the report's request.
fn bot<'a>(verifier: &'a Verifier, token: &Token) -> Option<&'a Bot> {
    verifier.bots.bot(Signer::from_number(token.signer)?)
}

fn difficulty(web: &WebKeySettings) -> Difficulty {
    let usual = match web.integration_type() {
        IntegrationType::Checkbox => Difficulty::Balance,
        _ => Difficulty::Usability,
    };
    hardness(web.challenge_security_preference(), usual)
}

fn hardness(chosen: ChallengeSecurityPreference, usual: Difficulty) -> Difficulty {
    match chosen {
        ChallengeSecurityPreference::Security => Difficulty::Security,
        ChallengeSecurityPreference::Balance => Difficulty::Balance,
        ChallengeSecurityPreference::Usability => Difficulty::Usability,
        ChallengeSecurityPreference::Unspecified => usual,
    }
}

/// Somebody of whom nothing is known scores 0.5. Who comes with a keyboard or a single tap has shown nothing yet, and is asked only
/// where the site prefers security.
const fn doubtful_below(difficulty: Difficulty) -> f32 {
    match difficulty {
        Difficulty::Usability | Difficulty::Balance => EVEN,
        Difficulty::Security => LIKELY,
    }
}

const PASSES: Need = Need::None(ChallengeOutcome::NoCaptcha);

/// One wrong answer may be a slip. Counts of the past fade, so that they are no whole numbers.
const FEW_WRONG: f32 = 1.5;

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
        use IntegrationType::{Checkbox, Invisible};
        for (integration, preference, difficulty, passes, is_asked) in [
            (Checkbox, Unspecified, Difficulty::Balance, 0.5, 0.4),
            (Checkbox, Usability, Difficulty::Usability, 0.5, 0.4),
            (Checkbox, Security, Difficulty::Security, 0.7, 0.6),
            (Invisible, Unspecified, Difficulty::Usability, 0.5, 0.4),
            (Invisible, Balance, Difficulty::Balance, 0.5, 0.4),
            (Invisible, Security, Difficulty::Security, 0.7, 0.5),
        ] {
            let key = web(integration, preference);
            assert_eq!(by_settings(&key, "login", passes), None, "{key:?}");
            let asked = by_settings(&key, "login", is_asked);
            assert_eq!(asked, Some(difficulty), "{key:?}");
        }
    }

    #[test]
    fn policy_based_keys_ask_below_the_threshold_of_the_action() {
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
        for (action, score, is_asked) in [
            ("login", 0.3, false),
            ("LOGIN", 0.2, true),
            ("read", 0.0, false),
            ("pay", 1.0, true),
            ("other", 0.6, false),
            ("", 0.5, true),
        ] {
            let expected = is_asked.then_some(Difficulty::Usability);
            assert_eq!(by_settings(&key, action, score), expected, "{action}");
        }
    }

    #[test]
    fn where_nothing_was_measured_more_is_asked_and_after_wrong_answers_most() {
        use Difficulty::{Balance, Security, Usability};
        for (usual, wrong_answers, asked) in [
            (Usability, 0.0, Balance),
            (Balance, 1.0, Balance),
            (Usability, 2.0, Security),
            (Security, 0.0, Security),
        ] {
            assert_eq!(unmeasured(usual, wrong_answers), asked);
        }
    }
}
