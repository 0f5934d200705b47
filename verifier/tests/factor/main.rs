//! The second factor, from the backend's question over a real mail server to the verdict.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod delivery;
#[path = "../kit/mod.rs"]
mod kit;
mod limits;
mod logs;
mod outcomes;
mod phone;
mod questions;
mod smtp;
mod visit;

use serde_json::json;

use smtp::{Smtp, code_in};
use visit::{ADDRESS, Visit, assess, kit, wrong};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_by_mail_verifies_the_account() {
    let smtp = Smtp::plain().await;
    let kit = kit(&smtp).await;
    let visit = Visit::begin(&kit).await;
    let sent = visit.send().await;
    assert_eq!(
        sent,
        json!({
            "result": "SENT", "channel": "email", "hint": "a•••@m•••.example", "digits": 6,
            "expiresInSeconds": 900, "attemptsLeft": 5, "resendInSeconds": 30
        })
    );
    let mail = &smtp.mails()[0];
    assert!(mail.to.contains(ADDRESS) && mail.from.contains("no-reply@shop.example"));
    assert!(mail.text.contains("shop.example"), "{}", mail.text);
    let code = code_in(&mail.text);

    let missed = visit.verify(&wrong(&code)).await;
    assert_eq!(missed, json!({"result": "PIN_MISMATCH", "attemptsLeft": 4}));
    let no_pin = visit.verify("12345").await;
    assert_eq!(no_pin, json!({"result": "INVALID_PIN", "attemptsLeft": 4}));
    let verified = visit.verify(&code).await;
    assert_eq!(verified["result"], "VERIFIED");

    let token = verified["verdictToken"].as_str().unwrap();
    let endpoints = json!([{"emailAddress": "Ada.Lovelace@MAIL.example"}]);
    let answer = assess(&kit, &kit.shop, token, "account-1", endpoints.clone()).await;
    let told = &answer["accountVerification"];
    assert_eq!(told["latestVerificationResult"], "SUCCESS_USER_VERIFIED");
    assert!(
        told["endpoints"][0]["lastVerificationTime"].is_string(),
        "{answer}"
    );
    assert_eq!(answer["tokenProperties"]["action"], "two_factor");

    let again = assess(&kit, &kit.shop, token, "account-1", endpoints).await;
    assert_eq!(again["tokenProperties"]["invalidReason"], "DUPE");
    assert_eq!(
        again["accountVerification"]["latestVerificationResult"],
        "RESULT_UNSPECIFIED"
    );
    assert_eq!(
        again["accountVerification"]["endpoints"][0]["requestToken"],
        ""
    );
    let elsewhere = visit.verify(&code).await;
    assert_eq!(
        elsewhere["result"], "CHALLENGE_EXPIRED",
        "a code is good once"
    );

    // At the next login the backend sees when it was, of this account alone.
    for (account, is_known) in [("account-1", true), ("account-2", false)] {
        let token = kit.token_for(&kit.shop, "login").await;
        let endpoints = json!([{"emailAddress": ADDRESS}]);
        let told = assess(&kit, &kit.shop, &token, account, endpoints).await;
        let told = &told["accountVerification"];
        assert_eq!(told["latestVerificationResult"], "RESULT_UNSPECIFIED");
        let at = &told["endpoints"][0]["lastVerificationTime"];
        assert_eq!(at.is_string(), is_known, "{told}");
    }
}
