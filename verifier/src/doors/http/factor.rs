//! `POST /recaptcha/agent/factor/send?k=KEY` and `…/verify?k=KEY`: a visitor asks for a code, and types it.

use hyper::{Request, body::Incoming};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use touchstone_api::ApiError;
use touchstone_mfa::{CODE_DIGITS, Outcome};
use zeroize::Zeroizing;

use super::{Answer, PublicDoor, address::Peer, agent, body, respond};
use crate::steps::{
    Prepared, Refusal, Refused, SendRequest, Sent, StepError, Verified, VerifyRequest, send_code,
    verify_code,
};

/// Sends a code.
pub(super) async fn send(
    door: &PublicDoor,
    peer: Peer,
    request: Request<Incoming>,
) -> Result<Answer, StepError> {
    let site_key = agent::site_key(request.uri());
    let gate = &door.admission.agent;
    let posted = gate.read(request, body::MAX_ANSWER_BODY).await?;
    let prepared = {
        let _place = gate.enter().await?;
        let asked: PostedSend = parse(&posted, SEND_SHAPE)?;
        let asked = SendRequest {
            request_token: asked.request_token,
            token: asked.token,
        };
        send_code(&door.verifier, &site_key, asked, peer.countable).await?
    };
    // Without a place: a mail server that is slow must not keep others from getting tokens.
    let sent = match prepared {
        Prepared::Answered(sent) => sent,
        Prepared::Ready(ready) => ready.deliver(&door.verifier).await?,
    };
    match sent {
        Sent::Sent {
            channel,
            hint,
            expires_in_ms,
            attempts_left,
            resend_in_ms,
        } => json(&SentForm {
            result: "SENT",
            channel: channel.name(),
            hint: &hint,
            digits: CODE_DIGITS,
            expires_in_seconds: expires_in_ms / 1_000,
            attempts_left,
            resend_in_seconds: resend_in_ms.div_ceil(1_000),
        }),
        Sent::Refused(refused) => json(&ended(&refused)),
    }
}

/// Compares the code that was typed.
pub(super) async fn verify(
    door: &PublicDoor,
    peer: Peer,
    request: Request<Incoming>,
) -> Result<Answer, StepError> {
    let site_key = agent::site_key(request.uri());
    let gate = &door.admission.agent;
    let posted = gate.read(request, body::MAX_ANSWER_BODY).await?;
    let _place = gate.enter().await?;
    let asked: PostedVerify = parse(&posted, VERIFY_SHAPE)?;
    let asked = VerifyRequest {
        request_token: asked.request_token,
        pin: asked.pin,
        token: asked.token,
    };
    let verified = verify_code(&door.verifier, &site_key, asked, peer.countable).await?;
    match verified {
        Verified::Verified(token) => json(&Ended::new("VERIFIED", Some(&token))),
        Verified::Exhausted(token) => json(&Ended::new("ATTEMPTS_EXHAUSTED", Some(&token))),
        Verified::Mismatch { attempts_left } => json(&Wrong {
            result: "PIN_MISMATCH",
            attempts_left,
        }),
        Verified::NoPin { attempts_left } => json(&Wrong {
            result: "INVALID_PIN",
            attempts_left,
        }),
        Verified::Refused(refused) => json(&ended(&refused)),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PostedSend {
    request_token: String,
    token: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PostedVerify {
    request_token: String,
    pin: Zeroizing<String>,
    token: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SentForm<'a> {
    result: &'static str,
    channel: &'static str,
    hint: &'a str,
    digits: usize,
    expires_in_seconds: u64,
    attempts_left: u8,
    resend_in_seconds: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wrong {
    result: &'static str,
    attempts_left: u8,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ended<'a> {
    result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict_token: Option<&'a str>,
}

impl<'a> Ended<'a> {
    const fn new(result: &'static str, verdict_token: Option<&'a str>) -> Self {
        Self {
            result,
            verdict_token,
        }
    }
}

fn ended(refused: &Refused) -> Ended<'_> {
    let result = match refused.refusal {
        Refusal::InvalidRequestToken => "INVALID_REQUEST_TOKEN",
        Refusal::ChallengeExpired => "CHALLENGE_EXPIRED",
        Refusal::Ended(outcome) => match outcome {
            Outcome::OnboardingIncomplete => "SITE_ONBOARDING_INCOMPLETE",
            Outcome::RecipientNotAllowed => "RECIPIENT_NOT_ALLOWED",
            Outcome::AbuseLimitExhausted => "ABUSE_LIMIT_EXHAUSTED",
            Outcome::QuotaExhausted => "QUOTA_EXHAUSTED",
            Outcome::Bypassed => "BYPASSED",
            Outcome::Verified | Outcome::NotVerified | Outcome::Mismatch | Outcome::Internal => {
                "INTERNAL"
            }
        },
    };
    Ended::new(result, refused.verdict_token.as_deref())
}

/// A field that is missing or wrong is named by the error. What was typed is not quoted: a string of another type would be.
fn parse<T: DeserializeOwned>(posted: &[u8], shape: &str) -> Result<T, ApiError> {
    serde_json::from_slice(posted).map_err(|error| {
        let why = match error.is_data() {
            true => error.to_string(),
            false => "it is not JSON".to_owned(),
        };
        ApiError::invalid_argument(format!("The body does not hold ({why}). Send {shape}."))
    })
}

fn json(message: &impl Serialize) -> Result<Answer, StepError> {
    let body = serde_json::to_vec(message).map_err(|_| ApiError::internal())?;
    Ok(respond::json(body))
}

const SEND_SHAPE: &str = r#"{"requestToken": "…", "token": "…"}"#;
const VERIFY_SHAPE: &str = r#"{"requestToken": "…", "pin": "123456", "token": "…"}"#;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_bytes_are_a_request_or_say_what_to_send(body: Vec<u8>, text in "\\{?\"?[a-zA-Z0-9:,\" \\[\\]{}-]{0,80}") {
            for body in [&body[..], text.as_bytes()] {
                for error in [
                    parse::<PostedSend>(body, SEND_SHAPE).err(),
                    parse::<PostedVerify>(body, VERIFY_SHAPE).err(),
                ].into_iter().flatten() {
                    prop_assert_eq!(error.http_status(), 400);
                }
            }
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let error = parse::<PostedVerify>(br#"{"requestToken": "a", "token": "b"}"#, VERIFY_SHAPE);
        assert!(error.err().unwrap().message().contains("`pin`"));
        let error = parse::<PostedSend>(br#"{"requestToken": "a"}"#, SEND_SHAPE);
        assert!(error.err().unwrap().message().contains("`token`"));
    }
}
