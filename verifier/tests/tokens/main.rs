//! The life of a token, as a backend sees it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

#[path = "../kit/mod.rs"]
mod kit;

mod assessed;

use kit::{BROWSER, Kit, ORIGIN, START};
use serde_json::{Value, json};
use touchstone_protocol::BROWSER_ERROR_PREFIX;

/// Whether valid, why not, and the score.
fn verdict(assessment: &Value) -> (bool, &str, f64) {
    let token = &assessment["tokenProperties"];
    (
        token["valid"].as_bool().unwrap(),
        token["invalidReason"].as_str().unwrap(),
        assessment["riskAnalysis"]["score"].as_f64().unwrap(),
    )
}

#[tokio::test]
async fn a_token_is_valid_once_and_a_dupe_ever_after() {
    let kit = Kit::start().await;
    let event = json!({"token": kit.token("login").await, "siteKey": kit.shop.site_key});
    let first = kit.assess(&kit.shop, event.clone()).await;
    assert_eq!(verdict(&first), (true, "INVALID_REASON_UNSPECIFIED", 0.5));
    assert_eq!(
        first["riskAnalysis"]["reasons"],
        json!(["LOW_CONFIDENCE_SCORE"])
    );
    assert_eq!(first["tokenProperties"]["action"], "login");
    assert_eq!(first["tokenProperties"]["hostname"], "www.shop.example");
    assert_eq!(
        first["tokenProperties"]["createTime"],
        "2027-01-15T08:00:01Z"
    );
    assert_eq!(first["tokenProperties"]["clientSignalsFailed"], false);
    assert_eq!(
        first["tokenProperties"]["clientProperties"]["userIpAddress"],
        "127.0.0.1"
    );
    assert_eq!(first["event"]["siteKey"], kit.shop.site_key.as_str());
    for _ in 0..2 {
        let again = kit.assess(&kit.shop, event.clone()).await;
        assert_eq!(verdict(&again), (false, "DUPE", 0.0));
        assert_eq!(
            again["tokenProperties"]["createTime"],
            "1970-01-01T00:00:00Z"
        );
        assert_ne!(again["name"], first["name"]);
    }
}

#[tokio::test]
async fn of_many_backends_that_spend_one_token_at_once_one_is_told_valid() {
    let kit = Kit::start().await;
    let token = kit.token("login").await;
    let asked = (0..24).map(|_| kit.assess(&kit.shop, json!({"token": token})));
    let mut valid = 0;
    let mut pending: Vec<_> = asked.map(Box::pin).collect();
    let answers = std::future::poll_fn(|context| {
        use std::{future::Future, task::Poll};
        pending.retain_mut(|future| match future.as_mut().poll(context) {
            Poll::Ready(answer) => {
                valid += usize::from(verdict(&answer).0);
                false
            }
            Poll::Pending => true,
        });
        if pending.is_empty() {
            Poll::Ready(valid)
        } else {
            Poll::Pending
        }
    });
    assert_eq!(answers.await, 1);
}

#[tokio::test]
async fn a_token_expires_after_two_minutes() {
    let kit = Kit::start().await;
    let (early, late) = (kit.token("login").await, kit.token("login").await);
    kit.clock.advance(119_999);
    assert!(verdict(&kit.assess(&kit.shop, json!({"token": early})).await).0);
    kit.clock.advance(1);
    let expired = kit.assess(&kit.shop, json!({"token": late})).await;
    assert_eq!(verdict(&expired), (false, "EXPIRED", 0.0));
}

#[tokio::test]
async fn what_is_no_token_is_a_200_with_its_reason() {
    let kit = Kit::start().await;
    let token = kit.token("login").await;
    let mut changed = token.clone();
    changed.replace_range(700..701, if &token[700..701] == "A" { "B" } else { "A" });
    let browser_error = format!("{BROWSER_ERROR_PREFIX}{}", "-".repeat(103));
    for (text, reason) in [
        ("", "MISSING"),
        (&token[..token.len() - 4], "MALFORMED"),
        (&format!("{token}AAAA"), "MALFORMED"),
        (&changed, "MALFORMED"),
        (&"A".repeat(5_000), "MALFORMED"),
        ("Ω≈ç√", "MALFORMED"),
        (&browser_error, "BROWSER_ERROR"),
    ] {
        for event in [
            json!({"token": text}),
            json!({"token": text, "siteKey": kit.shop.site_key}),
        ] {
            let answer = kit.assess(&kit.shop, event).await;
            assert_eq!(verdict(&answer), (false, reason, 0.0), "{text:.40}");
            assert_eq!(
                answer["tokenProperties"]["createTime"],
                "1970-01-01T00:00:00Z"
            );
            assert_eq!(answer["riskAnalysis"]["reasons"], json!([]));
        }
    }
    assert!(
        verdict(&kit.assess(&kit.shop, json!({"token": token})).await).0,
        "nothing was spent"
    );
}

#[tokio::test]
async fn a_foreign_key_is_a_mismatch_and_spends_nothing() {
    let kit = Kit::start().await;
    let token = kit.token("login").await;
    for (customer, event) in [
        (
            &kit.shop,
            json!({"token": token, "siteKey": kit.other.site_key}),
        ),
        (&kit.shop, json!({"token": token, "siteKey": "6Lnobody"})),
        (
            &kit.other,
            json!({"token": token, "siteKey": kit.shop.site_key}),
        ),
        (&kit.other, json!({"token": token})),
    ] {
        let answer = kit.assess(customer, event).await;
        assert_eq!(verdict(&answer), (false, "KEY_MISMATCH", 0.0));
        assert_eq!(
            answer["tokenProperties"]["hostname"], "",
            "another project's page is not told"
        );
    }
    assert!(verdict(&kit.assess(&kit.shop, json!({"token": token})).await).0);
}

