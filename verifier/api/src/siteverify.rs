//! The classic verification, `POST /recaptcha/api/siteverify`, and that of Turnstile, `POST /turnstile/v0/siteverify`: what libraries in the field send, and what they read.
//!
//! The answer always has HTTP status 200. Missing and wrong input is told by an error code inside, so that requests are
//! data here and hardly ever errors.

use std::{fmt, net::IpAddr};

use prost_types::Timestamp;
use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use crate::json::to_text;

mod request;

/// What a site asks. Of a parameter that comes twice the first one counts; unknown ones are ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiteVerifyRequest {
    /// The site's secret; `None` if it is missing or empty.
    pub secret: Option<Secret>,
    /// The token; `None` if it is missing or empty.
    pub response: Option<String>,
    /// The visitor's address as [`crate::client_address()`] reads it; `None` if it is missing or none (one library sends the word
    /// `None`).
    pub remote_ip: Option<IpAddr>,
    /// Makes a repeated question get its first answer; `None` if it is missing or empty. Turnstile's servers know it, the
    /// classic ones do not.
    pub idempotency_key: Option<String>,
}

/// A site's secret, as it came. It shows itself to nobody and is wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

/// A body that is not what its type says: to be answered with [`SiteVerifyError::BadRequest`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the body is not a JSON object of strings")]
pub struct NotJson;

/// What a site is told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SiteVerifyAnswer {
    /// True if the token counts.
    pub success: bool,
    /// When the token was made; shown in whole seconds.
    pub challenge_ts: Option<Timestamp>,
    /// Host of the page that made the token.
    pub hostname: Option<String>,
    /// 0.0 (very likely automated) to 1.0 (very likely legitimate); for keys that score: not for
    /// those with a box, which say only yes or no.
    pub score: Option<f32>,
    /// The action that the page named.
    pub action: Option<String>,
    /// Whether the visitor had to answer a question.
    pub interactive: bool,
    /// Why the token does not count.
    pub error_codes: Vec<SiteVerifyError>,
}

/// Why a token does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SiteVerifyError {
    /// There is no secret.
    MissingInputSecret,
    /// The secret is nobody's.
    InvalidInputSecret,
    /// There is no token.
    MissingInputResponse,
    /// The token is not one of this site.
    InvalidInputResponse,
    /// The request cannot be read.
    BadRequest,
    /// The token is too old, or was used before.
    TimeoutOrDuplicate,
    /// The browser could not obtain a token.
    BrowserError,
    /// The verifier cannot answer now.
    InternalError,
}

impl Secret {
    /// Wraps a secret.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(Zeroizing::new(secret.into()))
    }

    /// The secret itself, for looking it up.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl SiteVerifyAnswer {
    /// A refusal.
    pub fn refused(error: SiteVerifyError) -> Self {
        Self {
            error_codes: vec![error],
            ..Self::default()
        }
    }

    /// The body of the classic answer. Score and action are for keys that score.
    pub fn to_json(&self) -> String {
        text(&Classic {
            success: self.success,
            challenge_ts: self.challenge_ts,
            hostname: self.hostname.as_deref(),
            score: self.score,
            action: self.action.as_deref().filter(|_| self.score.is_some()),
            error_codes: &self.error_codes,
        })
    }

    /// The body of the answer in the form of Turnstile, which has no score.
    pub fn to_turnstile_json(&self) -> String {
        let cdata = self.success.then_some("");
        text(&Turnstile {
            success: self.success,
            challenge_ts: self.challenge_ts,
            hostname: self.hostname.as_deref(),
            error_codes: &self.error_codes,
            action: self.action.as_deref(),
            cdata,
            metadata: self.success.then_some(Metadata {
                interactive: self.interactive,
            }),
            messages: [],
        })
    }
}

#[derive(Serialize)]
struct Classic<'a> {
    success: bool,
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "whole_seconds"
    )]
    challenge_ts: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hostname: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<&'a str>,
    #[serde(rename = "error-codes", skip_serializing_if = "<[_]>::is_empty")]
    error_codes: &'a [SiteVerifyError],
}

