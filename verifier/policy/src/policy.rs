use crate::{
    Challenge, Condition, ConditionError, Firewall, FirewallPath, PathError, ProtectedPath,
    ProtectedPathError,
};

/// Judges a firewall policy's path and condition before the policy is kept.
///
/// # Errors
/// Which of the two is wrong, where, and what to do.
pub fn check_firewall_policy(path: &str, condition: &str) -> Result<(), FirewallPolicyError> {
    FirewallPath::parse(path)?;
    Condition::<Firewall>::parse(condition)?;
    Ok(())
}

/// Judges a challenge rule's condition before the rule is kept, and counts its regular expressions.
///
/// # Errors
/// What is wrong, where, and what to do.
pub fn check_challenge_condition(condition: &str) -> Result<usize, ConditionError> {
    Condition::<Challenge>::parse(condition).map(|condition| condition.patterns())
}

/// Judges the path of a protected endpoint before the policy is kept.
///
/// # Errors
/// What is wrong, and what to do.
pub fn check_protected_path(path: &str) -> Result<(), ProtectedPathError> {
    ProtectedPath::parse(path).map(drop)
}

/// Why a firewall policy was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FirewallPolicyError {
    /// Its `path`.
    #[error(transparent)]
    Path(#[from] PathError),
    /// Its `condition`.
    #[error(transparent)]
    Condition(#[from] ConditionError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_firewall_policy_is_refused_for_the_field_that_is_wrong() {
        assert_eq!(check_firewall_policy("", ""), Ok(()));
        assert_eq!(
            check_firewall_policy("/login", "recaptcha.score < 0.5"),
            Ok(())
        );
        assert!(matches!(
            check_firewall_policy("/[", "recaptcha.score < 0.5"),
            Err(FirewallPolicyError::Path(_))
        ));
        assert!(matches!(
            check_firewall_policy("/login", "recaptcha.score <"),
            Err(FirewallPolicyError::Condition(_))
        ));
    }

    #[test]
    fn each_kind_of_policy_has_a_vocabulary_of_its_own() {
        assert_eq!(check_challenge_condition("score < 0.5"), Ok(0));
        assert!(check_challenge_condition("recaptcha.score < 0.5").is_err());
        assert!(check_firewall_policy("", "score < 0.5").is_err());
    }

    #[test]
    fn the_path_of_an_endpoint_is_judged_by_its_own_rules() {
        assert_eq!(check_protected_path("/api/*/login"), Ok(()));
        assert!(check_protected_path("/**").is_err());
    }
}
