//! Conditions and paths of policies, as customers write them.

use touchstone_policy::{
    AssessmentType, Challenge, Condition, ConditionError, Firewall, FirewallFacts, FirewallPath,
    ProtectedPath, normal_path,
};

use crate::text::text_line;

/// An accepted condition can be asked; the error of another names a character of the text, or the one behind it.
pub(crate) fn condition(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let _ = Condition::<Challenge>::parse(text);
    match Condition::<Firewall>::parse(text) {
        Ok(condition) => {
            let _ = condition.holds(&REQUEST);
        }
        Err(ConditionError::Syntax { at, .. } | ConditionError::NotAllowed { at, .. }) => {
            assert!((1..=text.chars().count() + 1).contains(&at));
        }
        Err(_) => {}
    }
}

/// A glob, and on the next line the path of a request: an accepted glob can be asked about any path. A normal path has no way
/// back in it, and stays as it is; but an escape that was incomplete may have become one.
pub(crate) fn path(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let (glob, path) = text_line(text);
    let normal = normal_path(path);
    let segments = || normal.split('/').skip(1);
    assert!(normal.starts_with('/'), "{path:?}");
    assert!(segments().all(|segment| !matches!(segment, "." | "..")));
    assert!(!normal.contains("//"), "{path:?}");
    assert!(normal.contains('%') || normal_path(&normal) == normal);
    let _ = FirewallPath::parse(glob).map(|glob| glob.matches(path));
    let _ = ProtectedPath::parse(glob).map(|glob| glob.matches(path));
}

const REQUEST: FirewallFacts<'_> = FirewallFacts {
    score: 0.7,
    token_valid: true,
    token_action: "login",
    assessment_type: AssessmentType::Action,
    ip: "192.0.2.7",
    path: "/login.php",
    domain: "shop.example.com",
};
