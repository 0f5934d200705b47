//! What the server alone knows: how much comes from one page, account and address, and that it never refuses a crowd.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod kit;

use bytes::Bytes;
use kit::{BROWSER, Kit, Page};
use serde_json::{Value, json};
use touchstone_protocol::Challenge;

#[tokio::test]
async fn a_script_that_spends_forty_tokens_of_one_page_is_told_apart_and_a_person_is_not() {
    let kit = Kit::start().await;
    let page = kit.page().await;
    for number in 1..=40u8 {
        let token = kit.post_report(page.envelope("vote", number)).await.text();
        let answer = explained(&kit, json!({"token": token})).await;
        let found = names(&answer).contains(&"page-velocity".to_owned());
        assert_eq!(found, number > 30, "{number}: {answer}");
        let reasons = answer["riskAnalysis"]["reasons"].to_string();
        assert_eq!(
            reasons.contains("TOO_MUCH_TRAFFIC"),
            number > 30,
            "{reasons}"
        );
        assert!(
            score(&answer) >= 0.5,
            "velocity alone refuses nobody: {answer}"
        );
        kit.clock.advance(1_000);
    }
    let answer = explained(&kit, json!({"token": kit.token("vote").await})).await;
    assert!(
        !names(&answer).contains(&"page-velocity".to_owned()),
        "{answer}"
    );
}