#[tokio::test]
async fn the_page_s_host_must_be_one_of_the_key_s_domains() {
    let kit = Kit::start().await;
    for (origin, valid, hostname) in [
        ("https://shop.example", true, "shop.example"),
        (
            "https://eu.www.shop.example:8443",
            true,
            "eu.www.shop.example",
        ),
        (
            "https://shop.example.evil.example",
            false,
            "shop.example.evil.example",
        ),
        ("null", false, ""),
    ] {
        let page = kit.page_of(&kit.shop.site_key, origin).await;
        assert_eq!(page.challenge.host_not_allowed, !valid, "{origin}");
        let mut headers = BROWSER;
        headers[0] = ("origin", origin);
        let path = format!("/recaptcha/agent/token?k={}", kit.shop.site_key);
        let token = kit
            .send("POST", &path, &headers, page.envelope("login", 0))
            .await
            .text();
        let answer = kit.assess(&kit.shop, json!({"token": token})).await;
        let reason = if valid {
            "INVALID_REASON_UNSPECIFIED"
        } else {
            "DOMAIN_MISMATCH"
        };
        assert_eq!(
            (verdict(&answer).0, verdict(&answer).1),
            (valid, reason),
            "{origin}"
        );
        assert_eq!(answer["tokenProperties"]["hostname"], hostname);
        let again = kit.assess(&kit.shop, json!({"token": token})).await;
        assert!(!verdict(&again).0, "a second try does not help");
    }
}

#[tokio::test]
async fn a_token_issued_before_the_store_was_made_is_not_valid() {
    let kit = Kit::start().await;
    let token = kit.token("login").await;
    let store = &kit.verifier.store;
    store
        .raise_low_water_mark(touchstone_store::Millis(START + 2_000))
        .await
        .unwrap();
    let answer = kit.assess(&kit.shop, json!({"token": token})).await;
    assert_eq!(verdict(&answer), (false, "DUPE", 0.0));
}

#[tokio::test]
async fn a_repeated_request_gets_its_first_answer_for_two_minutes() {
    let kit = Kit::start().await;
    let event = json!({"token": kit.token("login").await});
    let key = [("idempotency-key", "order-17")];
    kit.clock.advance(110_000);
    let first = kit.assess_with(&kit.shop, event.clone(), &key).await;
    assert!(verdict(&first.json()).0);
    kit.clock.advance(100_000);
    let again = kit.assess_with(&kit.shop, event.clone(), &key).await;
    assert_eq!(
        again.body, first.body,
        "also when the token has expired since"
    );

    let other = kit
        .assess_with(&kit.shop, json!({"token": "x"}), &key)
        .await;
    assert_eq!(other.status, 400);
    assert!(other.text().contains("Idempotency-Key"));
    let elsewhere = kit.assess_with(&kit.other, event.clone(), &key).await;
    assert_eq!(
        verdict(&elsewhere.json()).1,
        "KEY_MISMATCH",
        "another customer's key is another key"
    );
    kit.clock.advance(30_000);
    let late = kit.assess_with(&kit.shop, event, &key).await;
    assert_eq!(verdict(&late.json()).1, "EXPIRED");
}

#[tokio::test]
async fn a_rotation_of_the_ring_refuses_no_token() {
    let kit = Kit::start().await;
    let before = kit.token("login").await;
    let page = kit.page().await;
    kit.data.rotate_ring(kit.verifier.now()).unwrap();
    kit.verifier.ring.look().await;
    kit.clock.advance(71_000);
    let after = kit.token("login").await;
    let of_old_session = kit.post_report(page.envelope("login", 0)).await.text();
    for token in [before, after, of_old_session] {
        assert!(verdict(&kit.assess(&kit.shop, json!({"token": token})).await).0);
    }
}

#[tokio::test]
async fn a_refreshed_session_remembers_when_the_page_was_first_seen() {
    let kit = Kit::start().await;
    let first = kit.page().await;
    kit.clock.advance(700_000);
    let answer = kit.post_report(first.envelope("login", 0)).await;
    assert_eq!(
        answer.header("content-type"),
        "application/octet-stream",
        "the session is over"
    );
    let page = kit::Page {
        challenge: touchstone_protocol::Challenge::decode(&answer.body).unwrap(),
    };
    let ring = kit.verifier.ring();
    let session = touchstone_token::Session::open(&ring, &page.challenge.sealed).unwrap();
    assert_eq!(
        (session.first_seen, session.issued_at),
        (START + 1_000, START + 701_000)
    );
    let token = kit.post_report(page.envelope("login", 0)).await.text();
    assert!(verdict(&kit.assess(&kit.shop, json!({"token": token})).await).0);

    let path = format!("/recaptcha/agent/session?k={}", kit.shop.site_key);
    let headers = [("origin", ORIGIN)];
    let foreign = kit
        .page_of(&kit.other.site_key, "https://other.example")
        .await;
    for (previous, first_seen) in [
        (page.challenge.sealed.clone(), START + 1_000),
        (foreign.challenge.sealed.clone(), START + 701_000),
        (b"nonsense".to_vec(), START + 701_000),
    ] {
        let answer = kit.send("POST", &path, &headers, previous).await;
        let challenge = touchstone_protocol::Challenge::decode(&answer.body).unwrap();
        let session = touchstone_token::Session::open(&ring, &challenge.sealed).unwrap();
        assert_eq!(session.first_seen, first_seen);
    }
}
