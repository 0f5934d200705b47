//! What comes to many accounts at once, and that a crowd of people is no attack.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::kit::Kit;

#[tokio::test]
async fn an_address_that_asks_for_many_accounts_shows_and_refuses_nobody() {
    let kit = Kit::start().await;
    // Long enough for the verifier to know what is ordinary.
    kit.clock.advance(3 * DAY);
    let mut last = Value::Null;
    for number in 0..30 {
        last = login(&kit, &format!("user-{number}"), "198.51.100.9").await;
        let name = last["name"].as_str().unwrap();
        let key = [("x-goog-api-key", kit.shop.api_key.as_str())];
        let wrong = json!({"reasons": ["INCORRECT_PASSWORD"]}).to_string();
        let answer = kit
            .send("POST", &format!("/v1/{name}:annotate"), &key, wrong)
            .await;
        assert_eq!(answer.status.as_u16(), 200);
        kit.clock.advance(1_000);
    }
    let verdict = &last["accountDefenderAssessment"]["accountTakeoverVerdict"];
    let reasons = verdict["riskReasons"].to_string();
    assert!(reasons.contains("CLIENT_ACCESSED_MANY_ACCOUNTS"), "{last}");
    assert!(
        last["riskAnalysis"]["score"].as_f64().unwrap() >= 0.5,
        "{last}"
    );
    let elsewhere = login(&kit, "bystander", "203.0.113.4").await;
    let calm = &elsewhere["accountDefenderAssessment"]["accountTakeoverVerdict"];
    assert!(
        calm["risk"].as_f64() < verdict["risk"].as_f64(),
        "{elsewhere}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn annotations_of_one_account_at_once_are_all_taken() {
    let kit = Kit::start().await;
    let mut names = Vec::new();
    for _ in 0..20 {
        let answer = login(&kit, "alice", "198.51.100.9").await;
        names.push(answer["name"].as_str().unwrap().to_owned());
    }
    let key = [("x-goog-api-key", kit.shop.api_key.as_str())];
    let right = json!({"reasons": ["CORRECT_PASSWORD"]}).to_string();
    let paths: Vec<String> = names
        .iter()
        .map(|name| format!("/v1/{name}:annotate"))
        .collect();
    let all = paths
        .iter()
        .map(|path| kit.send("POST", path, &key, right.clone()));
    for answer in join_all(all).await {
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
    }
}

async fn login(kit: &Kit, account: &str, from: &str) -> Value {
    let token = kit.token("login").await;
    let user = json!({"accountId": account});
    let event = json!({"token": token, "userIpAddress": from, "userInfo": user});
    kit.assess(&kit.shop, event).await
}

const DAY: u64 = 86_400_000;
