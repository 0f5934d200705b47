//! The second factor at several verifiers, each a process of its own.

use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    fleet::Fleet,
    force::{
        backend::Backend,
        server::{Customer, Server},
    },
    kit::{BROWSER, Page},
    smtp::{Mood, Smtp, code_in},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_guesses_at_two_verifiers_five_are_compared() {
    let Some(fleet) = Fleet::new() else { return };
    let smtp = Smtp::plain().await;
    let visit = Visit::begin(&fleet, &smtp).await;
    let sent = visit.post(&visit.one, "send", json!({})).await;
    assert_eq!(sent["result"], "SENT", "{sent}");
    let code = smtp.last_code();
    let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    let guesses = (0..16).map(|n| {
        let at = if n % 2 == 0 { &visit.one } else { &visit.two };
        visit.post(at, "verify", json!({"pin": wrong}))
    });
    let answers = join_all(guesses).await;
    let compared = answers
        .iter()
        .filter(|told| told["result"] == "PIN_MISMATCH");
    assert_eq!(
        compared.count(),
        4,
        "the fifth is told that it was the last: {answers:?}"
    );
    let late = visit.post(&visit.two, "verify", json!({"pin": code})).await;
    assert_eq!(late["result"], "ATTEMPTS_EXHAUSTED");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_of_a_verifier_that_was_killed_is_sent_by_another() {
    // Half a minute must pass before anybody takes over.
    if std::env::var_os("TOUCHSTONE_TEST_THOROUGH").is_none() {
        return;
    }
    let Some(fleet) = Fleet::new() else { return };
    let smtp = Smtp::plain().await;
    let visit = Visit::begin(&fleet, &smtp).await;
    smtp.be(Mood::IsSilent);
    // It is killed while it waits for the mail server; its page gets no answer.
    let (_, ()) = tokio::join!(visit.try_send(), async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        visit.servers.0.lock().await.take().unwrap().kill().await;
    });
    smtp.be(Mood::Takes);
    for _ in 0..600 {
        if !smtp.mails().is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let code = code_in(&smtp.mails()[0].text);
    let verified = visit.post(&visit.two, "verify", json!({"pin": code})).await;
    assert_eq!(verified["result"], "VERIFIED", "{verified}");
}

/// A login at two verifiers, up to the request token.
struct Visit {
    customer: Arc<Customer>,
    one: Backend,
    two: Backend,
    servers: (tokio::sync::Mutex<Option<Server>>, Server),
    page: Page,
    request_token: String,
}

impl Visit {
    async fn begin(fleet: &Fleet, smtp: &Smtp) -> Self {
        let customer = fleet.customer();
        let start = async || {
            let mut command = fleet.command();
            command.arg(format!("TOUCHSTONE_SMTP_URL=smtp://{}", smtp.address));
            command.arg("TOUCHSTONE_MAIL_FROM=no-reply@shop.example");
            command.arg(env!("CARGO_BIN_EXE_touchstone"));
            Server::spawn_by(command, &fleet.path("unused"))
                .ready()
                .await
        };
        let (first, second) = (start().await, start().await);
        let one = Backend::new(first.address, customer.clone());
        let two = Backend::new(second.address, customer.clone());
        let page = one.page().await.unwrap();
        let body = json!({
            "event": {
                "token": one.token(&page, 0).await.unwrap(), "siteKey": customer.site_key,
                "userInfo": {"accountId": "account-1"}
            },
            "accountVerification": {"endpoints": [{"emailAddress": "ada@mail.example"}]}
        });
        let path = "/v1/projects/shop/assessments";
        let (_, told) = one
            .send(path, &one.credentials(), body.to_string())
            .await
            .unwrap();
        let told: Value = serde_json::from_slice(&told).unwrap();
        let request_token = told["accountVerification"]["endpoints"][0]["requestToken"].as_str();
        Self {
            request_token: request_token.unwrap_or_else(|| panic!("{told}")).to_owned(),
            customer,
            one,
            two,
            servers: (tokio::sync::Mutex::new(Some(first)), second),
            page,
        }
    }

    async fn post(&self, at: &Backend, what: &str, more: Value) -> Value {
        let mut body = more;
        body["requestToken"] = json!(self.request_token);
        body["token"] = json!(at.token(&self.page, 1).await.unwrap());
        let path = format!(
            "/recaptcha/agent/factor/{what}?k={}",
            self.customer.site_key
        );
        let (_, told) = at.send(&path, &BROWSER, body.to_string()).await.unwrap();
        serde_json::from_slice(&told).unwrap()
    }

    /// Asks the first verifier for a code, whether it answers or not.
    async fn try_send(&self) {
        let token = self.one.token(&self.page, 1).await.unwrap();
        let body = json!({"requestToken": self.request_token, "token": token}).to_string();
        let path = format!("/recaptcha/agent/factor/send?k={}", self.customer.site_key);
        let answered = self.one.send(&path, &BROWSER, body).await;
        assert!(answered.is_err(), "it was killed before it could answer");
    }
}
