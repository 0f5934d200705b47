//! What the owner of a site key fixes beforehand: answers for tests, addresses that are allowed, actions that are bound to
//! their tokens.

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

async fn allow(kit: &Kit, customer: &Customer, ip: &str) {
    let request = v1::AddIpOverrideRequest {
        name: format!("projects/shop/keys/{}", customer.site_key),
        ip_override_data: Some(v1::IpOverrideData {
            ip: ip.to_owned(),
            override_type: v1::ip_override_data::OverrideType::Allow.into(),
        }),
    };
    let shop = "shop".parse().unwrap();
    manage::ip_overrides::add_ip_override(&kit.verifier, &shop, request)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_key_for_tests_gives_its_score_in_every_assessment() {
    let kit = Kit::start().await;
    for score in [0.0, 0.25, 1.0] {
        let mut settings = web_settings("SCORE");
        settings["testingOptions"] = json!({"testingScore": score});
        let key = kit.key(settings).await;
        let event = json!({"token": kit.token_for(&key, "login").await, "siteKey": key.site_key});
        let first = kit.assess(&key, event.clone()).await;
        assert_eq!(verdict(&first), (true, "INVALID_REASON_UNSPECIFIED", score));
        assert_eq!(first["riskAnalysis"]["reasons"], json!([]));
        let again = kit.assess(&key, event).await;
        assert_eq!(verdict(&again), (false, "DUPE", score));
        let nothing = json!({"token": "", "siteKey": key.site_key});
        assert_eq!(
            verdict(&kit.assess(&key, nothing).await),
            (false, "MISSING", score)
        );
    }
}

#[tokio::test]
async fn a_key_for_tests_gives_its_challenge_to_valid_tokens() {
    let kit = Kit::start().await;
    let mut settings = web_settings("CHECKBOX");
    settings["testingOptions"] = json!({"testingChallenge": "NOCAPTCHA"});
    let key = kit.key(settings).await;
    let event = json!({"token": kit.token_for(&key, "login").await});
    let answer = kit.assess(&key, event).await;
    assert_eq!(answer["riskAnalysis"]["challenge"], "NOCAPTCHA");
    assert_eq!(verdict(&answer).2, 0.5, "the score is left as it is");
    let bad = kit
        .assess(&key, json!({"token": "", "siteKey": key.site_key}))
        .await;
    let request = v1::GetMetricsRequest {
        name: format!("projects/shop/keys/{}/metrics", key.site_key),
    };
    let shop = "shop".parse().unwrap();
    let metrics = manage::metrics::get_metrics(&kit.verifier, &shop, request).await;
    let counted = metrics.unwrap().challenge_metrics;
    assert_eq!(
        counted.last().unwrap().nocaptcha_count,
        1,
        "once, {counted:?}"
    );
    assert_eq!(bad["riskAnalysis"]["challenge"], "CHALLENGE_UNSPECIFIED");
}

#[tokio::test]
async fn the_classic_verification_obeys_the_same_answers() {
    let kit = Kit::start().await;
    let verify = async |key: &Customer| {
        let token = kit.token_for(key, "login").await;
        let path = format!(
            "/recaptcha/api/siteverify?secret={}&response={token}",
            key.secret
        );
        kit.send("GET", &path, &[], "").await.json()
    };
    let mut settings = web_settings("SCORE");
    settings["testingOptions"] = json!({"testingScore": 0.3});
    let told = verify(&kit.key(settings).await).await;
    assert_eq!(
        (&told["success"], &told["score"]),
        (&json!(true), &json!(0.3))
    );

    let mut settings = web_settings("CHECKBOX");
    settings["testingOptions"] = json!({"testingChallenge": "NOCAPTCHA"});
    let told = verify(&kit.key(settings).await).await;
    assert_eq!(told["success"], true);
    assert_eq!((told.get("score"), told.get("action")), (None, None));
}

#[tokio::test]
async fn an_allowed_address_scores_0_9_if_its_token_is_valid() {
    let kit = Kit::start().await;
    allow(&kit, &kit.shop, "203.0.113.0/24").await;
    for (told, score) in [
        ("203.0.113.77", 0.9),
        ("::ffff:203.0.113.78", 0.9),
        ("203.0.114.1", 0.5),
        ("", 0.5),
    ] {
        let event = json!({"token": kit.token("login").await, "userIpAddress": told});
        let answer = kit.assess(&kit.shop, event.clone()).await;
        assert_eq!(
            verdict(&answer),
            (true, "INVALID_REASON_UNSPECIFIED", score),
            "{told}"
        );
        let reasons = &answer["riskAnalysis"]["reasons"];
        assert_eq!(reasons.as_array().unwrap().is_empty(), score == 0.9);
        let again = kit.assess(&kit.shop, event).await;
        assert_eq!(verdict(&again), (false, "DUPE", 0.0), "{told}");
    }
    let other = kit.key(web_settings("SCORE")).await;
    let event =
        json!({"token": kit.token_for(&other, "login").await, "userIpAddress": "203.0.113.77"});
    assert_eq!(
        verdict(&kit.assess(&other, event).await).2,
        0.5,
        "another key"
    );
}

#[tokio::test]
async fn what_stands_for_nothing_is_refused_with_its_field() {
    let kit = Kit::start().await;
    let event = json!({"token": "x", "fraudPrevention": 99});
    let answer = kit.assess_with(&kit.shop, event, &[]).await;
    assert_eq!(answer.status, 400, "{}", answer.text());
    assert!(answer.text().contains("assessment.event.fraudPrevention"));
}

#[tokio::test]
async fn what_a_page_sends_that_could_not_reach_the_verifier_belongs_to_the_named_key() {
    let kit = Kit::start().await;
    let mut settings = web_settings("SCORE");
    settings["testingOptions"] = json!({"testingScore": 0.3});
    let key = kit.key(settings).await;
    let event = json!({"token": format!("{BROWSER_ERROR_PREFIX}x"), "siteKey": key.site_key});
    let answer = kit.assess(&key, event.clone()).await;
    assert_eq!(verdict(&answer), (false, "BROWSER_ERROR", 0.3));
    let express = kit.key(json!({"expressSettings": {}})).await.site_key;
    let mut event = event;
    event["siteKey"] = json!(express);
    let answer = kit.assess_with(&key, event, &[]).await;
    assert_eq!(answer.status, 400, "{}", answer.text());
    assert!(answer.text().contains("assessment.event.express"));
}

#[tokio::test]
async fn a_backend_that_passes_on_what_a_proxy_said_is_answered() {
    let kit = Kit::start().await;
    allow(&kit, &kit.shop, "203.0.113.0/24").await;
    for (told, score) in [
        ("203.0.113.7:80", 0.9),
        ("203.0.113.7, 10.0.0.1", 0.9),
        ("fe80::1%eth0", 0.5),
        ("999.1.1.1", 0.5),
        ("unknown", 0.5),
        ("None", 0.5),
    ] {
        let event = json!({"token": kit.token("login").await, "userIpAddress": told});
        let answer = kit.assess(&kit.shop, event).await;
        assert_eq!(verdict(&answer).2, score, "{told}");
        assert_eq!(answer["event"]["userIpAddress"], told, "as it was sent");
    }
}

#[tokio::test]
async fn with_a_score_key_another_action_is_the_caller_s_to_compare() {
    let kit = Kit::start().await;
    let event = json!({"token": kit.token("login").await, "expectedAction": "checkout"});
    let answer = kit.assess(&kit.shop, event).await;
    assert!(verdict(&answer).0);
    assert_eq!(answer["tokenProperties"]["action"], "login");
    assert_eq!(answer["event"]["expectedAction"], "checkout");
}

#[tokio::test]
async fn with_a_policy_key_another_action_invalidates_where_there_is_a_threshold() {
    let kit = Kit::start().await;
    let mut settings = web_settings("POLICY_BASED_CHALLENGE");
    settings["webSettings"]["challengeSettings"] = json!({
        "defaultSettings": {"scoreThreshold": 0.0},
        "actionSettings": {"Checkout": {"scoreThreshold": 0.1}},
    });
    let key = kit.key(settings).await;
    for (made_for, expected, reason) in [
        ("checkout", "CHECKOUT", "INVALID_REASON_UNSPECIFIED"),
        ("login", "checkout", "UNEXPECTED_ACTION"),
        ("login", "signup", "INVALID_REASON_UNSPECIFIED"),
        ("login", "", "INVALID_REASON_UNSPECIFIED"),
    ] {
        let token = kit.token_for(&key, made_for).await;
        let event = json!({"token": token, "expectedAction": expected});
        let answer = kit.assess(&key, event.clone()).await;
        assert_eq!(verdict(&answer).1, reason, "{made_for} for {expected}");
        let again = json!({"token": token, "expectedAction": made_for});
        let again = kit.assess(&key, again).await;
        assert_eq!(verdict(&again).1, "DUPE", "a second try does not help");
    }
}

#[tokio::test]
async fn a_universal_key_needs_the_expected_action_and_holds_tokens_to_it() {
    let kit = Kit::start().await;
    let key = kit.key(json!({"universalSettings": {}})).await;
    policy(
        &kit,
        &key,
        json!({"clientSettings": {"allowedDomains": ["shop.example"]}}),
    )
    .await;
    for event in [
        json!({"token": kit.token_for(&key, "login").await}),
        json!({"token": "", "siteKey": key.site_key}),
    ] {
        let answer = kit.assess_with(&key, event, &[]).await;
        assert_eq!(answer.status, 400);
        assert!(
            answer.text().contains("assessment.event.expectedAction"),
            "{}",
            answer.text()
        );
    }
    for (expected, reason) in [
        ("Login", "INVALID_REASON_UNSPECIFIED"),
        ("signup", "UNEXPECTED_ACTION"),
    ] {
        let token = kit.token_for(&key, "login").await;
        let event = json!({"token": token, "expectedAction": expected});
        let answer = kit.assess(&key, event).await;
        assert_eq!(verdict(&answer).1, reason, "{expected}");
        assert_eq!(answer.get("policyEvaluation"), None);
    }
    let (secret, token) = (&key.secret, kit.token_for(&key, "login").await);
    let path = format!("/recaptcha/api/siteverify?secret={secret}&response={token}");
    let told = kit.send("GET", &path, &[], "").await.json();
    assert_eq!(told["action"], "login", "a site that asks so compares it");
    assert!(told["score"].is_number());
}

#[tokio::test]
async fn the_rules_of_a_universal_key_say_when_one_matched() {
    let kit = Kit::start().await;
    let key = kit.key(json!({"universalSettings": {}})).await;
    let settings = json!({
        "clientSettings": {"allowAllDomains": true},
        "challengeRuleGroups": [
            {"actions": ["login"], "challengeRules": [
                {"condition": "user_agent.contains(\"curl\")", "challenge": {"difficulty": "SECURITY"}},
                {"condition": "user_ip_address == \"203.0.113.9\"", "noChallenge": {}},
            ]},
        ],
    });
    policy(&kit, &key, settings).await;
    for (more, action, matches) in [
        (json!({"userAgent": "curl/8"}), "login", true),
        (json!({"userIpAddress": "203.0.113.9"}), "login", true),
        (json!({}), "login", false),
        (json!({"userAgent": "curl/8"}), "signup", false),
    ] {
        let mut event = more;
        event["token"] = json!(kit.token_for(&key, action).await);
        event["expectedAction"] = json!(action);
        let answer = kit.assess(&key, event.clone()).await;
        let expected = matches.then(|| json!({"challengeRuleEvaluation": {}}));
        assert_eq!(answer.get("policyEvaluation"), expected.as_ref(), "{event}");
        let again = kit.assess(&key, event).await;
        assert_eq!(again.get("policyEvaluation"), None, "nor for a spent token");
    }
}

#[tokio::test]
async fn the_rules_of_a_universal_key_decide_who_is_asked_a_question() {
    let kit = Kit::start().await;
    let key = kit.key(json!({"universalSettings": {}})).await;
    let settings = json!({
        "clientSettings": {"allowAllDomains": true},
        "challengeRuleGroups": [{"actions": ["login"], "challengeRules": [
            {"condition": "score > 0.9", "noChallenge": {}},
            {"condition": "user_agent.contains('Firefox')", "challenge": {"difficulty": "SECURITY"}},
        ]}],
    });
    policy(&kit, &key, settings).await;
    let asked: Value = serde_json::from_str(&kit.token_for(&key, "LOGIN").await).unwrap();
    assert_eq!(asked["options"].as_array().unwrap().len(), 6);

    let token = kit.token_for(&key, "read").await;
    let event = json!({"token": token, "expectedAction": "read"});
    let answer = kit.assess(&key, event).await;
    assert_eq!(answer["riskAnalysis"]["challenge"], "NOCAPTCHA");
}

async fn policy(kit: &Kit, key: &Customer, settings: Value) {
    let mut policy: v1::Policy = touchstone_api::decode(settings.to_string().as_bytes()).unwrap();
    policy.name = format!("projects/shop/keys/{}/policy", key.site_key);
    let request = v1::UpdatePolicyRequest {
        policy: Some(policy),
        update_mask: None,
    };
    let shop = "shop".parse().unwrap();
    manage::policies::update_policy(&kit.verifier, &shop, request)
        .await
        .unwrap();
}
