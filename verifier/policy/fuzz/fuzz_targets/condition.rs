#![no_main]
//! Any text is a condition or an error; an error names a character of the text or the one after it.

use libfuzzer_sys::fuzz_target;
use touchstone_policy::{
    AssessmentType, Challenge, Condition, ConditionError, Firewall, FirewallFacts,
};

fuzz_target!(|text: &str| {
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
});

const REQUEST: FirewallFacts<'_> = FirewallFacts {
    score: 0.7,
    token_valid: true,
    token_action: "login",
    assessment_type: AssessmentType::Action,
    ip: "192.0.2.7",
    path: "/login.php",
    domain: "shop.example.com",
};
