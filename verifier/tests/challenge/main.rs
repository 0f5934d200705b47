//! The challenge of a doubtful visitor, from the page's report to the backend's assessment.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

#[path = "../kit/mod.rs"]
mod kit;

mod answers;
mod asking;
mod settings;
mod without_script;
mod worth;

use kit::{Answer, BROWSER, Customer, Kit, START, quiet_report};
use serde_json::{Value, json};
use touchstone::keys::new_site_key;
use touchstone_challenge::{Language, MOST_SKIPS, MOST_WRONG};
use touchstone_protocol::{PlainReason, PlainReport, Probe, Report, State};
use touchstone_store::{Integration, IpOverride, Millis, Store, Verdict};
use touchstone_token::Pending;

/// A site key of another type in the shop's project.
async fn key_of(kit: &Kit, integration: Integration) -> Customer {
    let domains = vec!["shop.example".to_owned()];
    let key = new_site_key(
        &kit.verifier.vault,
        "shop".parse().unwrap(),
        "shop".to_owned(),
        integration,
        domains,
        false,
        Millis(START),
    )
    .unwrap();
    let store: &dyn Store = &*kit.verifier.store;
    store.create_site_key(key.record.clone()).await.unwrap();
    Customer {
        project: "shop",
        site_key: key.record.id.as_str().to_owned(),
        secret: key.secret.to_string(),
        api_key: kit.shop.api_key.clone(),
    }
}

/// What the page of `customer` is answered for a report.
async fn post(kit: &Kit, customer: &Customer, report: &Report) -> Answer {
    let page = kit.page_of(&customer.site_key, kit::ORIGIN).await;
    post_envelope(kit, customer, page.envelope_of(report, "login", 0), "").await
}

async fn post_envelope(kit: &Kit, customer: &Customer, body: Vec<u8>, more: &str) -> Answer {
    let path = format!("/recaptcha/agent/token?k={}{more}", customer.site_key);
    kit.send("POST", &path, &BROWSER, body).await
}

/// Answers a question as the page of `customer` does.
async fn answer(kit: &Kit, customer: &Customer, body: Value) -> Answer {
    let path = format!("/recaptcha/agent/answer?k={}", customer.site_key);
    kit.send("POST", &path, &BROWSER, body.to_string()).await
}

/// The page answers a question after three seconds.
async fn pick(kit: &Kit, customer: &Customer, question: &Value, picked: Vec<usize>) -> Value {
    kit.clock.advance(3_000);
    let body = json!({"challenge": question["challenge"], "picked": picked, "elapsedMs": 2_900});
    let answer = answer(kit, customer, body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// The right options of a question: what the test knows because it holds the verifier's keys.
fn right(kit: &Kit, question: &Value) -> Vec<usize> {
    let sealed = question["challenge"].as_str().unwrap();
    let sealed = data_encoding::BASE64URL_NOPAD
        .decode(sealed.as_bytes())
        .unwrap();
    let pending = Pending::open(&kit.verifier.ring(), &sealed).unwrap();
    let set = pending.course[7];
    (0..8).filter(|place| set & 1 << place != 0).collect()
}

fn wrong(kit: &Kit, question: &Value) -> Vec<usize> {
    let options = question["options"].as_array().unwrap().len();
    vec![(right(kit, question)[0] + 1) % options]
}

/// Answers rightly until there is a token.
async fn solve(kit: &Kit, customer: &Customer, mut question: Value) -> String {
    for _ in 0..3 {
        let picked = right(kit, &question);
        question = pick(kit, customer, &question, picked).await;
        if let Some(token) = question["token"].as_str() {
            return token.to_owned();
        }
    }
    panic!("more than three rounds: {question}");
}

/// Outcome and score, as the backend is told.
async fn outcome(kit: &Kit, customer: &Customer, token: &str) -> (String, f64) {
    let event = json!({"token": token, "siteKey": customer.site_key});
    let assessment = kit.assess(customer, event).await;
    assert_eq!(assessment["tokenProperties"]["valid"], true, "{assessment}");
    let risk = &assessment["riskAnalysis"];
    let challenge = risk["challenge"].as_str().unwrap().to_owned();
    (challenge, risk["score"].as_f64().unwrap())
}

/// A report that a driven browser makes.
fn driven() -> Report {
    let mut report = quiet_report();
    report.environment.set_probe(Probe::Webdriver, State::Yes);
    report
}

fn plain() -> Vec<u8> {
    let report = PlainReport {
        reason: PlainReason::NoWasm,
        action: "login".to_owned(),
    };
    report.encode()
}
