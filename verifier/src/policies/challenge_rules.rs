use touchstone_api::v1::{
    self, challenge_rule::Outcome, web_key_settings::ChallengeSecurityPreference,
};
use touchstone_policy::{Challenge, ChallengeFacts, Condition};

/// The challenge rules of a Universal key. The first group that names the action applies, and in it the first rule whose
/// condition holds.
#[derive(Debug)]
pub struct ChallengeRules(Vec<Group>);

#[derive(Debug)]
struct Group {
    actions: Vec<String>,
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    condition: Condition<Challenge>,
    challenge: Option<ChallengeSecurityPreference>,
}

/// What a rule says: how hard the challenge is to be; none for no challenge.
pub type RuleOutcome = Option<ChallengeSecurityPreference>;

impl ChallengeRules {
    /// Reads a policy. A rule that cannot be read was not made by this release, and matches nothing.
    pub fn new(policy: &v1::Policy) -> Self {
        let groups = policy.challenge_rule_groups.iter().map(|group| Group {
            actions: group.actions.clone(),
            rules: group.challenge_rules.iter().filter_map(rule).collect(),
        });
        Self(groups.collect())
    }

    /// What the rule says that matches an action, compared without regard to case; none if none matches.
    pub fn matching(&self, action: &str, facts: &ChallengeFacts<'_>) -> Option<RuleOutcome> {
        let names = |known: &String| known == ALL || known.eq_ignore_ascii_case(action);
        let group = self
            .0
            .iter()
            .find(|group| group.actions.iter().any(names))?;
        let rule = group
            .rules
            .iter()
            .find(|rule| rule.condition.holds(facts))?;
        Some(rule.challenge)
    }
}

fn rule(rule: &v1::ChallengeRule) -> Option<Rule> {
    let condition = Condition::parse(&rule.condition);
    let condition = condition
        .inspect_err(|_| tracing::warn!(rule.condition, "a challenge rule cannot be read"))
        .ok()?;
    let challenge = match rule.outcome.as_ref()? {
        Outcome::NoChallenge(_) => None,
        Outcome::Challenge(challenge) => Some(match challenge.difficulty() {
            ChallengeSecurityPreference::Unspecified => ChallengeSecurityPreference::Balance,
            chosen => chosen,
        }),
    };
    Some(Rule {
        condition,
        challenge,
    })
}

/// Names every action.
const ALL: &str = "*";

#[cfg(test)]
mod tests {
    use v1::challenge_rule::{ChallengeOutcome, NoChallengeOutcome};

    use super::*;

    fn policy() -> v1::Policy {
        let no = || Outcome::NoChallenge(NoChallengeOutcome::default());
        let challenge = |difficulty: ChallengeSecurityPreference| {
            Outcome::Challenge(ChallengeOutcome {
                difficulty: difficulty.into(),
            })
        };
        let rule = |condition: &str, outcome| v1::ChallengeRule {
            condition: condition.to_owned(),
            outcome: Some(outcome),
        };
        let group = |actions: &[&str], challenge_rules| v1::ChallengeRuleGroup {
            actions: actions.iter().map(|action| (*action).to_owned()).collect(),
            challenge_rules,
        };
        v1::Policy {
            challenge_rule_groups: vec![
                group(
                    &["login", "signup"],
                    vec![
                        rule("verified_bots.name == 'good-bot'", no()),
                        rule(
                            "score < 0.3",
                            challenge(ChallengeSecurityPreference::Security),
                        ),
                        rule(
                            "score < 0.5",
                            challenge(ChallengeSecurityPreference::Unspecified),
                        ),
                    ],
                ),
                group(&["*"], vec![rule("", no())]),
            ],
            ..v1::Policy::default()
        }
    }

    #[test]
    fn the_first_rule_of_the_first_group_that_matches_applies() {
        use ChallengeSecurityPreference::{Balance, Security};
        let rules = ChallengeRules::new(&policy());
        for (action, score, bot_name, outcome) in [
            ("login", 0.1, "", Some(Some(Security))),
            ("Signup", 0.4, "", Some(Some(Balance))),
            ("login", 0.9, "", None),
            ("login", 0.1, "good-bot", Some(None)),
            ("checkout", 0.1, "", Some(None)),
            ("", 0.1, "", Some(None)),
        ] {
            let facts = ChallengeFacts {
                score,
                user_ip_address: "192.0.2.7",
                user_asn: 0,
                user_agent: "",
                region_code: "",
                bot_name,
                bot_type: "",
            };
            assert_eq!(rules.matching(action, &facts), outcome, "{action} {score}");
        }
    }
}
