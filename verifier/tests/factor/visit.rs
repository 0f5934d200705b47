//! What backend and page do with a second factor.

use serde_json::{Value, json};

use crate::{
    kit::{self, Customer, Kit},
    smtp::Smtp,
};

pub const ADDRESS: &str = "ada.lovelace@mail.example";

/// A verifier that mails by this server.
pub async fn kit(smtp: &Smtp) -> Kit {
    kit_with(smtp, |_| {}).await
}

pub async fn kit_with(
    smtp: &Smtp,
    change: impl FnOnce(&mut touchstone::config::FactorOptions),
) -> Kit {
    let url = format!("smtp://{}", smtp.address);
    Kit::start_with(|config| {
        config.factors.smtp_url = Some(url);
        config.factors.mail_from = Some("Shop <no-reply@shop.example>".to_owned());
        change(&mut config.factors);
    })
    .await
}

/// A visit up to the code: the backend asked, the page has a request token.
pub struct Visit<'a> {
    pub kit: &'a Kit,
    pub customer: &'a Customer,
    pub request_token: String,
}

impl<'a> Visit<'a> {
    pub async fn begin(kit: &'a Kit) -> Self {
        Self::begin_of(kit, &kit.shop, "account-1", ADDRESS).await
    }

    pub async fn begin_of(
        kit: &'a Kit,
        customer: &'a Customer,
        account: &str,
        address: &str,
    ) -> Self {
        let token = kit.token_for(customer, "login").await;
        let endpoint = match address.starts_with('+') {
            true => json!({"phoneNumber": address}),
            false => json!({"emailAddress": address}),
        };
        let answer = assess(kit, customer, &token, account, json!([endpoint])).await;
        let told = &answer["accountVerification"];
        assert_eq!(
            told["latestVerificationResult"], "RESULT_UNSPECIFIED",
            "{answer}"
        );
        Self {
            kit,
            customer,
            request_token: told["endpoints"][0]["requestToken"]
                .as_str()
                .unwrap()
                .to_owned(),
        }
    }

    pub async fn send(&self) -> Value {
        let token = self.kit.token_for(self.customer, "two_factor").await;
        self.post(
            "send",
            json!({"requestToken": self.request_token, "token": token}),
        )
        .await
    }

    pub async fn verify(&self, pin: &str) -> Value {
        let token = self.kit.token_for(self.customer, "two_factor").await;
        self.post(
            "verify",
            json!({"requestToken": self.request_token, "pin": pin, "token": token}),
        )
        .await
    }

    pub async fn post(&self, what: &str, body: Value) -> Value {
        let path = format!(
            "/recaptcha/agent/factor/{what}?k={}",
            self.customer.site_key
        );
        let answer = self
            .kit
            .send("POST", &path, &kit::BROWSER, body.to_string())
            .await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    /// What the backend learns of the verdict token in an answer.
    pub async fn outcome(&self, answer: &Value) -> Value {
        let token = answer["verdictToken"]
            .as_str()
            .unwrap_or_else(|| panic!("{answer}"));
        let endpoints = json!([{"emailAddress": ADDRESS}]);
        let answer = assess(self.kit, self.customer, token, "account-1", endpoints).await;
        assert_eq!(answer["tokenProperties"]["valid"], true, "{answer}");
        answer["accountVerification"]["latestVerificationResult"].clone()
    }
}

pub async fn assess(
    kit: &Kit,
    customer: &Customer,
    token: &str,
    account: &str,
    endpoints: Value,
) -> Value {
    let answer = ask(
        kit,
        customer,
        json!({
            "event": {"token": token, "siteKey": customer.site_key, "userInfo": {"accountId": account}},
            "accountVerification": {"endpoints": endpoints, "languageCode": "de-AT"}
        }),
    )
    .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

pub async fn ask(kit: &Kit, customer: &Customer, body: Value) -> kit::Answer {
    let path = format!("/v1/projects/{}/assessments", customer.project);
    let headers = [("x-goog-api-key", customer.api_key.as_str())];
    kit.send("POST", &path, &headers, body.to_string()).await
}

/// Another code than this.
pub fn wrong(code: &str) -> String {
    let other = (code.parse::<u32>().unwrap() + 1) % 1_000_000;
    format!("{other:06}")
}
