//! What an edge asks: firewall policies, express assessments, tokens that stand for a session.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod kit;

use kit::{Customer, Kit, web_settings};
use serde_json::{Value, json};
use touchstone::manage;
use touchstone_api::v1;

/// Keeps firewall policies of the shop, in this order; answers their names.
async fn policies(kit: &Kit, policies: &[Value]) -> Vec<String> {
    let mut names = Vec::new();
    for policy in policies {
        let request = v1::CreateFirewallPolicyRequest {
            parent: "projects/shop".to_owned(),
            firewall_policy: Some(touchstone_api::decode(policy.to_string().as_bytes()).unwrap()),
        };
        let shop = "shop".parse().unwrap();
        let made = manage::firewall_policies::create_firewall_policy(&kit.verifier, &shop, request);
        names.push(made.await.unwrap().name);
    }
    names
}

fn waf_settings(feature: &str) -> Value {
    let mut settings = web_settings("SCORE");
    settings["wafSettings"] = json!({"wafService": "CLOUDFLARE", "wafFeature": feature});
    settings
}

async fn refused(kit: &Kit, customer: &Customer, event: Value, field: &str) {
    let answer = kit.assess_with(customer, event, &[]).await;
    assert_eq!(answer.status, 400, "{}", answer.text());
    let error = &answer.json()["error"];
    assert_eq!(error["status"], "INVALID_ARGUMENT");
    let violation = &error["details"][0]["fieldViolations"][0];
    assert_eq!(violation["field"], field, "{error}");
    assert!(!violation["description"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn the_first_policy_that_matches_is_answered_whole() {
    let kit = Kit::start().await;
    let block = json!({
        "path": "/login", "condition": "recaptcha.score < 0.7 && recaptcha.token.valid",
        "description": "doubtful", "actions": [{"setHeader": {"key": "x-risk", "value": "1"}}, {"block": {}}],
    });
    let rest = json!({"path": "/login", "condition": "!recaptcha.token.valid", "actions": [{"redirect": {}}]});
    let names = policies(&kit, &[block, rest]).await;
    let event = json!({
        "token": kit.token("login").await, "firewallPolicyEvaluation": true,
        "requestedUri": "https://www.shop.example/login?next=/",
    });
    let answer = kit.assess(&kit.shop, event.clone()).await;
    let said = &answer["firewallPolicyAssessment"];
    assert_eq!(said["firewallPolicy"]["name"], names[0]);
    assert_eq!(said["firewallPolicy"]["description"], "doubtful");
    assert_eq!(said["firewallPolicy"]["actions"][1], json!({"block": {}}));
    assert_eq!(said.get("error"), None);

    let again = kit.assess(&kit.shop, event).await;
    let said = &again["firewallPolicyAssessment"]["firewallPolicy"];
    assert_eq!(said["name"], names[1], "a spent token is not valid");
}

#[tokio::test]
async fn policies_are_asked_only_on_request_and_a_bad_uri_is_told() {
    let kit = Kit::start().await;
    let answer = kit.assess(&kit.shop, json!({"token": "x"})).await;
    assert_eq!(answer.get("firewallPolicyAssessment"), None);
    let event = json!({"token": "x", "firewallPolicyEvaluation": true, "requestedUri": "/a"});
    let answer = kit.assess(&kit.shop, event).await;
    let said = &answer["firewallPolicyAssessment"];
    assert_eq!(said["firewallPolicy"]["name"], "", "there are no policies");
    for uri in ["", "http://"] {
        let event = json!({"token": "x", "firewallPolicyEvaluation": true, "requestedUri": uri});
        let answer = kit.assess(&kit.shop, event).await;
        let said = &answer["firewallPolicyAssessment"];
        assert_eq!(said["error"]["code"], 3, "{said}");
        assert!(
            said["error"]["message"]
                .as_str()
                .unwrap()
                .contains("requestedUri")
        );
        assert_eq!(said.get("firewallPolicy"), None);
    }
}

#[tokio::test]
async fn a_policy_sees_kind_address_path_and_domain() {
    let kit = Kit::start().await;
    let condition = "recaptcha.assessment_type == AssessmentType.EXPRESS && http.ip == '203.0.113.7' \
                     && http.path == '/a' && http.domain == 'shop.example' && recaptcha.token.action == '' \
                     && recaptcha.score == 0.5";
    let names = policies(
        &kit,
        &[json!({"condition": condition, "actions": [{"allow": {}}]})],
    )
    .await;
    let key = kit.key(json!({"expressSettings": {}})).await;
    let mut event = json!({
        "siteKey": key.site_key, "express": true, "firewallPolicyEvaluation": true,
        "userIpAddress": "203.0.113.7", "requestedUri": "https://shop.example/a?b",
    });
    let answer = kit.assess(&key, event.clone()).await;
    let said = &answer["firewallPolicyAssessment"]["firewallPolicy"];
    assert_eq!(said["name"], names[0], "{answer}");
    event["userIpAddress"] = json!("::ffff:203.0.113.7");
    let answer = kit.assess(&key, event.clone()).await;
    assert_eq!(
        answer["firewallPolicyAssessment"]["firewallPolicy"]["name"],
        names[0]
    );
    event["userIpAddress"] = json!("203.0.113.8");
    let answer = kit.assess(&key, event).await;
    assert_eq!(
        answer["firewallPolicyAssessment"]["firewallPolicy"]["name"],
        ""
    );
}

#[tokio::test]
async fn an_express_assessment_says_how_little_is_known() {
    let kit = Kit::start().await;
    let express = kit.key(json!({"expressSettings": {}})).await;
    let older = kit.key(waf_settings("EXPRESS")).await;
    for key in [express, older] {
        let event = json!({
            "siteKey": key.site_key, "express": true, "userIpAddress": "203.0.113.7", "ja3": "0123456789abcdef0123456789abcdef",
            "userAgent": "okhttp/5.1.0", "headers": ["accept: */*"], "requestedUri": "https://shop.example/api",
        });
        let answer = kit.assess(&key, event).await;
        assert_eq!(answer["riskAnalysis"]["score"], 0.5);
        assert_eq!(
            answer["riskAnalysis"]["reasons"],
            json!(["LOW_CONFIDENCE_SCORE"])
        );
        assert_eq!(answer["tokenProperties"]["valid"], false);
        assert_eq!(answer["tokenProperties"]["invalidReason"], "MISSING");
        assert_eq!(answer["event"]["ja3"], "0123456789abcdef0123456789abcdef");
    }
}

#[tokio::test]
async fn an_express_assessment_judges_what_contradicts_itself_and_what_comes_in_floods() {
    let kit = Kit::start().await;
    let key = kit.key(json!({"expressSettings": {}})).await;
    let headless = json!({
        "siteKey": key.site_key, "express": true,
        "userAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36",
    });
    let answer = kit.assess(&key, headless).await;
    assert!(answer["riskAnalysis"]["score"].as_f64().unwrap() <= 0.1);
    assert_eq!(answer["riskAnalysis"]["reasons"][0], "AUTOMATION");

    let told = "user-agent: Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/142.0.0.0 Safari/537.36";
    let by_header = json!({"siteKey": key.site_key, "express": true, "headers": [told]});
    let answer = kit.assess(&key, by_header).await;
    assert_eq!(answer["riskAnalysis"]["reasons"][0], "AUTOMATION");

    let event = json!({"siteKey": key.site_key, "express": true, "userIpAddress": "203.0.113.7"});
    kit.clock.advance(3 * 3_600_000);
    let mut scores = Vec::new();
    for _ in 0..700 {
        let answer = kit.assess(&key, event.clone()).await;
        scores.push(answer["riskAnalysis"]["score"].as_f64().unwrap());
    }
    assert!(scores[..500].iter().all(|score| *score == 0.5));
    assert_eq!(scores.last(), Some(&0.3));
    let quiet = json!({"siteKey": key.site_key, "express": true, "userIpAddress": "203.0.114.7"});
    assert_eq!(kit.assess(&key, quiet).await["riskAnalysis"]["score"], 0.5);
}

#[tokio::test]
async fn express_and_the_key_must_go_together() {
    let kit = Kit::start().await;
    let express = kit.key(json!({"expressSettings": {}})).await;
    let (key, shop) = (&express.site_key, &kit.shop);
    for (event, field) in [
        (json!({"express": true}), "siteKey"),
        (json!({"express": true, "siteKey": "6Lnobody"}), "siteKey"),
        (
            json!({"express": true, "siteKey": kit.other.site_key}),
            "siteKey",
        ),
        (
            json!({"express": true, "siteKey": shop.site_key}),
            "express",
        ),
        (
            json!({"express": true, "siteKey": key, "token": "x"}),
            "token",
        ),
        (
            json!({"express": true, "siteKey": key, "wafTokenAssessment": true}),
            "wafTokenAssessment",
        ),
        (json!({"siteKey": key}), "express"),
        (
            json!({"siteKey": shop.site_key, "token": "x", "wafTokenAssessment": true}),
            "wafTokenAssessment",
        ),
    ] {
        refused(&kit, shop, event, &format!("assessment.event.{field}")).await;
    }
}

#[tokio::test]
async fn a_token_of_an_action_counts_once_and_one_of_a_session_for_half_an_hour() {
    let kit = Kit::start().await;
    let action = kit.key(waf_settings("ACTION_TOKEN")).await;
    let token = kit.token_for(&action, "login").await;
    let event = json!({"token": token, "siteKey": action.site_key, "wafTokenAssessment": true});
    assert_eq!(
        kit.assess(&action, event.clone()).await["tokenProperties"]["valid"],
        true
    );
    let again = kit.assess(&action, event).await;
    assert_eq!(again["tokenProperties"]["invalidReason"], "DUPE");

    for feature in ["SESSION_TOKEN", "CHALLENGE_PAGE"] {
        let session = kit.key(waf_settings(feature)).await;
        let token = kit.token_for(&session, "").await;
        let event =
            json!({"token": token, "siteKey": session.site_key, "wafTokenAssessment": true});
        let mut names = std::collections::HashSet::new();
        for _ in 0..60 {
            let answer = kit.assess(&session, event.clone()).await;
            assert_eq!(answer["tokenProperties"]["valid"], true);
            assert_eq!(
                answer["riskAnalysis"]["score"], 0.5,
                "many requests of a session are no haste"
            );
            assert!(names.insert(answer["name"].as_str().unwrap().to_owned()));
        }
        kit.clock.advance(29 * 60_000);
        assert_eq!(
            kit.assess(&session, event.clone()).await["tokenProperties"]["valid"],
            true
        );
        kit.clock.advance(60_000);
        let late = kit.assess(&session, event).await;
        assert_eq!(late["tokenProperties"]["invalidReason"], "EXPIRED");
    }
}

#[tokio::test]
async fn what_else_an_event_tells_is_echoed_and_nothing_is_made_up_about_it() {
    let kit = Kit::start().await;
    let event = json!({
        "token": kit.token("checkout").await, "fraudPrevention": "ENABLED", "ja4": "t13d1516h2_8daaf6152771_e5627efa2ab1",
        "transactionData": {"transactionId": "t1", "value": 12.5, "currencyCode": "EUR"},
        "userInfo": {"accountId": "a1", "userIds": [{"phoneNumber": "+15555550123"}]},
    });
    let answer = kit.assess(&kit.shop, event.clone()).await;
    for field in ["fraudPrevention", "ja4"] {
        assert_eq!(answer["event"][field], event[field]);
    }
    assert_eq!(answer["event"]["transactionData"]["transactionId"], "t1");
    assert_eq!(answer["event"]["userInfo"]["accountId"], "a1");
    for field in [
        "fraudPreventionAssessment",
        "phoneFraudAssessment",
        "fraudSignals",
    ] {
        assert_eq!(answer.get(field), None, "{field}");
    }
}
