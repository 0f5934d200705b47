//! What the settings of a site key change.

use super::*;

#[tokio::test]
async fn the_settings_of_a_key_say_how_hard_and_from_which_score_on() {
    let kit = Kit::start().await;
    let key = kit
        .key(json!({"webSettings": {
            "integrationType": "CHECKBOX", "allowedDomains": ["shop.example"],
            "challengeSecurityPreference": "SECURITY",
        }}))
        .await;
    // Of whom nothing is known is asked where security is preferred, and likely a person afterwards.
    let question = post(&kit, &key, &quiet_report()).await.json();
    assert_eq!(question["rounds"], 3);
    assert_eq!(question["options"].as_array().unwrap().len(), 6);
    let token = solve(&kit, &key, question).await;
    assert_eq!(
        outcome(&kit, &key, &token).await,
        ("PASSED".to_owned(), 0.7)
    );

    let key = kit
        .key(json!({"webSettings": {
            "integrationType": "POLICY_BASED_CHALLENGE", "allowedDomains": ["shop.example"],
            "challengeSettings": {
                "defaultSettings": {"scoreThreshold": 0.0},
                "actionSettings": {"LogIn": {"scoreThreshold": 0.6}, "pay": {"scoreThreshold": 1.0}},
            },
        }}))
        .await;
    for (action, is_asked) in [("login", true), ("pay", true), ("read", false)] {
        let text = kit.token_for(&key, action).await;
        assert_eq!(text.starts_with('{'), is_asked, "{action}");
    }
}

#[tokio::test]
async fn a_site_that_tests_chooses_the_outcome() {
    let kit = Kit::start().await;
    let web = json!({"integrationType": "CHECKBOX", "allowedDomains": ["shop.example"]});
    let testing = |options: Value| json!({"webSettings": web, "testingOptions": options});
    let passes = kit
        .key(testing(json!({"testingChallenge": "NOCAPTCHA"})))
        .await;
    let token = post(&kit, &passes, &driven()).await.text();
    assert_eq!(outcome(&kit, &passes, &token).await.0, "NOCAPTCHA");

    let fails = kit
        .key(testing(json!({"testingChallenge": "UNSOLVABLE_CHALLENGE"})))
        .await;
    let mut question = post(&kit, &fails, &quiet_report()).await.json();
    for _ in 0..MOST_WRONG {
        let picked = right(&kit, &question);
        question = pick(&kit, &fails, &question, picked).await;
    }
    let token = question["token"].as_str().unwrap();
    assert_eq!(outcome(&kit, &fails, token).await.0, "FAILED");

    let low = kit.key(testing(json!({"testingScore": 0.3}))).await;
    assert!(kit.token_for(&low, "login").await.starts_with('{'));
}

#[tokio::test]
async fn an_address_that_the_owner_of_the_key_allows_is_not_asked() {
    let kit = Kit::start().await;
    let customer = key_of(&kit, Integration::Checkbox).await;
    assert!(
        post(&kit, &customer, &driven())
            .await
            .text()
            .starts_with('{')
    );
    let net = "127.0.0.1/32".parse().unwrap();
    let one = IpOverride {
        net,
        verdict: Verdict::Allow,
    };
    let id = customer.site_key.parse().unwrap();
    kit.verifier.store.add_ip_override(&id, one).await.unwrap();
    kit.verifier.ip_overrides.forget(&id);
    let token = post(&kit, &customer, &driven()).await.text();
    let (challenge, score) = outcome(&kit, &customer, &token).await;
    assert_eq!((&*challenge, score), ("NOCAPTCHA", 0.9));
}
