//! What a page and its backend ask of the server, over sockets that may break at any moment.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, http::response::Parts};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::{Value, json};
use tokio::time::timeout;
use touchstone_protocol::Challenge;

use super::server::Customer;
use crate::kit::{BROWSER, Page, web_settings};

/// A backend of the shop, and its page.
pub struct Backend {
    client: Client<HttpConnector, Full<Bytes>>,
    address: SocketAddr,
    customer: Arc<Customer>,
}

/// No whole answer came: the request may have been done, or not.
#[derive(Debug)]
pub struct Lost;

/// A request for an assessment.
#[derive(Debug, Clone)]
pub struct Asked {
    pub token: String,
    pub idempotency: Option<String>,
}

/// What an assessment said.
#[derive(Debug, Clone)]
pub struct Assessed {
    pub id: String,
    pub valid: bool,
    pub reason: String,
}

impl Backend {
    pub fn new(address: SocketAddr, customer: Arc<Customer>) -> Self {
        Self {
            client: Client::builder(TokioExecutor::new()).build_http(),
            address,
            customer,
        }
    }

    /// A page with an open session, good for 64 tokens.
    pub async fn page(&self) -> Result<Page, Lost> {
        let path = format!("/recaptcha/agent/session?k={}", self.customer.site_key);
        let bytes = self.post(&path, &BROWSER, Bytes::new()).await?;
        let challenge = Challenge::decode(&bytes).unwrap();
        Ok(Page { challenge })
    }

    pub async fn token(&self, page: &Page, counter: u8) -> Result<String, Lost> {
        let path = format!("/recaptcha/agent/token?k={}", self.customer.site_key);
        let bytes = self.post(&path, &BROWSER, page.envelope("login", counter));
        Ok(String::from_utf8(bytes.await?.into()).unwrap())
    }

    /// A person who logs in where requests may be refused for now, and whose page and backend then ask again. Answers how often.
    pub async fn person_who_insists(&self) -> usize {
        let path = format!("/recaptcha/agent/session?k={}", self.customer.site_key);
        let (bytes, first) = self.insist(&path, &BROWSER, Bytes::new()).await;
        let page = Page {
            challenge: Challenge::decode(&bytes).unwrap(),
        };
        let path = format!("/recaptcha/agent/token?k={}", self.customer.site_key);
        let envelope = page.envelope("login", 0);
        let (bytes, second) = self.insist(&path, &BROWSER, envelope.into()).await;
        let token = String::from_utf8(bytes.into()).unwrap();
        let event = json!({"token": token, "siteKey": self.customer.site_key});
        let body = json!({"event": event}).to_string();
        let path = "/v1/projects/shop/assessments";
        let (bytes, third) = self.insist(path, &self.credentials(), body.into()).await;
        let answer: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(answer["tokenProperties"]["valid"], true, "{answer}");
        first + second + third
    }

    async fn insist(&self, path: &str, headers: &[(&str, &str)], body: Bytes) -> (Bytes, usize) {
        let mut refused = 0;
        loop {
            let (head, bytes) = self.send(path, headers, body.clone()).await.unwrap();
            if head.status == 200 {
                return (bytes, refused);
            }
            assert_eq!(head.status, 503, "{path}: {bytes:?}");
            refused += 1;
            tokio::time::sleep(AGAIN).await;
        }
    }

    pub async fn assess(&self, asked: &Asked) -> Result<Assessed, Lost> {
        let event = json!({"token": asked.token, "siteKey": self.customer.site_key});
        let mut headers = self.credentials();
        if let Some(key) = &asked.idempotency {
            headers.push(("idempotency-key", key));
        }
        let body = json!({"event": event}).to_string();
        let bytes = self.post("/v1/projects/shop/assessments", &headers, body);
        let answer: Value = serde_json::from_slice(&bytes.await?).unwrap();
        let token = &answer["tokenProperties"];
        Ok(Assessed {
            id: last_part(&answer["name"]),
            valid: token["valid"].as_bool().unwrap(),
            reason: token["invalidReason"].as_str().unwrap().to_owned(),
        })
    }

    pub async fn annotate(&self, id: &str) -> Result<(), Lost> {
        let path = format!("/v1/projects/shop/assessments/{id}:annotate");
        let body = json!({"annotation": "LEGITIMATE"}).to_string();
        self.post(&path, &self.credentials(), body).await?;
        Ok(())
    }

    /// Makes a site key, and answers its id.
    pub async fn create_key(&self) -> Result<String, Lost> {
        let mut key = web_settings("SCORE");
        key["displayName"] = "made under load".into();
        let (headers, body) = (self.credentials(), key.to_string());
        let bytes = self.post("/v1/projects/shop/keys", &headers, body).await?;
        let key: Value = serde_json::from_slice(&bytes).unwrap();
        Ok(last_part(&key["name"]))
    }

    pub fn credentials(&self) -> Vec<(&str, &str)> {
        vec![("x-goog-api-key", &self.customer.api_key)]
    }

    /// The body of a 200; any other answer is a failure of the test, since a server that is about to be killed is whole.
    async fn post(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Result<Bytes, Lost> {
        let (head, body) = self.send(path, headers, body).await?;
        assert_eq!(head.status, 200, "{path}: {body:?}");
        Ok(body)
    }

    /// Any answer to a POST.
    pub async fn send(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Result<(Parts, Bytes), Lost> {
        let mut request = Request::post(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body.into())).unwrap();
        let answer = timeout(PATIENCE, self.client.request(request)).await;
        let answer = answer.expect("an answer, or the end of the connection");
        let (head, body) = answer.map_err(|_| Lost)?.into_parts();
        let body = body.collect().await.map_err(|_| Lost)?.to_bytes();
        Ok((head, body))
    }
}

fn last_part(name: &Value) -> String {
    name.as_str()
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned()
}

/// A page tries again so soon.
const AGAIN: Duration = Duration::from_millis(200);
const PATIENCE: Duration = Duration::from_secs(60);
