//! What a backend asks, and what is wrong with it.

use serde_json::{Value, json};

use crate::{
    kit::Kit,
    visit::{ADDRESS, ask, assess},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_address_gets_a_request_token_that_tells_nothing_of_it() {
    let kit = Kit::start().await;
    let token = kit.token_for(&kit.shop, "login").await;
    let endpoints = json!([{"emailAddress": ADDRESS}, {"phoneNumber": "+15555550123"}, {"emailAddress": "a@b.de"}]);
    let answer = assess(&kit, &kit.shop, &token, "account-1", endpoints.clone()).await;
    let told = &answer["accountVerification"];
    assert_eq!(
        (&told["languageCode"], &told["latestVerificationResult"]),
        (&json!("de-AT"), &json!("RESULT_UNSPECIFIED"))
    );
    let tokens: Vec<&str> = (0..3)
        .map(|n| told["endpoints"][n]["requestToken"].as_str().unwrap())
        .collect();
    assert!(tokens.iter().all(|token| token.len() == 724));
    assert!(tokens[0] != tokens[1] && tokens[1] != tokens[2]);
    for n in 0..3 {
        for name in ["emailAddress", "phoneNumber"] {
            assert_eq!(
                told["endpoints"][n].get(name),
                endpoints[n].get(name),
                "{told}"
            );
        }
        assert!(told["endpoints"][n]["lastVerificationTime"].is_null());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invalid_token_gets_no_request_token() {
    let kit = Kit::start().await;
    let token = kit.token_for(&kit.shop, "login").await;
    kit.clock.advance(121_000);
    let foreign = kit.token_for(&kit.other, "login").await;
    for token in [&token, &foreign, ""] {
        let answer = assess(
            &kit,
            &kit.shop,
            token,
            "account-1",
            json!([{"emailAddress": ADDRESS}]),
        )
        .await;
        assert_eq!(answer["tokenProperties"]["valid"], false);
        assert_eq!(
            answer["accountVerification"]["endpoints"][0]["requestToken"], "",
            "{answer}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_may_be_named_in_the_older_way() {
    let kit = Kit::start().await;
    let token = kit.token_for(&kit.shop, "login").await;
    let body = json!({
        "event": {"token": token, "siteKey": kit.shop.site_key, "hashedAccountId": "AQID"},
        "accountVerification": {"endpoints": [{"emailAddress": ADDRESS}]}
    });
    let answer = ask(&kit, &kit.shop, body).await.json();
    assert!(
        answer["accountVerification"]["endpoints"][0]["requestToken"]
            .as_str()
            .unwrap()
            .len()
            > 100
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_named_by_its_field() {
    let kit = Kit::start().await;
    let with = |verification: Value| (json!({"userInfo": {"accountId": "a"}}), verification);
    let endpoints = |endpoints: Value| with(json!({"endpoints": endpoints}));
    let many: Vec<Value> = (0..11)
        .map(|n| json!({"emailAddress": format!("a{n}@b.de")}))
        .collect();
    for ((event, verification), field) in [
        (
            (json!({}), json!({"endpoints": [{"emailAddress": ADDRESS}]})),
            "assessment.event.userInfo.accountId",
        ),
        (with(json!({})), "assessment.accountVerification.endpoints"),
        (
            endpoints(json!(many)),
            "assessment.accountVerification.endpoints",
        ),
        (
            endpoints(json!([{"emailAddress": "ada"}])),
            "assessment.accountVerification.endpoints[0].emailAddress",
        ),
        (
            endpoints(json!([{"emailAddress": ADDRESS}, {"phoneNumber": "5555550123"}])),
            "assessment.accountVerification.endpoints[1].phoneNumber",
        ),
        (
            endpoints(json!([{}])),
            "assessment.accountVerification.endpoints[0]",
        ),
        (
            with(json!({"endpoints": [{"emailAddress": ADDRESS}], "languageCode": "deutsch!"})),
            "assessment.accountVerification.languageCode",
        ),
    ] {
        let token = kit.token_for(&kit.shop, "login").await;
        let mut event = event;
        event["token"] = json!(token);
        event["siteKey"] = json!(kit.shop.site_key);
        let answer = ask(
            &kit,
            &kit.shop,
            json!({"event": event, "accountVerification": verification}),
        )
        .await;
        assert_eq!(answer.status, 400, "{field}");
        assert_eq!(
            answer.json()["error"]["details"][0]["fieldViolations"][0]["field"],
            field,
            "{}",
            answer.text()
        );
        // Nothing was spent for it.
        let assessed = kit
            .assess(
                &kit.shop,
                json!({"token": token, "siteKey": kit.shop.site_key}),
            )
            .await;
        assert_eq!(assessed["tokenProperties"]["valid"], true);
    }
    let both = json!({"endpoints": [{"emailAddress": ADDRESS, "phoneNumber": "+15555550123"}]});
    let answer = ask(
        &kit,
        &kit.shop,
        json!({"event": {"userInfo": {"accountId": "a"}}, "accountVerification": both}),
    )
    .await;
    assert_eq!(answer.status, 400);
    assert!(
        answer.text().contains("phoneNumber") || answer.text().contains("endpoint"),
        "{}",
        answer.text()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_posts_nonsense_is_told_what_to_send() {
    let kit = Kit::start().await;
    for (what, body, says) in [
        ("send", "", "requestToken"),
        ("send", r#"{"requestToken": "a"}"#, "`token`"),
        ("verify", r#"{"requestToken": "a", "token": "b"}"#, "`pin`"),
        (
            "verify",
            r#"{"requestToken": "a", "token": "b", "pin": "1", "more": 1}"#,
            "`more`",
        ),
    ] {
        let path = format!("/recaptcha/agent/factor/{what}?k={}", kit.shop.site_key);
        let answer = kit
            .send("POST", &path, &crate::kit::BROWSER, body.to_owned())
            .await;
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.text().contains(says), "{}", answer.text());
    }
    let answer = kit
        .send(
            "POST",
            "/recaptcha/agent/factor/send?k=6Lnone",
            &[],
            r#"{"requestToken": "a", "token": "b"}"#,
        )
        .await;
    assert_eq!(answer.status, 404, "{}", answer.text());
    let answer = kit
        .send("GET", "/recaptcha/agent/factor/send", &[], "")
        .await;
    assert_eq!(answer.status, 405);
}
