//! What an attacker posts to the agent's endpoints: it gets no second good token, and does not learn why.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod kit;

use kit::{BROWSER, Kit, ORIGIN, quiet_report};
use serde_json::json;
use touchstone_protocol::{Challenge, Envelope, Report, SessionKey};

#[tokio::test]
async fn whatever_is_posted_the_answer_looks_the_same_and_a_bad_report_scores_at_most_0_1() {
    let kit = Kit::start().await;
    let (page, elsewhere) = (kit.page().await, kit.page().await);
    let foreign = kit
        .page_of(&kit.other.site_key, "https://other.example")
        .await;
    let good = page.envelope("login", 9);
    let mut changed = good.clone();
    *changed.last_mut().unwrap() ^= 1;
    let spliced = Envelope::seal(
        &quiet_report(),
        &elsewhere.challenge.key,
        &page.challenge.sealed,
        "login",
        1,
        [0; 12],
    );
    let own_key = Challenge {
        key: SessionKey([7; 32]),
        ..page.challenge.clone()
    };
    let forged_session = Envelope::seal(
        &quiet_report(),
        &own_key.key,
        &[1; 120],
        "login",
        2,
        [0; 12],
    );
    let honest = kit.post_report(page.envelope("login", 0)).await;
    for (what, body) in [
        ("nothing", vec![]),
        ("one byte", vec![1]),
        ("noise", (0..=255).cycle().take(3_000).collect()),
        ("too long", vec![1; 60_000]),
        ("a cut envelope", good[..good.len() / 2].to_vec()),
        ("a changed envelope", changed),
        ("a report under another session's key", spliced.encode()),
        ("a session of its own making", forged_session.encode()),
        ("another site's session", foreign.envelope("login", 0)),
        (
            "an empty report",
            page.envelope_of(&Report::default(), "login", 3),
        ),
        ("a plain report with a strange reason", vec![0, 99]),
        (
            "a plain report with a strange action",
            b"\x00\x01log in".to_vec(),
        ),
    ] {
        let answer = kit.post_report(body).await;
        assert_eq!(answer.status, 200, "{what}");
        assert_eq!(answer.body.len(), honest.body.len(), "{what}");
        assert_eq!(
            answer.header("content-type"),
            honest.header("content-type"),
            "{what}"
        );
        let token = answer.text();
        let assessment = kit.assess(&kit.shop, json!({"token": token})).await;
        let score = assessment["riskAnalysis"]["score"].as_f64().unwrap();
        assert!(score <= 0.1, "{what}: {score}");
    }
}

#[tokio::test]
async fn an_envelope_posted_twice_spends_once() {
    let kit = Kit::start().await;
    let page = kit.page().await;
    let envelope = page.envelope("login", 4);
    let resealed = page.envelope_of(
        &Report {
            sealed_at: 70_000,
            ..quiet_report()
        },
        "login",
        4,
    );
    let mut verdicts = Vec::new();
    for body in [envelope.clone(), envelope, resealed] {
        let token = kit.post_report(body).await.text();
        let answer = kit.assess(&kit.shop, json!({"token": token})).await;
        verdicts.push(
            answer["tokenProperties"]["invalidReason"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    assert_eq!(verdicts, ["INVALID_REASON_UNSPECIFIED", "DUPE", "DUPE"]);
}

#[tokio::test]
async fn an_envelope_does_not_count_for_another_site_key() {
    let kit = Kit::start().await;
    let envelope = kit.page().await.envelope("login", 0);
    let path = format!("/recaptcha/agent/token?k={}", kit.other.site_key);
    let mut headers = BROWSER;
    headers[0] = ("origin", "https://other.example");
    let token = kit.send("POST", &path, &headers, envelope).await.text();
    let answer = kit.assess(&kit.other, json!({"token": token})).await;
    assert!(answer["riskAnalysis"]["score"].as_f64().unwrap() <= 0.1);
}

#[tokio::test]
async fn a_report_that_claims_a_browser_but_comes_without_one_s_headers_scores_at_most_0_1() {
    let kit = Kit::start().await;
    let path = format!("/recaptcha/agent/token?k={}", kit.shop.site_key);
    let headers = [("origin", ORIGIN), ("user-agent", kit::USER_AGENT)];
    let body = kit.page().await.envelope("login", 0);
    let token = kit.send("POST", &path, &headers, body).await.text();
    let answer = kit.assess(&kit.shop, json!({"token": token})).await;
    assert!(
        answer["riskAnalysis"]["score"].as_f64().unwrap() <= 0.1,
        "{answer}"
    );
}

#[tokio::test]
async fn a_body_beyond_all_bounds_is_turned_away() {
    let kit = Kit::start().await;
    for path in ["session", "token"] {
        let path = format!("/recaptcha/agent/{path}?k={}", kit.shop.site_key);
        let answer = kit.send("POST", &path, &BROWSER, vec![1; 70_000]).await;
        assert_eq!(answer.status, 413);
    }
}
