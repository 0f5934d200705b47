use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{Method, Request, header::CONTENT_TYPE};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::{Value, json};

/// What a customer's backend does: one request to the verifier, and a decision.
pub(super) struct Backend {
    client: Client<HttpConnector, Full<Bytes>>,
    url: String,
    site_key: String,
    api_key: String,
}

/// Why there is no decision: a sentence for the page.
#[derive(Debug, thiserror::Error)]
#[error("the verifier could not be asked: {0}")]
pub(super) struct BackendError(String);

impl Backend {
    pub(super) fn new(origin: &str, project: &str, site_key: String, api_key: String) -> Self {
        let url = format!("{origin}/v1/projects/{project}/assessments");
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self {
            client,
            url,
            site_key,
            api_key,
        }
    }

    /// Asks for an assessment with its evidence, and decides by the score.
    pub(super) async fn sign_in(&self, token: &str) -> Result<Value, BackendError> {
        let started = Instant::now();
        let question = json!({
            "event": {"token": token, "siteKey": self.site_key, "expectedAction": "login"}
        });
        let assessment = self.ask(question.to_string()).await?;
        let milliseconds = started.elapsed().as_secs_f64() * 1e3;
        let valid = assessment["tokenProperties"]["valid"]
            .as_bool()
            .unwrap_or(false);
        let action = assessment["tokenProperties"]["action"]
            .as_str()
            .unwrap_or_default();
        let score = assessment["riskAnalysis"]["score"].as_f64().unwrap_or(0.0);
        let decision = if !valid || action != "login" {
            "refused"
        } else if score >= THRESHOLD {
            "welcome"
        } else if score >= STEP_UP {
            "step-up"
        } else {
            "refused"
        };
        Ok(json!({
            "decision": decision,
            "threshold": THRESHOLD,
            "milliseconds": milliseconds,
            "assessment": assessment,
        }))
    }

    async fn ask(&self, question: String) -> Result<Value, BackendError> {
        let fault = |error: &dyn std::fmt::Display| BackendError(error.to_string());
        let request = Request::builder()
            .method(Method::POST)
            .uri(&self.url)
            .header(CONTENT_TYPE, "application/json")
            .header("x-goog-api-key", &self.api_key)
            .header("x-touchstone-explain", "1")
            .body(Full::new(Bytes::from(question)))
            .map_err(|error| fault(&error))?;
        let answer = tokio::time::timeout(PATIENCE, self.client.request(request)).await;
        let answer = answer
            .map_err(|late| fault(&late))?
            .map_err(|error| fault(&error))?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), MAX_ANSWER).collect().await;
        let body = body.map_err(|error| fault(&error))?.to_bytes();
        let answer: Value = serde_json::from_slice(&body).map_err(|error| fault(&error))?;
        match answer["error"]["message"].as_str() {
            Some(message) => Err(BackendError(format!("{status}: {message}"))),
            None => Ok(answer),
        }
    }
}

const THRESHOLD: f64 = 0.5;
/// Below the threshold but not hopeless: a customer would ask for a second factor.
const STEP_UP: f64 = 0.3;
const PATIENCE: Duration = Duration::from_secs(5);
const MAX_ANSWER: usize = 256 * 1024;
