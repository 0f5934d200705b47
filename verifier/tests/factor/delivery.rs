//! How mails get to a real server: secrecy, login, patience, restarts.

use std::{collections::HashSet, time::Duration};

use crate::{
    smtp::{Mood, Smtp, code_in},
    visit::{Visit, kit, kit_with},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_goes_over_tls_and_login_comes_after() {
    for (scheme, is_at_once) in [("smtp", false), ("smtps", true)] {
        let (smtp, certificate) = match is_at_once {
            true => Smtp::with_tls_at_once().await,
            false => Smtp::with_starttls().await,
        };
        let folder = tempfile::tempdir().unwrap();
        let [ca, password] = ["ca.pem", "password"].map(|name| folder.path().join(name));
        std::fs::write(&ca, certificate).unwrap();
        std::fs::write(&password, "secret\n").unwrap();
        let kit = kit_with(&smtp, |options| {
            let port = smtp.address.port();
            options.smtp_url = Some(format!("{scheme}://ada@localhost:{port}"));
            options.smtp_ca = Some(ca);
            options.smtp_password_file = Some(password);
        })
        .await;
        let visit = Visit::begin(&kit).await;
        assert_eq!(visit.send().await["result"], "SENT", "{scheme}");
        let mail = &smtp.mails()[0];
        assert!(mail.was_secret);
        assert_eq!(mail.login.as_deref(), Some("ada secret"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_with_a_certificate_of_nobody_we_trust_gets_no_mail() {
    let (smtp, _) = Smtp::with_tls_at_once().await;
    let kit = kit_with(&smtp, |options| {
        options.smtp_url = Some(format!("smtps://localhost:{}", smtp.address.port()));
    })
    .await;
    assert_eq!(Visit::begin(&kit).await.send().await["result"], "INTERNAL");
    assert!(smtp.mails().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_is_no_fault_of_the_recipient() {
    let smtp = Smtp::plain().await;
    let kit = kit_with(&smtp, |options| {
        options.smtp_url = Some(format!("smtp://ada:wrong@{}", smtp.address));
    })
    .await;
    assert_eq!(Visit::begin(&kit).await.send().await["result"], "INTERNAL");
    assert!(smtp.mails().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_is_text_and_html_in_the_language_that_was_asked_for() {
    let smtp = Smtp::plain().await;
    let kit = kit(&smtp).await;
    Visit::begin(&kit).await.send().await;
    let text = &smtp.mails()[0].text;
    for part in [
        "multipart/alternative",
        "Auto-Submitted: auto-generated",
        "@shop.example>",
        "text/plain",
        "text/html",
        "lang=3D\"de\"",
        "Geben Sie diesen Code",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_that_is_wanted_later_comes_from_the_verifier_that_is_there_then() {
    let smtp = Smtp::plain().await;
    let mut kit = kit(&smtp).await;
    smtp.be(Mood::WantsLater);
    let request_token = {
        let visit = Visit::begin(&kit).await;
        assert_eq!(visit.send().await["result"], "SENT", "the server is alive");
        visit.request_token
    };
    assert!(smtp.mails().is_empty());
    smtp.be(Mood::Takes);
    kit.clock.advance(31_000);
    kit.restart_with(|_| {}).await;
    wait_for(&smtp, 1).await;
    let visit = Visit {
        kit: &kit,
        customer: &kit.shop,
        request_token,
    };
    let code = code_in(&smtp.mails()[0].text);
    assert_eq!(visit.verify(&code).await["result"], "VERIFIED");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_that_is_over_is_not_mailed() {
    let smtp = Smtp::plain().await;
    let mut kit = kit(&smtp).await;
    smtp.be(Mood::WantsLater);
    Visit::begin(&kit).await.send().await;
    smtp.be(Mood::Takes);
    kit.clock.advance(15 * 60_000);
    kit.restart_with(|_| {}).await;
    // Another one that is due proves that the queue was looked at.
    smtp.be(Mood::WantsLater);
    Visit::begin_of(&kit, &kit.shop, "account-2", "ida@mail.example")
        .await
        .send()
        .await;
    smtp.be(Mood::Takes);
    kit.clock.advance(31_000);
    kit.restart_with(|_| {}).await;
    wait_for(&smtp, 1).await;
    assert!(smtp.mails()[0].to.contains("ida@"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn codes_differ() {
    let smtp = Smtp::plain().await;
    let kit = kit(&smtp).await;
    for n in 0..12 {
        let address = format!("ada.{n}@mail.example");
        Visit::begin_of(&kit, &kit.shop, &address, &address)
            .await
            .send()
            .await;
    }
    let codes: HashSet<String> = smtp
        .mails()
        .iter()
        .map(|mail| code_in(&mail.text))
        .collect();
    assert!(codes.len() >= 11, "{codes:?}");
}

async fn wait_for(smtp: &Smtp, mails: usize) {
    for _ in 0..600 {
        if smtp.mails().len() >= mails {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no mail came in half a minute");
}
