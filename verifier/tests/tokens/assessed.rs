//! What can be done with an assessment: annotate it, ask why.

use super::*;

#[tokio::test]
async fn an_assessment_can_be_annotated_by_its_own_project_alone() {
    let kit = Kit::start().await;
    let answer = kit
        .assess(&kit.shop, json!({"token": kit.token("login").await}))
        .await;
    let name = answer["name"].as_str().unwrap().to_owned();
    let annotate = async |name: &str, customer: &kit::Customer, body: Value| {
        let key = [("x-goog-api-key", customer.api_key.as_str())];
        kit.send(
            "POST",
            &format!("/v1/{name}:annotate"),
            &key,
            body.to_string(),
        )
        .await
    };
    let good = json!({"annotation": "LEGITIMATE", "reasons": ["PASSED_TWO_FACTOR"]});
    let by_numbers = json!({"annotation": 1, "reasons": [3, 5], "accountId": "u1"});
    let often = json!({"annotation": 2, "reasons": vec![5; 10_000]});
    for body in [good.clone(), by_numbers, often] {
        let answer = annotate(&name, &kit.shop, body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.text().as_str()),
            (200, "{}")
        );
    }
    let id = name.rsplit_once('/').unwrap().1.parse().unwrap();
    let kept = kit
        .verifier
        .store
        .assessment(&"shop".parse().unwrap(), &id)
        .await
        .unwrap()
        .unwrap();
    let reasons: Vec<_> = kept
        .annotations
        .iter()
        .map(|a| (a.annotation, a.reasons.clone()))
        .collect();
    assert_eq!(reasons, [(1, vec![3]), (1, vec![3, 5]), (2, vec![5])]);

    let foreign = name.replace("projects/shop", "projects/other");
    assert_eq!(
        annotate(&foreign, &kit.other, good.clone()).await.status,
        404
    );
    let unknown = format!("projects/shop/assessments/{}", "0".repeat(32));
    assert_eq!(
        annotate(&unknown, &kit.shop, good.clone()).await.status,
        404
    );
    assert_eq!(annotate(&name, &kit.other, good).await.status, 403);
    for (body, field) in [
        (json!({"annotation": "GOOD"}), "annotation"),
        (json!({"reasons": [99]}), "reasons"),
        (
            json!({"transactionEvent": {"eventType": 99}}),
            "transactionEvent.eventType",
        ),
        (
            json!({"transactionEvent": {"value": "NaN"}}),
            "transactionEvent.value",
        ),
        (
            json!({"phoneAuthenticationEvent": {}}),
            "phoneAuthenticationEvent.phoneNumber",
        ),
        (
            json!({"phoneAuthenticationEvent": {"phoneNumber": "0155 1234"}}),
            "phoneAuthenticationEvent.phoneNumber",
        ),
    ] {
        let wrong = annotate(&name, &kit.shop, body).await;
        assert_eq!(wrong.status, 400);
        assert!(wrong.text().contains(field), "{}", wrong.text());
    }
    let events = json!({
        "transactionEvent": {"eventType": "CHARGEBACK", "value": 12.5, "eventTime": "2027-01-15T08:00:00Z"},
        "phoneAuthenticationEvent": {"phoneNumber": "+15555550123"},
    });
    assert_eq!(annotate(&name, &kit.shop, events).await.status, 200);
}

#[tokio::test]
async fn the_evidence_is_shown_to_those_who_may_see_it_and_adds_up() {
    let kit = Kit::start().await;
    let event = json!({"token": kit.token("login").await});
    let explain = [("x-touchstone-explain", "1")];
    let plain = kit::customer(
        &kit.verifier,
        "shop",
        &["x.example"],
        &[touchstone::keys::Scope::Create],
    );
    let plain = plain.await;
    let refused = kit.assess_with(&plain, event.clone(), &explain).await;
    assert_eq!(refused.status, 403);
    assert!(
        refused.text().contains("assessments.explain"),
        "{}",
        refused.text()
    );

    let answer = kit.assess_with(&kit.shop, event, &explain).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let answer = answer.json();
    let told = &answer["touchstone"];
    assert_eq!(told["version"], 1);
    let evidence = told["evidence"].as_array().unwrap();
    assert!(!evidence.is_empty());
    let sum = evidence
        .iter()
        .map(|e| e["weight"].as_f64().unwrap())
        .sum::<f64>();
    let expected = told["sum"].as_f64().unwrap();
    assert!((told["prior"].as_f64().unwrap() + sum - expected).abs() < 1e-4);
    let score = answer["riskAnalysis"]["score"].as_f64().unwrap();
    assert!((1.0 / (1.0 + (-expected).exp()) - score).abs() <= 0.05 + 1e-6);
    let without = kit
        .assess(&kit.shop, json!({"token": kit.token("login").await}))
        .await;
    assert_eq!(without.get("touchstone"), None);
}
