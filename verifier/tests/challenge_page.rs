//! The page that a firewall at the edge shows to a doubtful visitor.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod kit;

use data_encoding::BASE64URL_NOPAD;
use kit::{Answer, Kit};
use serde_json::{Value, json};
use touchstone::manage;
use touchstone_api::v1;
use touchstone_store::ProjectId;

/// A site key of project 4711 for an edge.
async fn key(kit: &Kit, service: &str, feature: &str) -> String {
    let project: ProjectId = "4711".parse().unwrap();
    let settings = json!({
        "displayName": "edge",
        "webSettings": {"integrationType": "INVISIBLE", "allowedDomains": ["shop.example"]},
        "wafSettings": {"wafService": service, "wafFeature": feature},
    });
    let request = v1::CreateKeyRequest {
        parent: "projects/4711".to_owned(),
        key: Some(touchstone_api::decode(settings.to_string().as_bytes()).unwrap()),
    };
    let made = manage::keys::create_key(&kit.verifier, &project, request).await;
    made.unwrap().name.rsplit_once('/').unwrap().1.to_owned()
}

async fn ask(kit: &Kit, soz: Value, headers: &[(&str, &str)]) -> Answer {
    let soz = BASE64URL_NOPAD.encode(soz.to_string().as_bytes());
    let mut all = vec![("x-recaptcha-soz", &*soz)];
    all.extend_from_slice(headers);
    kit.send("POST", "/recaptcha/challengepage", &all, "").await
}

#[tokio::test]
async fn an_edge_gets_a_page_that_leaves_a_token_in_its_own_cookie() {
    let kit = Kit::start().await;
    for (service, cookie) in [
        ("CLOUDFLARE", "recaptcha-cf-e"),
        ("FASTLY", "recaptcha-fastly-e"),
        ("AKAMAI", "recaptcha-akam-e"),
        ("CA", "recaptcha-ca-e"),
    ] {
        let key = key(&kit, service, "CHALLENGE_PAGE").await;
        let soz = json!({
            "host": "www.shop.example", "projectNumber": 4711, "siteKey": key, "userIp": "fwAAAQ",
        });
        let page = ask(&kit, soz, &[("accept-language", "ar,en;q=0.5")]).await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(page.header("cache-control"), "no-store");
        let text = page.text();
        assert!(text.contains(&format!("cookie = \"{cookie}\"")), "{text}");
        assert!(text.contains(&format!("const key = \"{key}\"")), "{text}");
        let script = format!("//{}/recaptcha/enterprise.js?render=", kit.address);
        assert!(text.contains(&script), "{text}");
        assert!(text.contains("<html lang=\"ar\" dir=\"rtl\">"), "{text}");
    }
}

#[tokio::test]
async fn what_is_wrong_is_named_with_its_field() {
    let kit = Kit::start().await;
    let page = key(&kit, "FASTLY", "CHALLENGE_PAGE").await;
    let session = key(&kit, "FASTLY", "SESSION_TOKEN").await;
    let soz = |host: &str, project: u64, key: &str| json!({"host": host, "projectNumber": project, "siteKey": key});
    for (soz, status, named) in [
        (json!({}), 400, "X-ReCaptcha-Soz"),
        (json!("text"), 400, "X-ReCaptcha-Soz"),
        (soz("shop.example", 4711, "6Lnobody"), 404, "site key"),
        (soz("shop.example", 4711, &session), 400, "siteKey"),
        (soz("shop.example", 4712, &page), 400, "projectNumber"),
        (soz("other.example", 4711, &page), 400, "host"),
    ] {
        let answer = ask(&kit, soz, &[]).await;
        assert_eq!(answer.status, status, "{}", answer.text());
        assert!(answer.text().contains(named), "{}", answer.text());
    }
    let path = "/recaptcha/challengepage";
    assert_eq!(kit.send("POST", path, &[], "").await.status, 400);
    let garbled = [("x-recaptcha-soz", "%%%")];
    assert_eq!(kit.send("POST", path, &garbled, "").await.status, 400);
    assert_eq!(kit.send("GET", path, &[], "").await.status, 405);
}
