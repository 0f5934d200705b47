//! The classic verification, `POST /recaptcha/api/siteverify`: what libraries in the field send, and what they read.
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
    /// The visitor's address; `None` if it is missing or no address (one library sends the word `None`).
    pub remote_ip: Option<IpAddr>,
}

/// A site's secret, as it came. It shows itself to nobody and is wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

/// A body that is not what its type says: to be answered with [`SiteVerifyError::BadRequest`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the body is not a JSON object of strings")]
pub struct NotJson;

/// What a site is told.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SiteVerifyAnswer {
    /// True if the token counts.
    pub success: bool,
    /// When the token was made, in whole seconds.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "whole_seconds"
    )]
    pub challenge_ts: Option<Timestamp>,
    /// Host of the page that made the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// 0.0 (very likely automated) to 1.0 (very likely legitimate); only for keys that score.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f32>,
    /// The action that the page named; only for keys that score.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// Why the token does not count.
    #[serde(rename = "error-codes", skip_serializing_if = "Vec::is_empty")]
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

    /// The body of the answer.
    pub fn to_json(&self) -> String {
        to_text(self).unwrap_or_else(|_| INTERNAL_ERROR.to_owned())
    }
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
            error_codes: Vec::new(),
        };
        let expected = r#"{"success":true,"challenge_ts":"2018-08-01T09:25:26Z","hostname":"shop.example","score":0.9,"action":"login"}"#;
        assert_eq!(answer.to_json(), expected);
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
