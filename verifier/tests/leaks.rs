//! Leaked passwords, as a backend asks about them at both doors; and ranges of passwords alone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod kit;

use std::ops::ControlFlow;

use data_encoding::{BASE64, HEXLOWER};
use hyper::StatusCode;
use kit::{Answer, Kit};
use serde_json::{Value, json};
use tonic::Code;
use touchstone::leaks::{VaultSafe, database, new_epoch};
use touchstone_api::v1;
use touchstone_leaks::{Bucket, Database, Format, Source, import};

#[tokio::test]
async fn a_question_alone_is_answered_at_both_doors() {
    let kit = Kit::start().await;
    kit.import("info@shop.example:one\nInfo:two\n", Format::Pairs(None));
    let answer = kit.ask(json!({}), question("info")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let answer = answer.json();
    let leak = &answer["privatePasswordLeakVerification"];
    assert_eq!(leak["lookupHashPrefix"], prefix_of("info"));
    assert_eq!(leak["encryptedUserCredentialsHash"], point());
    let prefixes = leak["encryptedLeakMatchPrefixes"].as_array().unwrap();
    // Two passwords under the name, and each under the name as it leaked.
    assert_eq!(prefixes.len(), 4);
    let length = |text: &Value| {
        BASE64
            .decode(text.as_str().unwrap().as_bytes())
            .unwrap()
            .len()
    };
    assert!(prefixes.iter().all(|prefix| length(prefix) == 6));
    assert_eq!(length(&leak["reencryptedUserCredentialsHash"]), 33);
    assert_ne!(leak["reencryptedUserCredentialsHash"], point());

    let over_grpc: v1::Assessment = kit
        .call(
            "CreateAssessment",
            &[("x-goog-api-key", &kit.shop.api_key)],
            v1::CreateAssessmentRequest {
                parent: "projects/shop".into(),
                assessment: Some(v1::Assessment {
                    private_password_leak_verification: Some(v1::PrivatePasswordLeakVerification {
                        lookup_hash_prefix: Bucket::of("info").to_bytes().to_vec(),
                        encrypted_user_credentials_hash: generator(),
                        ..v1::PrivatePasswordLeakVerification::default()
                    }),
                    ..v1::Assessment::default()
                }),
            },
        )
        .await
        .unwrap()
        .into_inner();
    let over_grpc = over_grpc.private_password_leak_verification.unwrap();
    let text = |bytes: &Vec<u8>| Value::from(BASE64.encode(bytes));
    let told: Vec<Value> = over_grpc
        .encrypted_leak_match_prefixes
        .iter()
        .map(text)
        .collect();
    assert_eq!(&told, prefixes);
    assert_eq!(
        text(&over_grpc.reencrypted_user_credentials_hash),
        leak["reencryptedUserCredentialsHash"]
    );
}

#[tokio::test]
async fn a_question_goes_with_a_token_in_one_call() {
    let kit = Kit::start().await;
    kit.import("info:one\n", Format::Pairs(None));
    let event = json!({"token": kit.token("login").await, "siteKey": kit.shop.site_key});
    let answer = kit.ask(event.clone(), question("info")).await.json();
    assert_eq!(answer["tokenProperties"]["valid"], true, "{answer}");
    let leak = |answer: &Value| answer["privatePasswordLeakVerification"].clone();
    let told = leak(&answer);
    assert_eq!(
        told["encryptedLeakMatchPrefixes"].as_array().unwrap().len(),
        1
    );
    // The token is spent, the question is not.
    let again = kit.ask(event, question("info")).await.json();
    assert_eq!(again["tokenProperties"]["invalidReason"], "DUPE");
    assert_eq!(leak(&again), told);
}

#[tokio::test]
async fn without_a_database_a_question_alone_is_refused_and_a_token_is_assessed_all_the_same() {
    let kit = Kit::start().await;
    let asked = json!({"assessment": {"privatePasswordLeakVerification": question("info")}});
    let key = kit.shop.api_key.clone();
    let told = kit.refused_alike(
        "CreateAssessment",
        "projects/shop",
        asked["assessment"].clone(),
        &key,
    );
    let told = told.await;
    assert_eq!(told.code, Code::FailedPrecondition);
    assert!(
        told.message.contains("touchstone leaks import"),
        "{}",
        told.message
    );

    let event = json!({"token": kit.token("login").await, "siteKey": kit.shop.site_key});
    let answer = kit.ask(event, question("info")).await.json();
    assert_eq!(answer["tokenProperties"]["valid"], true, "{answer}");
    assert_eq!(answer.get("privatePasswordLeakVerification"), None);
}

#[tokio::test]
async fn a_database_that_cannot_be_read_costs_no_token_either() {
    let kit = Kit::start().await;
    std::fs::write(
        database(kit.data.path()),
        "this is no database, but has some length",
    )
    .unwrap();
    let alone = kit.ask(json!({}), question("info")).await;
    assert_eq!(alone.status, StatusCode::SERVICE_UNAVAILABLE);
    let event = json!({"token": kit.token("login").await, "siteKey": kit.shop.site_key});
    let answer = kit.ask(event, question("info")).await.json();
    assert_eq!(answer["tokenProperties"]["valid"], true, "{answer}");
}

#[tokio::test]
async fn a_wrong_field_is_named_and_the_token_is_not_spent() {
    let kit = Kit::start().await;
    kit.import("info:one\n", Format::Pairs(None));
    let event = json!({"token": kit.token("login").await, "siteKey": kit.shop.site_key});
    let infinity = BASE64.encode(&[0; 33]);
    let mut beyond = [0xff; 33];
    beyond[0] = 2;
    let off_curve = BASE64.encode(&beyond);
    for (field, value) in [
        ("lookupHashPrefix", ""),
        ("lookupHashPrefix", "AAAA"),
        ("lookupHashPrefix", "AAAAAQ=="),
        ("lookupHashPrefix", "AAAAAAA="),
        ("encryptedUserCredentialsHash", "AAAA"),
        ("encryptedUserCredentialsHash", &infinity),
        ("encryptedUserCredentialsHash", &off_curve),
    ] {
        let mut asked = question("info");
        asked[field] = value.into();
        let answer = kit.ask(event.clone(), asked).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{field}: {value}");
        let named = &answer.json()["error"]["details"][0]["fieldViolations"][0]["field"];
        assert_eq!(
            *named,
            format!("assessment.privatePasswordLeakVerification.{field}")
        );
    }
    let answer = kit.ask(event, question("info")).await.json();
    assert_eq!(answer["tokenProperties"]["valid"], true, "{answer}");
}

#[tokio::test]
async fn a_question_without_a_point_gets_the_prefixes_alone() {
    let kit = Kit::start().await;
    kit.import("info:one\n", Format::Pairs(None));
    let answer = kit.ask(json!({}), json!({"lookupHashPrefix": prefix_of("info")}));
    let leak = answer.await.json()["privatePasswordLeakVerification"].clone();
    assert_eq!(
        leak["encryptedLeakMatchPrefixes"].as_array().unwrap().len(),
        1
    );
    assert_eq!(leak["reencryptedUserCredentialsHash"], "");
}

#[tokio::test]
async fn a_repeated_request_gets_the_first_answer() {
    let kit = Kit::start().await;
    kit.import("info:one\n", Format::Pairs(None));
    let event = json!({"token": kit.token("login").await, "siteKey": kit.shop.site_key});
    let body = json!({"event": event, "privatePasswordLeakVerification": question("info")});
    let ask = || kit.post(body.to_string(), &[("idempotency-key", "one")]);
    let first = ask().await;
    kit.import("info:two\n", Format::Pairs(None));
    assert_eq!(ask().await.body, first.body);
}

#[tokio::test]
async fn ranges_have_the_form_of_the_public_service() {
    let kit = Kit::start_with(|config| config.pwned_passwords_range = true).await;
    let nothing = kit.send("GET", "/range/5BAA6", &[], "").await;
    assert_eq!(nothing.status, StatusCode::SERVICE_UNAVAILABLE);
    kit.import(
        "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:7\r\n5BAA600000000000000000000000000000000001:1\r\n",
        Format::Pwned,
    );
    for path in ["/range/5BAA6", "/range/5baa6", "/range/5BAA6?mode=sha1"] {
        let answer = kit.send("GET", path, &[], "").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
        assert_eq!(
            answer.text(),
            "00000000000000000000000000000000001:1\r\n1E4C9B93F3F0682250B6CF8331B7EE68FD8:7"
        );
    }
    let empty = kit.send("GET", "/range/00000", &[], "").await;
    assert_eq!((empty.status, empty.text().as_str()), (StatusCode::OK, ""));
    for path in [
        "/range/5BAA",
        "/range/5BAA61",
        "/range/5BAAG",
        "/range/5BAA6?mode=ntlm",
    ] {
        let answer = kit.send("GET", path, &[], "").await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
    }
}

#[tokio::test]
async fn a_padded_range_tells_nothing_by_its_length() {
    let kit = Kit::start_with(|config| config.pwned_passwords_range = true).await;
    let hash = "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8";
    kit.import(&format!("{hash}:7\n"), Format::Pwned);
    for path in ["/range/5BAA6", "/range/00000"] {
        let padded = kit
            .send("GET", path, &[("add-padding", "true")], "")
            .await
            .text();
        let lines: Vec<&str> = padded.split("\r\n").collect();
        assert!((800..=1_000).contains(&lines.len()), "{}", lines.len());
        assert!(lines.is_sorted());
        let form = |line: &&str| line.len() > 36 && line.as_bytes()[35] == b':';
        assert!(lines.iter().all(form));
        let real: Vec<_> = lines.iter().filter(|line| !line.ends_with(":0")).collect();
        assert_eq!(real.len(), usize::from(path == "/range/5BAA6"));
    }
}

#[tokio::test]
async fn ranges_are_not_there_unless_they_were_asked_for() {
    let kit = Kit::start().await;
    kit.import(
        "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:7\n",
        Format::Pwned,
    );
    let answer = kit.send("GET", "/range/5BAA6", &[], "").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

impl Kit {
    fn import(&self, list: &str, format: Format) {
        let path = self.folder().join(format!("list-{}.txt", list.len()));
        std::fs::write(&path, list).unwrap();
        let vault = self.verifier.vault.clone();
        let epoch = new_epoch(&vault).unwrap();
        let database =
            Database::open(&database(self.data.path()), &VaultSafe(vault), &epoch).unwrap();
        let source = Source::at(&path).unwrap();
        import(&database, &source, format, &mut |_| {
            ControlFlow::Continue(())
        })
        .unwrap();
    }

    async fn ask(&self, event: Value, question: Value) -> Answer {
        let body = json!({"event": event, "privatePasswordLeakVerification": question});
        self.post(body.to_string(), &[]).await
    }

    async fn post(&self, body: String, headers: &[(&str, &str)]) -> Answer {
        let mut all = vec![("x-goog-api-key", self.shop.api_key.as_str())];
        all.extend_from_slice(headers);
        self.send("POST", "/v1/projects/shop/assessments", &all, body)
            .await
    }
}

fn question(user: &str) -> Value {
    json!({"lookupHashPrefix": prefix_of(user), "encryptedUserCredentialsHash": point()})
}

fn prefix_of(user: &str) -> String {
    BASE64.encode(&Bucket::of(user).to_bytes())
}

fn point() -> String {
    BASE64.encode(&generator())
}

/// The curve's own point: any will do.
fn generator() -> Vec<u8> {
    let hex = b"036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";
    HEXLOWER.decode(hex).unwrap()
}
