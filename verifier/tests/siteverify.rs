//! The classic verification, as the libraries in the field ask for it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod kit;

use kit::{Kit, web_settings};
use serde_json::json;
use touchstone_protocol::BROWSER_ERROR_PREFIX;

#[tokio::test]
async fn siteverify_tells_the_same_in_every_form_of_asking() {
    let kit = Kit::start().await;
    let secret = kit.shop.secret.clone();
    const PATH: &str = "/recaptcha/api/siteverify";
    const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
    const JSON: (&str, &str) = ("content-type", "application/json; charset=utf-8");
    const MULTIPART: (&str, &str) = ("content-type", "Multipart/Form-Data; boundary=----b");
    for form in ["get", "form", "multipart", "json"] {
        let token = kit.token("login").await;
        let ask = async || {
            let query = format!("secret={secret}&response={token}&remoteip=None&version=php_1.3.1");
            let answer = match form {
                "get" => kit.send("GET", &format!("{PATH}?{query}"), &[], "").await,
                "form" => kit.send("POST", PATH, &[FORM], query).await,
                "multipart" => {
                    let body = multipart(&[("secret", &secret), ("response", &token)]);
                    kit.send("POST", PATH, &[MULTIPART], body).await
                }
                _ => {
                    let body = json!({"secret": secret, "response": token, "remoteip": "::1"});
                    kit.send("POST", PATH, &[JSON], body.to_string()).await
                }
            };
            assert_eq!(answer.status, 200);
            answer.json()
        };
        assert_eq!(
            ask().await,
            json!({
                "success": true, "challenge_ts": "2027-01-15T08:00:01Z", "hostname": "www.shop.example",
                "score": 0.5, "action": "login",
            }),
            "{form}"
        );
        assert_eq!(
            ask().await,
            json!({"success": false, "error-codes": ["timeout-or-duplicate"]}),
            "{form}"
        );
    }
}

#[tokio::test]
async fn siteverify_refuses_with_the_published_codes() {
    let kit = Kit::start().await;
    let token = kit.token("login").await;
    let (own, foreign) = (&kit.shop.secret, &kit.other.secret);
    for (query, code) in [
        (String::new(), "missing-input-secret"),
        (format!("response={token}"), "missing-input-secret"),
        (
            format!("secret=nobody&response={token}"),
            "invalid-input-secret",
        ),
        (format!("secret={own}"), "missing-input-response"),
        (
            format!("secret={own}&response=abc"),
            "invalid-input-response",
        ),
        (
            format!("secret={foreign}&response={token}"),
            "invalid-input-response",
        ),
        (
            format!("secret={own}&response={BROWSER_ERROR_PREFIX}x"),
            "browser-error",
        ),
    ] {
        let path = format!("/recaptcha/api/siteverify?{query}");
        let answer = kit.send("GET", &path, &[], "").await;
        assert_eq!(answer.status, 200);
        assert_eq!(
            answer.json(),
            json!({"success": false, "error-codes": [code]}),
            "{query:.60}"
        );
    }
    for (media_type, body) in [
        ("application/json", "{"),
        ("multipart/form-data; boundary=----b", "secret=s"),
        ("multipart/form-data", ""),
    ] {
        let headers = [("content-type", media_type)];
        let answer = kit
            .send("POST", "/recaptcha/api/siteverify", &headers, body)
            .await;
        assert_eq!(answer.status, 200, "{media_type}");
        assert_eq!(answer.json()["error-codes"], json!(["bad-request"]));
    }
}

#[tokio::test]
async fn turnstile_asks_in_its_own_form_and_may_repeat_itself() {
    let kit = Kit::start().await;
    const PATH: &str = "/turnstile/v0/siteverify";
    const JSON: (&str, &str) = ("content-type", "application/json");
    let (secret, token) = (&kit.shop.secret, kit.token("login").await);
    let ask = async |key: &str| {
        let body = json!({"secret": secret, "response": token, "idempotency_key": key});
        let answer = kit.send("POST", PATH, &[JSON], body.to_string()).await;
        assert_eq!(answer.status, 200);
        answer.json()
    };
    let first = ask("one").await;
    assert_eq!(
        first,
        json!({
            "success": true, "challenge_ts": "2027-01-15T08:00:01Z", "hostname": "www.shop.example",
            "error-codes": [], "action": "login", "cdata": "", "metadata": {"interactive": false}, "messages": [],
        })
    );
    assert_eq!(ask("one").await, first, "the same question");
    let spent = json!({"success": false, "error-codes": ["timeout-or-duplicate"], "messages": []});
    assert_eq!(ask("two").await, spent);
    assert_eq!(ask("").await, spent);

    let form = [("content-type", "application/x-www-form-urlencoded")];
    let other = kit.token("login").await;
    let body = format!("secret={secret}&response={other}&idempotency_key=one");
    let answer = kit.send("POST", PATH, &form, body).await.json();
    assert_eq!(
        answer["error-codes"],
        json!(["bad-request"]),
        "another question"
    );
    let body = format!("secret={secret}&response={other}&remoteip=203.0.113.7");
    let answer = kit.send("POST", PATH, &form, body).await.json();
    assert_eq!(answer["success"], json!(true));
    assert_eq!(kit.send("GET", PATH, &[], "").await.status, 405);
}

#[tokio::test]
async fn a_site_sees_the_action_wherever_actions_decide_about_challenges() {
    let kit = Kit::start().await;
    for (integration, told) in [
        ("SCORE", true),
        ("POLICY_BASED_CHALLENGE", true),
        ("INVISIBLE", false),
    ] {
        let key = kit.key(web_settings(integration)).await;
        let token = kit.token_for(&key, "harmless").await;
        let (secret, path) = (&key.secret, "/recaptcha/api/siteverify");
        let path = format!("{path}?secret={secret}&response={token}");
        let answer = kit.send("GET", &path, &[], "").await.json();
        let action = answer.get("action").and_then(|action| action.as_str());
        assert_eq!(action.is_some(), told, "{integration}: {answer}");
        assert_eq!(answer.get("score").is_some(), told, "{integration}");
        assert!(action.is_none_or(|action| action == "harmless"));
    }
}

fn multipart(pairs: &[(&str, &str)]) -> String {
    let part = |(name, value): &(&str, &str)| {
        format!("------b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let parts: String = pairs.iter().map(part).collect();
    parts + "------b--\r\n"
}
