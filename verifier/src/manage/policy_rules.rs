//! What the policy of a Universal key may be.

use touchstone_api::{
    ApiError,
    v1::{
        ChallengeRule, ChallengeRuleGroup, ClientSettings, Policy, ProtectedEndpoint,
        challenge_rule::Outcome, web_key_settings::ChallengeSecurityPreference,
    },
};
use touchstone_policy::{check_challenge_condition, check_protected_path};

use super::{Faults, key_rules::check_domains};

/// The policy if it holds, in the form in which it is stored.
///
/// # Errors
/// INVALID_ARGUMENT with everything that does not.
pub(super) fn checked(mut policy: Policy) -> Result<Policy, ApiError> {
    let mut faults = Faults::default();
    match &mut policy.client_settings {
        Some(client) => check_client(client, &mut faults),
        None => faults.add(
            "policy.clientSettings",
            "It is missing: say which domains may use the key.",
        ),
    }
    let field = "policy.challengeRuleGroups";
    faults.at_most_entries(policy.challenge_rule_groups.len(), MOST_GROUPS, field);
    let mut patterns = 0;
    for (index, group) in policy.challenge_rule_groups.iter().enumerate() {
        if patterns > MOST_PATTERNS {
            break;
        }
        patterns += check_group(group, &format!("{field}[{index}]"), &mut faults);
    }
    faults.unless(
        patterns <= MOST_PATTERNS,
        field,
        format!(
            "The conditions use matches more than {MOST_PATTERNS} times. Join patterns as alternatives, or use contains, \
             startsWith and endsWith."
        ),
    );
    faults.refuse()?;
    Ok(policy)
}

fn check_client(client: &mut ClientSettings, faults: &mut Faults) {
    check_domains(
        &mut client.allowed_domains,
        "policy.clientSettings.allowedDomains",
        faults,
    );
    let Some(group) = &client.protected_endpoint_group else {
        return;
    };
    let field = "policy.clientSettings.protectedEndpointGroup.protectedEndpoints";
    faults.at_most_entries(group.protected_endpoints.len(), MOST_ENDPOINTS, field);
    for (index, endpoint) in group.protected_endpoints.iter().enumerate() {
        check_endpoint(endpoint, &format!("{field}[{index}]"), faults);
    }
}

fn check_endpoint(endpoint: &ProtectedEndpoint, field: &str, faults: &mut Faults) {
    if let Err(error) = check_protected_path(&endpoint.path) {
        faults.add(format!("{field}.path"), error.to_string());
    }
    check_action(&endpoint.action, &format!("{field}.action"), faults);
}

/// Counts the regular expressions in its conditions.
fn check_group(group: &ChallengeRuleGroup, field: &str, faults: &mut Faults) -> usize {
    let actions = format!("{field}.actions");
    faults.unless(
        !group.actions.is_empty(),
        &actions,
        "It is missing: name the actions, or * for all.",
    );
    faults.at_most_entries(group.actions.len(), MOST_ACTIONS, &actions);
    for (index, action) in group.actions.iter().enumerate() {
        check_action(action, &format!("{actions}[{index}]"), faults);
    }
    let rules = format!("{field}.challengeRules");
    faults.unless(
        !group.challenge_rules.is_empty(),
        &rules,
        "It is missing: give at least one rule.",
    );
    faults.at_most_entries(group.challenge_rules.len(), MOST_RULES, &rules);
    let each = group.challenge_rules.iter().enumerate();
    each.map(|(index, rule)| check_rule(rule, &format!("{rules}[{index}]"), faults))
        .sum()
}

fn check_rule(rule: &ChallengeRule, field: &str, faults: &mut Faults) -> usize {
    let patterns = check_challenge_condition(&rule.condition).unwrap_or_else(|error| {
        faults.add(format!("{field}.condition"), error.to_string());
        0
    });
    match &rule.outcome {
        Some(Outcome::NoChallenge(_)) => {}
        Some(Outcome::Challenge(challenge)) => {
            let difficulty = ChallengeSecurityPreference::try_from(challenge.difficulty);
            let field = format!("{field}.challenge.difficulty");
            faults.unless(
                difficulty.is_ok(),
                field,
                "There is no such difficulty: USABILITY, BALANCE or SECURITY.",
            );
        }
        None => faults.add(field, "It has no outcome: give noChallenge or challenge."),
    }
    patterns
}

fn check_action(action: &str, field: &str, faults: &mut Faults) {
    let length = action.chars().count();
    faults.unless(
        (1..=100).contains(&length),
        field,
        "The name of an action has 1 to 100 characters.",
    );
}

/// Bounds of our own: the contract has none.
const MOST_GROUPS: usize = 100;
const MOST_ACTIONS: usize = 100;
const MOST_RULES: usize = 100;
const MOST_ENDPOINTS: usize = 100;
/// Each takes up to 64 KiB and a millisecond to read.
const MOST_PATTERNS: usize = 64;

#[cfg(test)]
mod tests {
    use touchstone_api::v1::challenge_rule::NoChallengeOutcome;

    use super::*;

    fn policy(conditions: impl IntoIterator<Item = String>) -> Policy {
        let rule = |condition| ChallengeRule {
            condition,
            outcome: Some(Outcome::NoChallenge(NoChallengeOutcome::default())),
        };
        let rules: Vec<_> = conditions.into_iter().map(rule).collect();
        let group = |rules: &[ChallengeRule]| ChallengeRuleGroup {
            actions: vec!["*".to_owned()],
            challenge_rules: rules.to_vec(),
        };
        Policy {
            client_settings: Some(ClientSettings::default()),
            challenge_rule_groups: rules.chunks(MOST_RULES).map(group).collect(),
            ..Policy::default()
        }
    }

    /// Reading the rest of a policy that has too many would be what its sender wants.
    #[test]
    fn a_policy_has_a_bounded_number_of_regular_expressions() {
        let pattern = |index| format!("user_agent.matches('[a-z]{{9}}{index}')");
        assert!(checked(policy((0..MOST_PATTERNS).map(pattern))).is_ok());
        let error = checked(policy((0..10_000).map(pattern))).unwrap_err();
        assert!(error.to_string().contains("more than 64 times"), "{error}");
    }
}
