//! `GET /recaptcha/api/fallback?k=KEY`, the page for browsers without script: it asks a question in a form, and ends with a token
//! to copy into the site's own form. Sites embed it in a frame inside `<noscript>`.

use std::{fmt::Write as _, sync::LazyLock};

use data_encoding::{BASE64, BASE64URL_NOPAD};
use hyper::{
    Method, Request,
    body::Incoming,
    header::{CONTENT_SECURITY_POLICY, HeaderValue, REFERER, REFERRER_POLICY},
};
use sha2::{Digest, Sha256};
use touchstone_challenge::Language;
use touchstone_protocol::{PlainReason, PlainReport};

use super::{Answer, PublicDoor, address::Peer, agent, body, respond};
use crate::{
    Verifier,
    steps::{
        AnswerRequest, Answered, Asking, Issued, Reply, StepError, Visitor, answer, issue_token,
    },
};

/// Asks a question, or judges the answer to one.
pub(super) async fn page(
    door: &PublicDoor,
    peer: Peer,
    request: Request<Incoming>,
) -> Result<Answer, StepError> {
    let uri = request.uri().clone();
    let headers = request.headers().clone();
    // A page that is loaded into a frame has no Origin; the site's page is its referrer.
    let host = agent::host_in(&headers, REFERER);
    let is_answer = request.method() == Method::POST;
    let PublicDoor {
        verifier,
        admission,
        ..
    } = door;
    let posted = admission.agent.read(request, body::MAX_ANSWER_BODY).await?;
    let _place = admission.agent.enter().await?;
    let visitor = agent::visitor(peer, host.as_deref(), &uri, &headers);
    let language = visitor.language;
    let site_key = agent::site_key(&uri);
    let shown = match is_answer {
        true => judged(verifier, &site_key, &posted, visitor).await?,
        false => asked(verifier, &site_key, visitor).await?,
    };
    Ok(html(language, &shown))
}

/// What the page shows.
enum Shown {
    Question(Asking),
    Token(String),
    /// There is nothing to answer any more.
    Over,
}

async fn asked(
    verifier: &Verifier,
    site_key: &str,
    visitor: Visitor<'_>,
) -> Result<Shown, StepError> {
    let report = PlainReport {
        reason: PlainReason::NotLoaded,
        action: String::new(),
    };
    Ok(
        match issue_token(verifier, site_key, &report.encode(), visitor).await? {
            Issued::Asked(asking) => Shown::Question(asking),
            Issued::Token(token) => Shown::Token(token),
            // A plain report has no session that could be over.
            Issued::Challenge(_) => Shown::Over,
        },
    )
}

async fn judged(
    verifier: &Verifier,
    site_key: &str,
    posted: &[u8],
    visitor: Visitor<'_>,
) -> Result<Shown, StepError> {
    match answer(verifier, site_key, parse(posted), visitor).await {
        Ok(Answered::Asked(asking)) => Ok(Shown::Question(asking)),
        Ok(Answered::Passed(token)) => Ok(Shown::Token(token)),
        Ok(Answered::Failed(_)) => Ok(Shown::Over),
        // A page that was left open, or gone back to.
        Err(StepError::Refused(error)) if error.http_status() == 400 => Ok(Shown::Over),
        Err(error) => Err(error),
    }
}

/// A posted form. What is no answer is one that picks nothing.
fn parse(posted: &[u8]) -> AnswerRequest {
    let (mut sealed, mut picked, mut is_skip) = (Vec::new(), Vec::new(), false);
    for (name, value) in form_urlencoded::parse(posted) {
        match &*name {
            "challenge" => {
                let bytes = BASE64URL_NOPAD.decode(value.as_bytes());
                sealed = bytes.unwrap_or_default();
            }
            "picked" => picked.extend(value.parse::<u8>()),
            "skip" => is_skip = true,
            _ => {}
        }
    }
    AnswerRequest {
        sealed,
        reply: match is_skip {
            true => Reply::Skip,
            false => Reply::Picked(picked),
        },
        elapsed_ms: None,
    }
}

fn html(language: &Language, shown: &Shown) -> Answer {
    let mut answer = respond::html(document(language, shown));
    let headers = answer.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&POLICY) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    answer
}

