//! What a page is told of its site key, and which script it gets.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod kit;

use kit::Kit;
use serde_json::{Value, json};
use touchstone::manage;
use touchstone_api::v1;
use touchstone_store::ProjectId;

const LOADER: &str = ".start({";

async fn key(kit: &Kit, settings: Value) -> String {
    let customer = kit.key(settings).await;
    customer.site_key
}

fn behind(service: &str, feature: &str) -> Value {
    json!({
        "webSettings": {"integrationType": "SCORE", "allowedDomains": ["shop.example"]},
        "wafSettings": {"wafService": service, "wafFeature": feature},
    })
}

/// A Universal key with one protected endpoint.
async fn universal(kit: &Kit) -> String {
    let key = key(kit, json!({"universalSettings": {}})).await;
    let project: ProjectId = kit.shop.project.parse().unwrap();
    let policy = json!({
        "name": format!("projects/{project}/keys/{key}/policy"),
        "clientSettings": {
            "allowedDomains": ["shop.example"],
            "protectedEndpointGroup": {"protectedEndpoints": [{"path": "/api/**", "action": "api"}]},
        },
    });
    let request = v1::UpdatePolicyRequest {
        policy: Some(touchstone_api::decode(policy.to_string().as_bytes()).unwrap()),
        ..v1::UpdatePolicyRequest::default()
    };
    manage::policies::update_policy(&kit.verifier, &project, request)
        .await
        .unwrap();
    key
}

#[tokio::test]
async fn a_page_is_told_the_cookie_of_its_firewall_and_what_is_protected() {
    let kit = Kit::start().await;
    let session = |name: &str| json!({ "sessionCookie": name });
    for (key, told) in [
        (
            key(&kit, behind("CLOUDFLARE", "SESSION_TOKEN")).await,
            session("recaptcha-cf-t"),
        ),
        (
            key(&kit, behind("FASTLY", "SESSION_TOKEN")).await,
            session("recaptcha-fastly-t"),
        ),
        (
            key(&kit, behind("AKAMAI", "SESSION_TOKEN")).await,
            session("recaptcha-akam-t"),
        ),
        (
            key(&kit, behind("CA", "SESSION_TOKEN")).await,
            session("recaptcha-ca-t"),
        ),
        (key(&kit, behind("CA", "ACTION_TOKEN")).await, json!({})),
        (kit.shop.site_key.clone(), json!({})),
        (
            universal(&kit).await,
            json!({
                "protectedEndpoints": [{"path": "/api/**", "action": "api"}],
                "hosts": ["shop.example"],
            }),
        ),
    ] {
        let path = format!("/recaptcha/agent/settings?k={key}");
        let answer = kit.send("GET", &path, &[], "").await;
        assert_eq!((answer.status.as_u16(), answer.json()), (200, told));
        assert_eq!(answer.header("cache-control"), "public, max-age=60");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
    }
}

#[tokio::test]
async fn the_settings_of_no_key_are_refused() {
    let kit = Kit::start().await;
    for query in ["", "?k=", "?k=6Lnobody"] {
        let path = format!("/recaptcha/agent/settings{query}");
        assert_eq!(kit.send("GET", &path, &[], "").await.status, 404, "{query}");
        assert_eq!(kit.send("POST", &path, &[], "").await.status, 405);
    }
}

#[tokio::test]
async fn only_pages_that_need_more_get_more_than_the_script() {
    let kit = Kit::start().await;
    let universal = universal(&kit).await;
    let score = &kit.shop.site_key;
    for (query, has_more) in [
        (String::new(), false),
        ("?render=explicit&waf=session".to_owned(), false),
        ("?render=onload".to_owned(), false),
        ("?render=6Lnobody".to_owned(), false),
        (format!("?render={score}"), false),
        (format!("?render={score}&waf=other"), false),
        (format!("?render={score}&waf=session"), true),
        (format!("?render={universal}"), true),
    ] {
        for name in [
            "recaptcha/enterprise.js",
            "recaptcha/api.js",
            "touchstone.js",
        ] {
            let answer = kit.send("GET", &format!("/{name}{query}"), &[], "").await;
            assert_eq!(answer.text().contains(LOADER), has_more, "{name}{query}");
        }
    }
}
