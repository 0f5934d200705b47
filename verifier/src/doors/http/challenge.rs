//! `POST /recaptcha/agent/answer?k=KEY`: a visitor answers a question.

use data_encoding::BASE64URL_NOPAD;
use hyper::{Request, body::Incoming};
use serde::{Deserialize, Serialize};
use touchstone_api::ApiError;

use super::{Answer, PublicDoor, address::Peer, agent, body, respond};
use crate::steps::{self, AnswerRequest, Answered, Asking, Reply, StepError};

/// Judges an answer: the next question, or the token.
pub(super) async fn answer(
    door: &PublicDoor,
    peer: Peer,
    request: Request<Incoming>,
) -> Result<Answer, StepError> {
    let uri = request.uri().clone();
    let headers = request.headers().clone();
    let host = agent::origin_host(&headers);
    let gate = &door.admission.agent;
    let posted = gate.read(request, body::MAX_ANSWER_BODY).await?;
    let _place = gate.enter().await?;
    let visitor = agent::visitor(peer, host.as_deref(), &uri, &headers);
    let verifier = &door.verifier;
    let answer = steps::answer(verifier, &agent::site_key(&uri), parse(&posted)?, visitor).await?;
    match answer {
        Answered::Passed(token) | Answered::Failed(token) => json(&Token { token: &token }),
        Answered::Asked(asking) => form(&asking),
    }
}

/// A question, as the page is sent it.
pub(super) fn form(asking: &Asking) -> Result<Answer, StepError> {
    let question = &asking.question;
    let options = question.options.iter().map(|option| FormOption {
        text: option.text,
        picture: option.picture,
    });
    json(&Form {
        challenge: BASE64URL_NOPAD.encode(&asking.sealed),
        question: &question.text,
        options: options.collect(),
        pick: question.pick,
        round: asking.round,
        rounds: asking.rounds,
        expires_in_ms: asking.expires_in_ms,
        lang: question.language.tag(),
        dir: question.language.direction().name(),
        retry: asking.is_retry,
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Form<'a> {
    challenge: String,
    question: &'a str,
    options: Vec<FormOption>,
    pick: u8,
    round: u8,
    rounds: u8,
    expires_in_ms: u64,
    lang: &'static str,
    dir: &'static str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    retry: bool,
}

#[derive(Serialize)]
struct FormOption {
    text: &'static str,
    picture: &'static str,
}

#[derive(Serialize)]
struct Token<'a> {
    token: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Posted {
    challenge: String,
    picked: Option<Vec<u8>>,
    #[serde(default)]
    skip: bool,
    elapsed_ms: Option<u32>,
}

fn parse(posted: &[u8]) -> Result<AnswerRequest, ApiError> {
    let posted: Posted = serde_json::from_slice(posted).map_err(|error| {
        ApiError::invalid_argument(format!(
            "The body is not an answer ({error}). Send {{\"challenge\": \"…\", \"picked\": [0]}} or \
             {{\"challenge\": \"…\", \"skip\": true}}."
        ))
    })?;
    let reply = match (posted.picked, posted.skip) {
        (Some(places), false) => Reply::Picked(places),
        (None, true) => Reply::Skip,
        (Some(_), true) => {
            return Err(ApiError::invalid_field(
                "skip",
                "An answer picks options or skips the question, not both. Leave out picked or skip.",
            ));
        }
        (None, false) => {
            return Err(ApiError::invalid_field(
                "picked",
                "Send the places of the options picked, from 0, or \"skip\": true.",
            ));
        }
    };
    let sealed = BASE64URL_NOPAD.decode(posted.challenge.as_bytes());
    Ok(AnswerRequest {
        // What is not base64url is no challenge of ours either; there it is said what to do.
        sealed: sealed.unwrap_or_default(),
        reply,
        elapsed_ms: posted.elapsed_ms,
    })
}

fn json(message: &impl Serialize) -> Result<Answer, StepError> {
    let body = serde_json::to_vec(message).map_err(|_| ApiError::internal())?;
    Ok(respond::json(body))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_bytes_are_an_answer_or_say_what_to_send(body: Vec<u8>, text in "\\{?\"?[a-zA-Z0-9:,\" \\[\\]{}-]{0,80}") {
            for body in [&body[..], text.as_bytes()] {
                if let Err(error) = parse(body) {
                    prop_assert_eq!(error.http_status(), 400);
                }
            }
        }
    }

    #[test]
    fn an_answer_picks_or_skips() {
        let picked = parse(br#"{"challenge": "AQ", "picked": [2, 0], "elapsedMs": 3100}"#).unwrap();
        assert_eq!(picked.reply, Reply::Picked(vec![2, 0]));
        assert_eq!((picked.sealed, picked.elapsed_ms), (vec![1], Some(3_100)));
        let skipped = parse(br#"{"challenge": "AQ", "skip": true}"#).unwrap();
        assert_eq!((skipped.reply, skipped.elapsed_ms), (Reply::Skip, None));
    }

    #[test]
    fn what_is_no_answer_says_what_to_send() {
        for (body, says) in [
            (&b""[..], "The body is not an answer"),
            (b"[]", "The body is not an answer"),
            (br#"{"picked": [1]}"#, "challenge"),
            (br#"{"challenge": 5, "picked": [1]}"#, "challenge"),
            (br#"{"challenge": "AQ", "picked": [256]}"#, "256"),
            (
                br#"{"challenge": "AQ", "picked": [1], "answer": 1}"#,
                "answer",
            ),
            (br#"{"challenge": "AQ"}"#, "picked"),
            (
                br#"{"challenge": "AQ", "picked": [1], "skip": true}"#,
                "skip",
            ),
            (
                br#"{"challenge": "AQ", "picked": [1], "elapsedMs": -1}"#,
                "-1",
            ),
        ] {
            let error = parse(body).unwrap_err();
            assert_eq!(error.http_status(), 400);
            let text = error.to_json().to_string();
            assert!(text.contains(says), "{text}");
        }
    }
}
