//! What a backend may say of a user, and what it is told for what it may not.

use serde_json::{Value, json};
use tonic::Code;

use crate::kit::Kit;

#[tokio::test]
async fn what_cannot_be_is_named_with_its_field() {
    let kit = Kit::start().await;
    let long = "x".repeat(1_025);
    let user = |info: Value| json!({"event": {"userInfo": info}});
    for (request, field) in [
        (user(json!({"accountId": long})), "userInfo.accountId"),
        (
            user(json!({"createAccountTime": "2099-01-01T00:00:00Z"})),
            "userInfo.createAccountTime",
        ),
        (
            user(json!({"userIds": [{}, {"email": long}]})),
            "userInfo.userIds[1].email",
        ),
        (
            user(json!({"userIds": [{"phoneNumber": long}]})),
            "userInfo.userIds[0].phoneNumber",
        ),
        (
            user(json!({"userIds": vec![json!({"username": "a"}); 65]})),
            "userInfo.userIds",
        ),
        (
            json!({"event": {"hashedAccountId": "A".repeat(1_400)}}),
            "hashedAccountId",
        ),
    ] {
        let told = kit
            .refused_alike(
                "CreateAssessment",
                "projects/shop",
                request,
                &kit.shop.api_key,
            )
            .await;
        assert_eq!(
            told.code,
            Code::InvalidArgument,
            "{field}: {}",
            told.message
        );
        assert_eq!(told.fields, [format!("assessment.event.{field}")]);
    }
}

#[tokio::test]
async fn an_annotation_of_another_account_than_the_assessments_is_refused() {
    let kit = Kit::start().await;
    let key = [("x-goog-api-key", kit.shop.api_key.as_str())];
    let name = assessed(&kit, json!({"userInfo": {"accountId": "alice"}})).await;
    for (annotation, field) in [
        (json!({"accountId": "bob"}), "accountId"),
        (json!({"hashedAccountId": "3q2+7w=="}), "hashedAccountId"),
        (json!({"accountId": "x".repeat(1_025)}), "accountId"),
    ] {
        let answer = kit
            .send(
                "POST",
                &format!("/v1/{name}:annotate"),
                &key,
                annotation.to_string(),
            )
            .await;
        assert_eq!(answer.status.as_u16(), 400, "{}", answer.text());
        let violation = &answer.json()["error"]["details"][0]["fieldViolations"][0];
        assert_eq!(violation["field"], field);
    }
    // One that names an account is taken for an assessment that names none.
    let name = assessed(&kit, json!({})).await;
    let annotation = json!({"accountId": "bob", "annotation": "LEGITIMATE"}).to_string();
    let answer = kit
        .send("POST", &format!("/v1/{name}:annotate"), &key, annotation)
        .await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
}

#[tokio::test]
async fn who_says_nothing_of_a_user_is_told_nothing_and_an_invalid_token_neither() {
    let kit = Kit::start().await;
    let token = kit.token("login").await;
    let plain = kit.assess(&kit.shop, json!({"token": token})).await;
    assert_eq!(plain["accountDefenderAssessment"], Value::Null);
    let user = json!({"accountId": "alice"});
    for token in [token.as_str(), "nonsense"] {
        let event = json!({"token": token, "siteKey": kit.shop.site_key, "userInfo": user});
        let answer = kit.assess(&kit.shop, event).await;
        let defended = &answer["accountDefenderAssessment"];
        assert_eq!(defended["labels"], json!([]), "{answer}");
        assert_eq!(defended["accountTakeoverVerdict"], Value::Null, "{answer}");
    }
}

#[tokio::test]
async fn a_request_without_a_token_is_a_visit_to_an_account_too() {
    let kit = Kit::start().await;
    let key = kit.key(json!({"expressSettings": {}})).await;
    let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let event = json!({
        "express": true, "siteKey": key.site_key, "expectedAction": "login", "userAgent": agent,
        "userIpAddress": "198.51.100.7", "hashedAccountId": "3q2+7w==",
    });
    for labels in [json!([]), json!(["PROFILE_MATCH"])] {
        let answer = kit.assess(&kit.shop, event.clone()).await;
        assert_eq!(
            answer["accountDefenderAssessment"]["labels"], labels,
            "{answer}"
        );
        let path = format!("/v1/{}:annotate", answer["name"].as_str().unwrap());
        let key = [("x-goog-api-key", kit.shop.api_key.as_str())];
        let proof = json!({"annotation": "LEGITIMATE", "hashedAccountId": "3q2+7w=="});
        let answer = kit.send("POST", &path, &key, proof.to_string()).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
    }
}

#[tokio::test]
async fn who_may_see_the_evidence_sees_that_of_the_account() {
    let kit = Kit::start().await;
    let token = kit.token("register").await;
    let user = json!({"accountId": "alice", "userIds": [{"email": "a@mailinator.com"}]});
    let headers = [("x-touchstone-explain", "1")];
    let answer = kit
        .assess_with(
            &kit.shop,
            json!({"token": token, "userInfo": user}),
            &headers,
        )
        .await;
    let answer = answer.json();
    let verdict = &answer["accountDefenderAssessment"]["accountTakeoverVerdict"];
    assert_eq!(
        verdict["riskReasons"],
        json!([{"reason": "DISPOSABLE_EMAIL_DOMAIN"}]),
        "{answer}"
    );
    let account = &answer["touchstone"]["account"];
    assert_eq!(account["risk"], verdict["risk"]);
    let terms = account["terms"].as_array().unwrap();
    let sum: f64 = terms
        .iter()
        .map(|term| term["weight"].as_f64().unwrap())
        .sum();
    assert!(
        (sum - account["sum"].as_f64().unwrap()).abs() < 1e-5,
        "{account}"
    );
    assert!(
        terms.iter().any(|term| term["name"] == "disposable_email"),
        "{account}"
    );
}

async fn assessed(kit: &Kit, mut event: Value) -> String {
    event["token"] = json!(kit.token("login").await);
    let answer = kit.assess(&kit.shop, event).await;
    answer["name"].as_str().unwrap().to_owned()
}
