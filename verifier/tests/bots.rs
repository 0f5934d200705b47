//! Bots that sign their requests: named in the answer, scored like anybody.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod kit;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use kit::{BROWSER, Kit, START};
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

#[tokio::test]
async fn a_bot_that_signs_its_report_is_named_and_scored_like_anybody() {
    let (kit, bot, _folder) = kit().await;
    let ordinary = assess(&kit, json!({"token": kit.token("login").await})).await;
    assert_eq!(ordinary["riskAnalysis"]["verifiedBots"], json!([]));

    let signature = bot.sign(&kit.address.to_string());
    let answer = assess(&kit, json!({"token": post(&kit, &signature).await})).await;
    let named = json!([{"name": "example-agent", "botType": "AI_AGENT"}]);
    assert_eq!(answer["riskAnalysis"]["verifiedBots"], named, "{answer}");
    assert_eq!(
        answer["riskAnalysis"]["score"],
        ordinary["riskAnalysis"]["score"]
    );
    let evidence = answer["touchstone"]["evidence"].as_array().unwrap();
    let finding = evidence.iter().find(|e| e["name"] == "verified-bot");
    assert_eq!(finding.unwrap()["weight"], 0.0);

    let elsewhere = bot.sign("other.example");
    let answer = assess(&kit, json!({"token": post(&kit, &elsewhere).await})).await;
    assert_eq!(
        answer["riskAnalysis"]["verifiedBots"],
        json!([]),
        "{answer}"
    );
}

#[tokio::test]
async fn a_bot_that_signed_its_request_to_the_site_is_known_by_the_headers_the_backend_passes_on() {
    let (kit, bot, _folder) = kit().await;
    let headers: Vec<String> = bot
        .sign("www.shop.example")
        .iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    for (uri, count) in [
        ("https://www.shop.example/login", 1),
        ("https://other.example/login", 0),
        ("", 0),
    ] {
        let token = kit.token("login").await;
        let event = json!({"token": token, "headers": headers, "requestedUri": uri});
        let answer = assess(&kit, event).await;
        let bots = answer["riskAnalysis"]["verifiedBots"].as_array().unwrap();
        assert_eq!(bots.len(), count, "{uri}: {answer}");
    }
}

async fn kit() -> (Kit, Signer, tempfile::TempDir) {
    let bot = Signer(Ed25519KeyPair::from_seed_unchecked(&[5; 32]).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bots.json");
    let key = json!({
        "kty": "OKP", "crv": "Ed25519", "x": bot.x(), "name": "example-agent", "botType": "AI_AGENT",
    });
    std::fs::write(&file, json!({"keys": [key]}).to_string()).unwrap();
    let kit = Kit::start_with(|config| config.bot_keys = Some(file)).await;
    (kit, bot, folder)
}

async fn post(kit: &Kit, signature: &[(&str, String)]) -> String {
    let mut headers = BROWSER.to_vec();
    headers.extend(
        signature
            .iter()
            .map(|(name, value)| (*name, value.as_str())),
    );
    let path = format!("/recaptcha/agent/token?k={}", kit.shop.site_key);
    let envelope = kit.page().await.envelope("login", 0);
    kit.send("POST", &path, &headers, envelope).await.text()
}

async fn assess(kit: &Kit, event: Value) -> Value {
    let explain = [("x-touchstone-explain", "1")];
    let answer = kit.assess_with(&kit.shop, event, &explain).await.json();
    assert_eq!(answer["tokenProperties"]["valid"], true, "{answer}");
    answer
}

struct Signer(Ed25519KeyPair);

impl Signer {
    fn x(&self) -> String {
        BASE64URL_NOPAD.encode(self.0.public_key().as_ref())
    }

    /// Signature headers of a request to `authority`, by the text of RFC 9421.
    fn sign(&self, authority: &str) -> Vec<(&'static str, String)> {
        let jwk = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, self.x());
        let key = BASE64URL_NOPAD.encode(&Sha256::digest(jwk.as_bytes()));
        let created = START / 1_000;
        let expires = created + 300;
        let parameters = format!(
            r#"("@authority");created={created};keyid="{key}";expires={expires};tag="web-bot-auth""#
        );
        let base = format!("\"@authority\": {authority}\n\"@signature-params\": {parameters}");
        let signature = BASE64.encode(self.0.sign(base.as_bytes()).as_ref());
        vec![
            ("signature-input", format!("sig1={parameters}")),
            ("signature", format!("sig1=:{signature}:")),
        ]
    }
}