#[tokio::test]
async fn an_account_that_is_tried_again_and_again_shows_in_whatever_way_it_is_named() {
    for account in [
        json!({"userInfo": {"accountId": "alice"}}),
        json!({"hashedAccountId": "3q2+7w=="}),
    ] {
        let kit = Kit::start().await;
        for number in 1..=25 {
            let mut event = account.clone();
            event["token"] = json!(kit.token("login").await);
            let answer = explained(&kit, event).await;
            let found = names(&answer).contains(&"account-velocity".to_owned());
            assert_eq!(found, number > 20, "{number}: {answer}");
            assert!(score(&answer) >= 0.5, "{answer}");
            kit.clock.advance(3_000);
        }
        let mut other = json!({"userInfo": {"accountId": "bob"}});
        other["token"] = json!(kit.token("login").await);
        let answer = explained(&kit, other).await;
        assert!(
            !names(&answer).contains(&"account-velocity".to_owned()),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn a_carrier_with_500_visitors_a_minute_behind_one_address_loses_none_of_them() {
    crowd(500, |_| "198.51.100.7".to_owned()).await;
}

#[tokio::test]
async fn a_campus_with_an_address_for_each_of_its_buildings_loses_none_of_its_visitors() {
    crowd(400, |number| format!("198.51.100.{}", number % 12)).await;
}

#[tokio::test]
async fn addresses_that_visitors_share_are_not_counted() {
    let kit = Kit::start().await;
    for _ in 0..400 {
        visit(&kit, None).await;
    }
    let answer = explained(&kit, json!({"token": kit.token("login").await})).await;
    assert!(
        !names(&answer).contains(&"address-velocity".to_owned()),
        "{answer}"
    );
}

#[tokio::test]
async fn whoever_invents_site_keys_is_slowed_down_and_its_neighbours_are_not() {
    let kit = behind_a_proxy().await;
    let ask = async |key: &str, address: &str| {
        let path = format!("/recaptcha/agent/session?k={key}");
        let headers = [("x-forwarded-for", address)];
        let answer = kit.send("POST", &path, &headers, Bytes::new()).await;
        answer.status.as_u16()
    };
    assert_eq!(ask(&kit.shop.site_key, "203.0.113.1").await, 200);
    for number in 0..120 {
        let key = format!("6L{number:038}");
        assert_eq!(ask(&key, "198.51.100.7").await, 404, "{number}");
    }
    assert_eq!(ask("6Lyet-another", "198.51.100.7").await, 429);
    assert_eq!(ask(&kit.shop.site_key, "198.51.100.7").await, 200);
    assert_eq!(ask("6Lyet-another", "203.0.113.1").await, 404);
    kit.clock.advance(120_000);
    assert_eq!(ask("6Land-another", "198.51.100.7").await, 404);
}

#[tokio::test]
async fn a_fingerprint_counts_from_a_trusted_proxy_alone_and_never_refuses() {
    const BROWSER_HELLO: &str = "t13d1516h2_8daaf6152771_e5627efa2ab1";
    const LIBRARY_HELLO: &str = "t13d311100_e8f1e7e78f70_d41ae481755e";
    for (proxy, at_verifier, at_backend, expected) in [
        (true, BROWSER_HELLO, BROWSER_HELLO, false),
        (true, BROWSER_HELLO, "", false),
        (true, BROWSER_HELLO, LIBRARY_HELLO, true),
        (true, LIBRARY_HELLO, "", true),
        (false, LIBRARY_HELLO, BROWSER_HELLO, false),
        (true, "nonsense", LIBRARY_HELLO, false),
    ] {
        let kit = Kit::start_with(|config| {
            config.ja4_header = Some("x-ja4".parse().unwrap());
            if proxy {
                config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
            }
        })
        .await;
        let mut headers = BROWSER.to_vec();
        headers.push(("x-ja4", at_verifier));
        let path = format!("/recaptcha/agent/token?k={}", kit.shop.site_key);
        let envelope = kit.page().await.envelope("login", 0);
        let token = kit.send("POST", &path, &headers, envelope).await.text();
        let answer = explained(&kit, json!({"token": token, "ja4": at_backend})).await;
        let found = names(&answer).contains(&"tls-client".to_owned());
        assert_eq!(found, expected, "{at_verifier} {at_backend}: {answer}");
        assert!(score(&answer) >= 0.5, "{answer}");
    }
}

async fn behind_a_proxy() -> Kit {
    Kit::start_with(|config| {
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await
}

/// All visits within a minute. None is refused, and what address velocity says has no weight alone.
async fn crowd(visitors: u64, address: impl Fn(u64) -> String) {
    let kit = behind_a_proxy().await;
    // A verifier that has just started takes whatever comes for ordinary.
    kit.clock.advance(24 * 3_600_000);
    let mut seen = 0;
    for number in 0..visitors {
        let token = visit(&kit, Some(&address(number))).await;
        let answer = explained(&kit, json!({"token": token})).await;
        assert!(score(&answer) >= 0.5, "{number}: {answer}");
        seen += usize::from(names(&answer).contains(&"address-velocity".to_owned()));
        kit.clock.advance(60_000 / visitors);
    }
    assert!(seen > 0, "the crowd is noticed");
}

async fn visit(kit: &Kit, address: Option<&str>) -> String {
    let mut headers = BROWSER.to_vec();
    headers.extend(address.map(|address| ("x-forwarded-for", address)));
    let path = |what| format!("/recaptcha/agent/{what}?k={}", kit.shop.site_key);
    let opened = kit
        .send("POST", &path("session"), &headers, Bytes::new())
        .await;
    let page = Page {
        challenge: Challenge::decode(&opened.body).unwrap(),
    };
    let posted = page.envelope("login", 0);
    kit.send("POST", &path("token"), &headers, posted)
        .await
        .text()
}

async fn explained(kit: &Kit, event: Value) -> Value {
    let explain = [("x-touchstone-explain", "1")];
    let answer = kit.assess_with(&kit.shop, event, &explain).await.json();
    assert_eq!(answer["tokenProperties"]["valid"], true, "{answer}");
    answer
}

fn names(answer: &Value) -> Vec<String> {
    let evidence = answer["touchstone"]["evidence"].as_array().unwrap();
    let name = |finding: &Value| finding["name"].as_str().unwrap().to_owned();
    evidence.iter().map(name).collect()
}

fn score(answer: &Value) -> f64 {
    answer["riskAnalysis"]["score"].as_f64().unwrap()
}
