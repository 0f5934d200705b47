//! Keys for automated tests of sites: documented, with public secrets, and off unless the operator allows them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod kit;

use kit::{BROWSER, Customer, Kit};
use serde_json::{Value, json};
use touchstone::keys::{Scope, TEST_KEYS, TEST_PROJECT, TestKey, TestOutcome, new_api_key};
use touchstone_store::Millis;

async fn allowing() -> Kit {
    Kit::start_with(|config| config.allow_test_keys = true).await
}

async fn verify(kit: &Kit, secret: &str, response: &str) -> Value {
    let path = format!("/recaptcha/api/siteverify?secret={secret}&response={response}");
    kit.send("GET", &path, &[], "").await.json()
}

/// A token of a page with the test key, on a host of its own.
async fn token(kit: &Kit, key: &TestKey) -> String {
    let page = kit.page_of(key.site_key, "http://localhost:3000").await;
    let path = format!("/recaptcha/agent/token?k={}", key.site_key);
    let mut headers = BROWSER;
    headers[0].1 = "http://localhost:3000";
    kit.send("POST", &path, &headers, page.envelope("login", 0))
        .await
        .text()
}

#[tokio::test]
async fn test_keys_are_unknown_unless_allowed() {
    let kit = Kit::start().await;
    for key in TEST_KEYS {
        let answer = verify(&kit, key.secret, "any").await;
        assert_eq!(answer["error-codes"], json!(["invalid-input-secret"]));
        let path = format!("/recaptcha/agent/session?k={}", key.site_key);
        assert_ne!(kit.send("POST", &path, &[], "").await.status, 200);
    }
}

#[tokio::test]
async fn a_backend_s_tests_may_post_any_text() {
    let kit = allowing().await;
    for key in TEST_KEYS {
        let answer = verify(&kit, key.secret, "any").await;
        let passes = key.outcome != TestOutcome::Fails;
        assert_eq!(answer["success"], passes, "{answer}");
        if passes {
            assert_eq!(answer["hostname"], "testkey.touchstone");
        }
        match key.outcome {
            TestOutcome::Score(score) => assert_eq!(answer["score"].to_string(), score.to_string()),
            _ => assert!(answer.get("score").is_none()),
        }
    }
    let missing = verify(&kit, TEST_KEYS[0].secret, "").await;
    assert_eq!(missing["error-codes"], json!(["missing-input-response"]));
}

#[tokio::test]
async fn a_page_with_a_test_key_gets_tokens_that_name_the_test_host() {
    let kit = allowing().await;
    for key in TEST_KEYS
        .iter()
        .filter(|key| key.outcome != TestOutcome::Fails)
    {
        let token = token(&kit, key).await;
        let answer = verify(&kit, key.secret, &token).await;
        assert_eq!(
            (&answer["success"], &answer["hostname"]),
            (&json!(true), &json!("testkey.touchstone")),
            "{answer}"
        );
        let again = verify(&kit, key.secret, &token).await;
        assert_eq!(
            again["error-codes"],
            json!(["timeout-or-duplicate"]),
            "it is a token like any other"
        );
    }
}

#[tokio::test]
async fn test_secrets_take_no_real_token_and_real_secrets_no_test_token() {
    let kit = allowing().await;
    let real = kit.token("login").await;
    for key in TEST_KEYS {
        let answer = verify(&kit, key.secret, &real).await;
        assert_eq!(answer["error-codes"], json!(["invalid-input-response"]));
    }
    assert_eq!(
        verify(&kit, &kit.shop.secret, &real).await["success"],
        true,
        "nor do they spend it"
    );
    let test = token(&kit, &TEST_KEYS[0]).await;
    let answer = verify(&kit, &kit.shop.secret, &test).await;
    assert_eq!(answer["error-codes"], json!(["invalid-input-response"]));
    let event = json!({"token": test, "siteKey": kit.shop.site_key});
    let answer = kit.assess(&kit.shop, event).await;
    assert_eq!(answer["tokenProperties"]["valid"], false);
    assert_eq!(
        verify(&kit, &kit.shop.secret, "any").await["success"],
        false
    );
}

#[tokio::test]
async fn assessments_with_test_keys_answer_the_documented_score() {
    let kit = allowing().await;
    let project = TEST_PROJECT.parse().unwrap();
    let now = Millis(kit.verifier.now());
    let api_key = new_api_key(
        &kit.verifier.vault,
        project,
        String::new(),
        &Scope::ALL,
        now,
    )
    .unwrap();
    kit.verifier
        .store
        .create_api_key(api_key.record)
        .await
        .unwrap();
    for key in TEST_KEYS {
        let score = match key.outcome {
            TestOutcome::Score(score) => score,
            TestOutcome::Passes => 0.9,
            TestOutcome::Fails => {
                let asked = token(&kit, &key).await;
                assert!(asked.contains("\"question\""), "{asked}");
                continue;
            }
        };
        let customer = Customer {
            project: TEST_PROJECT,
            site_key: key.site_key.to_owned(),
            secret: key.secret.to_owned(),
            api_key: api_key.text.to_string(),
        };
        let event = json!({"token": token(&kit, &key).await, "siteKey": key.site_key});
        let answer = kit.assess(&customer, event).await;
        assert_eq!(answer["tokenProperties"]["valid"], true, "{answer}");
        assert_eq!(answer["tokenProperties"]["hostname"], "testkey.touchstone");
        assert_eq!(
            answer["riskAnalysis"]["score"].to_string(),
            score.to_string()
        );
    }
}
