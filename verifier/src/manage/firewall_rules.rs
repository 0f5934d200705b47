//! What a firewall policy may be.

use hyper::header::{HeaderName, HeaderValue};
use touchstone_api::{
    ApiError,
    v1::{FirewallAction, FirewallPolicy, firewall_action::FirewallActionOneof},
};
use touchstone_policy::{Condition, Firewall, FirewallPath};

use super::Faults;

/// The policy if it holds, in the form in which it is stored.
///
/// # Errors
/// INVALID_ARGUMENT with everything that does not.
pub(super) fn checked(policy: Option<FirewallPolicy>) -> Result<FirewallPolicy, ApiError> {
    let mut faults = Faults::default();
    let Some(policy) = policy else {
        faults.add(
            "firewallPolicy",
            "It is missing: say what to do with which requests.",
        );
        return faults.refuse().map(|()| FirewallPolicy::default());
    };
    faults.at_most(&policy.description, 256, "firewallPolicy.description");
    if let Err(error) = FirewallPath::parse(&policy.path) {
        faults.add("firewallPolicy.path", error.to_string());
    }
    if let Err(error) = Condition::<Firewall>::parse(&policy.condition) {
        faults.add("firewallPolicy.condition", error.to_string());
    }
    let field = "firewallPolicy.actions";
    faults.at_most_entries(policy.actions.len(), 16, field);
    let ends = policy
        .actions
        .iter()
        .filter(|action| ends_request(action))
        .count();
    faults.unless(
        ends <= 1,
        field,
        "At most one may end the request: allow, block, redirect or substitute.",
    );
    for (index, action) in policy.actions.iter().enumerate() {
        check_action(action, &format!("{field}[{index}]"), &mut faults);
    }
    faults.refuse()?;
    Ok(FirewallPolicy {
        name: String::new(),
        ..policy
    })
}

fn ends_request(action: &FirewallAction) -> bool {
    matches!(
        action.firewall_action_oneof,
        Some(
            FirewallActionOneof::Allow(_)
                | FirewallActionOneof::Block(_)
                | FirewallActionOneof::Redirect(_)
                | FirewallActionOneof::Substitute(_)
        )
    )
}

fn check_action(action: &FirewallAction, field: &str, faults: &mut Faults) {
    match &action.firewall_action_oneof {
        None => faults.add(
            field,
            "It is empty: give one of allow, block, redirect, includeRecaptchaScript, substitute and setHeader.",
        ),
        Some(FirewallActionOneof::Substitute(substitute)) => {
            let path = &substitute.path;
            let field = format!("{field}.substitute.path");
            faults.unless(path.starts_with('/'), &field, "A path begins with a slash.");
            faults.at_most(path, 2_000, &field);
        }
        Some(FirewallActionOneof::SetHeader(header)) => {
            let name = HeaderName::from_bytes(header.key.as_bytes());
            let key = format!("{field}.setHeader.key");
            faults.unless(name.is_ok(), &key, "This is no name of a header.");
            faults.at_most(&header.key, 200, &key);
            let value = format!("{field}.setHeader.value");
            let holds = HeaderValue::from_str(&header.value).is_ok();
            faults.unless(holds, &value, "This is no value of a header: it has a control character.");
            faults.at_most(&header.value, 2_000, &value);
        }
        Some(_) => {}
    }
}