#[derive(Serialize)]
struct Turnstile<'a> {
    success: bool,
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "whole_seconds"
    )]
    challenge_ts: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hostname: Option<&'a str>,
    #[serde(rename = "error-codes")]
    error_codes: &'a [SiteVerifyError],
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<&'a str>,
    /// What a page attached to its widget. Tokens carry nothing of that kind, so that it is always empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    cdata: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Metadata>,
    messages: [&'static str; 0],
}

#[derive(Serialize)]
struct Metadata {
    interactive: bool,
}

fn text<T: Serialize>(answer: &T) -> String {
    to_text(answer).unwrap_or_else(|_| INTERNAL_ERROR.to_owned())
}

fn whole_seconds<S: Serializer>(
    time: &Option<Timestamp>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    time.as_ref()
        .map(|time| Timestamp { nanos: 0, ..*time }.to_string())
        .serialize(serializer)
}

/// What is answered should an answer have no JSON form.
const INTERNAL_ERROR: &str = r#"{"success":false,"error-codes":["internal-error"]}"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accepted_token_is_told_as_published() {
        let answer = SiteVerifyAnswer {
            success: true,
            challenge_ts: Some(Timestamp {
                seconds: 1_533_115_526,
                nanos: 894_000_000,
            }),
            hostname: Some("shop.example".to_owned()),
            score: Some(0.9),
            action: Some("login".to_owned()),
            ..SiteVerifyAnswer::default()
        };
        let expected = r#"{"success":true,"challenge_ts":"2018-08-01T09:25:26Z","hostname":"shop.example","score":0.9,"action":"login"}"#;
        assert_eq!(answer.to_json(), expected);
        let without_score = SiteVerifyAnswer {
            score: None,
            ..answer
        };
        assert!(!without_score.to_json().contains("action"));
    }

    #[test]
    fn turnstile_is_told_without_a_score_and_always_with_a_list_of_errors() {
        let answer = SiteVerifyAnswer {
            success: true,
            hostname: Some("shop.example".to_owned()),
            score: Some(0.9),
            action: Some("login".to_owned()),
            ..SiteVerifyAnswer::default()
        };
        let expected = r#"{"success":true,"hostname":"shop.example","error-codes":[],"action":"login","cdata":"","metadata":{"interactive":false},"messages":[]}"#;
        assert_eq!(answer.to_turnstile_json(), expected);
        let refused = SiteVerifyAnswer::refused(SiteVerifyError::TimeoutOrDuplicate);
        let expected = r#"{"success":false,"error-codes":["timeout-or-duplicate"],"messages":[]}"#;
        assert_eq!(refused.to_turnstile_json(), expected);
    }

    #[test]
    fn every_refusal_has_its_published_code() {
        let table = [
            (SiteVerifyError::MissingInputSecret, "missing-input-secret"),
            (SiteVerifyError::InvalidInputSecret, "invalid-input-secret"),
            (
                SiteVerifyError::MissingInputResponse,
                "missing-input-response",
            ),
            (
                SiteVerifyError::InvalidInputResponse,
                "invalid-input-response",
            ),
            (SiteVerifyError::BadRequest, "bad-request"),
            (SiteVerifyError::TimeoutOrDuplicate, "timeout-or-duplicate"),
            (SiteVerifyError::BrowserError, "browser-error"),
            (SiteVerifyError::InternalError, "internal-error"),
        ];
        for (error, code) in table {
            let text = SiteVerifyAnswer::refused(error).to_json();
            assert_eq!(
                text,
                format!(r#"{{"success":false,"error-codes":["{code}"]}}"#)
            );
        }
    }

    #[test]
    fn a_secret_does_not_show_itself() {
        let request = SiteVerifyRequest {
            secret: Some(Secret::new("6Lsecret")),
            ..Default::default()
        };
        assert!(!format!("{request:?}").contains("6Lsecret"));
    }
}
