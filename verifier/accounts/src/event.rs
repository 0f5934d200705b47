use std::net::IpAddr;

use crate::{Environment, Millis};

/// One visit to an account, as its assessment knows it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event<'a> {
    /// When.
    pub at_ms: Millis,
    /// What was about to be done.
    pub kind: Kind,
    /// From what kind of browser.
    pub environment: Environment<'a>,
    /// From which address, if the assessment knows it. Only its prefixes are hashed.
    pub network: Option<IpAddr>,
    /// When the account was made, if the site says (`userInfo.createAccountTime`).
    pub created_at_ms: Option<Millis>,
    /// Whether one of `userInfo.userIds` is an e-mail address of [`crate::has_disposable_domain`].
    pub has_disposable_email: bool,
    /// Whether the account is in an unusually large group of related accounts.
    pub is_in_large_group: bool,
    /// The assessment's score, 0 to 1; 1 is very likely a person. Without one (no token), 0.5.
    pub bot_score: f32,
    /// What came to other accounts at the same time, this event included.
    pub traffic: Crowd,
}

/// What an event is about to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Logging in.
    Login,
    /// Making an account.
    Registration,
    /// Asking for a new password.
    PasswordReset,
    /// Anything else that an account does: changing its address, redeeming a code.
    Other,
}

/// What velocity across accounts says. All zero where it is not counted.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Crowd {
    /// Different accounts asked for from the same network prefix.
    pub accounts_of_network: Count,
    /// Different accounts asked for by environments of the same [`Environment::class`], at this site.
    pub accounts_of_environment: Count,
    /// Wrong passwords from the same network prefix, by annotation.
    pub failures_of_network: Count,
    /// Wrong passwords from environments of the same class, by annotation, at this site.
    pub failures_of_environment: Count,
    /// Accounts made from the same network prefix.
    pub creations_of_network: Count,
    /// Accounts made by environments of the same class, at this site.
    pub creations_of_environment: Count,
    /// Visits to this site's accounts with [`crate::Findings::is_stranger`], before this event.
    pub strangers_of_site: Count,
}

/// How often something came, and how often it ordinarily does. Whatever many people share (an office, a campus, a carrier's
/// gateway, the most common browser) is judged against itself; that a morning is busier than the day is allowed for.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Count {
    /// In the last ten minutes.
    pub ten_minutes: f32,
    /// In the last day.
    pub day: f32,
    /// In ten minutes of the eight busy hours of a day, on average; 0 if it never came before.
    pub ordinary_ten_minutes: f32,
    /// In one of the week's busy days, on average; 0 if it never came before.
    pub ordinary_day: f32,
}

impl Kind {
    /// What an action's name (`event.expectedAction`, or the token's) stands for; where it tells nothing, the last part of
    /// the path of `requestedUri`. Case and separators do not matter.
    pub fn of(action: &str, requested_uri: &str) -> Self {
        Self::named(action)
            .or_else(|| Self::named(last_part(requested_uri)))
            .unwrap_or(Self::Other)
    }

    fn named(name: &str) -> Option<Self> {
        if name.len() > MAX_NAME {
            return None;
        }
        let letters: String = name
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|letter| letter.to_ascii_lowercase())
            .collect();
        let is_one_of = |names: &[&str]| names.contains(&letters.as_str());
        if is_one_of(LOGINS) {
            Some(Self::Login)
        } else if is_one_of(REGISTRATIONS) {
            Some(Self::Registration)
        } else if is_one_of(RESETS) {
            Some(Self::PasswordReset)
        } else if is_one_of(OTHERS) {
            Some(Self::Other)
        } else {
            None
        }
    }
}

/// `login` of `https://example.com/account/login.php?next=/`.
fn last_part(uri: &str) -> &str {
    let path = uri.split(['?', '#']).next().unwrap_or_default();
    let part = path
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    part.split('.').next().unwrap_or_default()
}

/// Longer names are of no action that is known.
const MAX_NAME: usize = 100;

/// The contract's LOGIN, and what sites commonly call it.
const LOGINS: &[&str] = &["login", "signin", "logon", "authenticate"];
/// The contract's REGISTRATION, likewise.
const REGISTRATIONS: &[&str] = &["registration", "register", "signup", "createaccount"];
/// The contract's PASSWORD_RESET, likewise.
const RESETS: &[&str] = &[
    "passwordreset",
    "resetpassword",
    "forgotpassword",
    "lostpassword",
];
/// The contract's other names: a path is not asked about them.
const OTHERS: &[&str] = &[
    "securityquestionchange",
    "phonenumberupdate",
    "emailupdate",
    "accountupdate",
    "triggermfa",
    "redeemcode",
    "listpaymentmethods",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_have_the_contracts_names_and_paths_are_a_fallback() {
        for (action, uri, kind) in [
            ("LOGIN", "", Kind::Login),
            ("login", "https://a.example/register", Kind::Login),
            ("sign-in", "", Kind::Login),
            ("REGISTRATION", "", Kind::Registration),
            ("PASSWORD_RESET", "", Kind::PasswordReset),
            ("EMAIL_UPDATE", "https://a.example/login", Kind::Other),
            ("submit", "https://a.example/login.php?a=/b", Kind::Login),
            ("", "/account/sign_up/", Kind::Registration),
            ("", "https://a.example/blog/login/2", Kind::Other),
            ("", "", Kind::Other),
            ("", "???", Kind::Other),
        ] {
            assert_eq!(Kind::of(action, uri), kind, "{action} {uri}");
        }
        assert_eq!(Kind::of(&"login".repeat(50), ""), Kind::Other);
    }
}