/// The page. All texts in it come from the word list, which holds no markup characters, or are base64url. Its title is what a screen
/// reader says first.
fn document(language: &Language, shown: &Shown) -> String {
    let texts = language.page();
    let (title, main) = match shown {
        Shown::Question(asking) if asking.is_retry => (texts.wrong, form(language, asking)),
        Shown::Question(asking) => (texts.heading, form(language, asking)),
        Shown::Token(token) => (texts.copy, copy(language, token)),
        Shown::Over => (texts.over, over(language)),
    };
    let (tag, direction) = (language.tag(), language.direction().name());
    format!(
        "<!doctype html>\n<html lang=\"{tag}\" dir=\"{direction}\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>{STYLE}</style>\n\
         <main>\n{main}</main>\n</html>\n"
    )
}

fn copy(language: &Language, token: &str) -> String {
    let copy = language.page().copy;
    format!(
        "<h1><label for=\"token\">{copy}</label></h1>\n\
         <textarea id=\"token\" rows=\"6\" readonly autofocus>{token}</textarea>\n"
    )
}

fn over(language: &Language) -> String {
    let (over, again) = (language.page().over, language.page().again);
    format!("<h1>{over}</h1>\n<p><a href=\"\">{again}</a></p>\n")
}

fn form(language: &Language, asking: &Asking) -> String {
    let texts = language.page();
    let sealed = BASE64URL_NOPAD.encode(&asking.sealed);
    let mut form = String::from("<form method=\"post\">\n");
    if asking.is_retry {
        let wrong = texts.wrong;
        form.push_str(&format!("<p role=\"alert\">{wrong}</p>\n"));
    }
    let question = &asking.question;
    let (round, rounds, text) = (asking.round, asking.rounds, &question.text);
    let progress = match rounds {
        1 => String::new(),
        _ => format!(" <span class=\"round\">({round}/{rounds})</span>"),
    };
    form.push_str(&format!(
        "<input type=\"hidden\" name=\"challenge\" value=\"{sealed}\">\n<fieldset>\n<legend><h1>{text}{progress}</h1></legend>\n"
    ));
    let kind = match question.pick {
        1 => "type=\"radio\" required",
        _ => "type=\"checkbox\"",
    };
    for (place, option) in question.options.iter().enumerate() {
        let (word, picture) = (option.text, option.picture);
        // Writing to a string does not fail.
        let _ = writeln!(
            form,
            "<label><input {kind} name=\"picked\" value=\"{place}\"> <span aria-hidden=\"true\">{picture}</span> {word}</label>"
        );
    }
    let (answer, another) = (texts.answer, texts.another);
    form.push_str(&format!(
        "</fieldset>\n<button>{answer}</button>\n<button name=\"skip\" value=\"1\" formnovalidate>{another}</button>\n</form>\n"
    ));
    form
}

/// Fits the frame of 302 by 422 pixels that libraries embed; targets are 44 pixels high.
const STYLE: &str = "\
:root{color-scheme:light dark}\
body{margin:0;padding:8px;font:16px/1.4 system-ui,sans-serif}\
fieldset{margin:0 0 8px;padding:0;border:0}\
legend{padding:0}\
h1,p{margin:0 0 8px;font-size:16px}\
label{display:block;min-height:44px;line-height:44px}\
h1 label{display:inline;line-height:inherit}\
input{width:20px;height:20px;vertical-align:middle;margin-block:0}\
button{min-height:44px;padding:0 16px;font:inherit}\
textarea{box-sizing:border-box;width:100%;font:12px monospace}\
.round{font-weight:400}";

/// Nothing but the style above; any site may embed it.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = BASE64.encode(&Sha256::digest(STYLE));
    format!("default-src 'none'; style-src 'sha256-{hash}'; form-action 'self'; base-uri 'none'")
});

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_bytes_are_a_form(body: Vec<u8>, text in "[a-z0-9%&=+]{0,120}") {
            parse(&body);
            let posted = parse(text.as_bytes());
            prop_assert!(posted.sealed.len() <= text.len());
        }
    }

    #[test]
    fn a_form_picks_or_skips() {
        let posted = parse(b"challenge=AQ&picked=2&picked=0&utf8=%E2%9C%93");
        assert_eq!(
            (posted.sealed, posted.reply),
            (vec![1], Reply::Picked(vec![2, 0]))
        );
        assert_eq!(parse(b"challenge=AQ&picked=2&skip=1").reply, Reply::Skip);
        let nothing = parse(b"challenge=%%%&picked=300&picked=");
        assert_eq!(
            (nothing.sealed, nothing.reply),
            (vec![], Reply::Picked(vec![]))
        );
    }
}
