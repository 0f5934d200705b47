//! The life of an account, as its site's backend tells it. Runs on any store.

use serde_json::{Value, json};
use touchstone::accounts::AccountName;

use crate::kit::Kit;

/// Registered, used, proved, tried from elsewhere, annotated, forgotten.
pub async fn tell(kit: &Kit) {
    let home = "198.51.100.7";
    let (_, made) = visit(kit, "register", home).await;
    assert_eq!(made["labels"], json!([]));

    // Regular visits, right passwords: a history, but no proof.
    let mut last = String::new();
    for _ in 0..12 {
        kit.clock.advance(DAY);
        let (name, login) = visit(kit, "login", home).await;
        assert_eq!(login["labels"], json!([]), "{login}");
        annotate(kit, &name, json!({"reasons": ["CORRECT_PASSWORD"]})).await;
        last = name;
    }
    let usual = visit(kit, "login", home).await.1;
    assert_eq!(
        usual["labels"],
        json!([]),
        "nothing but a proof makes a match: {usual}"
    );

    let proof =
        json!({"reasons": ["INITIATED_TWO_FACTOR", "PASSED_TWO_FACTOR"], "accountId": "alice"});
    annotate(kit, &last, proof.clone()).await;
    let proved = profile(kit).await;
    annotate(kit, &last, proof).await;
    assert_eq!(
        profile(kit).await,
        proved,
        "what is said again changes nothing"
    );
    kit.clock.advance(DAY);
    let (_, known) = visit(kit, "login", home).await;
    assert_eq!(known["labels"], json!(["PROFILE_MATCH"]), "{known}");
    let trust = &known["accountTakeoverVerdict"]["trustReasons"];
    assert!(
        trust
            .as_array()
            .unwrap()
            .contains(&json!({"reason": "PROFILE_MATCH"})),
        "{trust}"
    );

    let (stolen, elsewhere) = visit(kit, "login", "203.0.113.77").await;
    assert!(risk(&elsewhere) > risk(&known), "{elsewhere}");
    assert!(
        !elsewhere["labels"].to_string().contains("PROFILE_MATCH"),
        "{elsewhere}"
    );
    annotate(kit, &stolen, json!({"annotation": "FRAUDULENT"})).await;
    kit.clock.advance(DAY);
    let (_, again) = visit(kit, "login", "203.0.113.78").await;
    assert!(risk(&again) > risk(&elsewhere), "{elsewhere}\n{again}");
    let owner = visit(kit, "login", home).await.1;
    assert_eq!(
        owner["labels"],
        json!(["PROFILE_MATCH"]),
        "the owner does not suffer for it: {owner}"
    );

    forget(kit).await;
    let anew = visit(kit, "login", home).await.1;
    assert_eq!(anew["labels"], json!([]), "{anew}");
}

/// A profile that nobody visits lives as long as it is told to.
pub async fn retain(kit: &Kit) {
    visit(kit, "login", "198.51.100.7").await;
    kit.clock.advance(DAY);
    kit.verifier.prune_accounts(DAY).await.unwrap();
    assert!(profile(kit).await.is_some());
    kit.clock.advance(1);
    kit.verifier.prune_accounts(DAY).await.unwrap();
    assert_eq!(profile(kit).await, None);
}

async fn forget(kit: &Kit) {
    let store = &kit.verifier.store;
    let forgotten = store.forget_account(&account(kit)).await.unwrap();
    assert!(forgotten.profile);
    assert_eq!(forgotten.assessments, 18);
    assert_eq!(forgotten.annotations, 2, "those that name it themselves");
    assert_eq!(profile(kit).await, None);
}

/// The name of the assessment, and what it says of the account.
async fn visit(kit: &Kit, action: &str, from: &str) -> (String, Value) {
    let token = kit.token(action).await;
    let user = json!({"accountId": "alice", "userIds": [{"email": "alice@example.com"}]});
    let event =
        json!({"token": token, "expectedAction": action, "userIpAddress": from, "userInfo": user});
    let answer = kit.assess(&kit.shop, event).await;
    assert_eq!(answer["tokenProperties"]["valid"], true, "{answer}");
    assert!(
        answer["riskAnalysis"]["score"].as_f64().unwrap() >= 0.5,
        "{answer}"
    );
    let name = answer["name"].as_str().unwrap().to_owned();
    (name, answer["accountDefenderAssessment"].clone())
}

async fn annotate(kit: &Kit, name: &str, what: Value) {
    let key = [("x-goog-api-key", kit.shop.api_key.as_str())];
    let answer = kit
        .send(
            "POST",
            &format!("/v1/{name}:annotate"),
            &key,
            what.to_string(),
        )
        .await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
}

fn risk(defended: &Value) -> f64 {
    defended["accountTakeoverVerdict"]["risk"].as_f64().unwrap()
}

async fn profile(kit: &Kit) -> Option<Vec<u8>> {
    let kept = kit.verifier.store.profile(&account(kit)).await.unwrap();
    kept.map(|kept| kept.profile)
}

fn account(kit: &Kit) -> touchstone_store::AccountHash {
    AccountName::Id("alice").hash(&kit.verifier.vault, &"shop".parse().unwrap())
}

const DAY: u64 = 86_400_000;
