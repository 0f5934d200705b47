use bytes::Bytes;
use data_encoding::BASE64;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{
    Method, Request, Response, StatusCode,
    body::Incoming,
    header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue},
};
use serde::Deserialize;
use serde_json::json;

use super::backend::Backend;
use crate::{
    assets,
    doors::http::{Answer, static_file},
    environment::fresh,
};

/// The customer's site: its page, its files, and `POST /login`.
pub struct Site {
    verifier: String,
    site_key: String,
    backend: Backend,
}

/// What the page posts. The password stays in the page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Login {
    username: String,
    token: String,
}

impl Site {
    pub(super) fn new(verifier: String, site_key: String, backend: Backend) -> Self {
        Self {
            verifier,
            site_key,
            backend,
        }
    }

    /// Answers one request.
    pub async fn answer(&self, request: Request<Incoming>) -> Answer {
        let path = request.uri().path();
        match (request.method(), path) {
            (&Method::GET | &Method::HEAD, "/") => self.page(),
            (&Method::POST, "/login") => self.login(request).await,
            (_, "/login") => wrong_method("POST"),
            (&Method::GET | &Method::HEAD, _) => {
                let asset = path.strip_prefix('/').and_then(assets::site_file);
                match asset.filter(|asset| asset.name != "index.html") {
                    Some(asset) => static_file(asset, request.headers(), "no-cache"),
                    None => problem(StatusCode::NOT_FOUND, "There is nothing at this path."),
                }
            }
            _ => wrong_method("GET, HEAD"),
        }
    }

    /// The page with its strict policy: the exact header that the documentation tells site developers to send.
    fn page(&self) -> Answer {
        let (Some(template), Ok(nonce)) = (assets::site_file("index.html"), fresh::<16>()) else {
            return problem(
                StatusCode::INTERNAL_SERVER_ERROR,
                "The page cannot be made.",
            );
        };
        let nonce = BASE64.encode(&nonce);
        let page = String::from_utf8_lossy(template.plain)
            .replace("{{VERIFIER}}", &self.verifier)
            .replace("{{SITE_KEY}}", &self.site_key)
            .replace("{{NONCE}}", &nonce);
        let verifier = &self.verifier;
        let policy = format!(
            "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
             img-src 'self' data:; connect-src 'self' {verifier}; worker-src blob:; form-action 'self'; \
             base-uri 'none'; frame-ancestors 'none'"
        );
        let mut answer = Response::new(Full::new(Bytes::from(page)));
        let headers = answer.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            headers.insert(HeaderName::from_static("content-security-policy"), policy);
        }
        answer
    }

    async fn login(&self, request: Request<Incoming>) -> Answer {
        let body = Limited::new(request.into_body(), MAX_LOGIN).collect();
        let body = tokio::time::timeout(std::time::Duration::from_secs(10), body).await;
        let Ok(Ok(body)) = body else {
            return problem(StatusCode::BAD_REQUEST, "The request did not arrive whole.");
        };
        let login: Login = match serde_json::from_slice(&body.to_bytes()) {
            Ok(login) => login,
            Err(error) => {
                let message = format!("Expected {{\"username\", \"token\"}} as JSON: {error}.");
                return problem(StatusCode::BAD_REQUEST, &message);
            }
        };
        if login.username.chars().count() > 200 {
            return problem(StatusCode::BAD_REQUEST, "username: at most 200 characters.");
        }
        match self.backend.sign_in(&login.token).await {
            Ok(decision) => json_answer(StatusCode::OK, &decision),
            Err(error) => problem(StatusCode::BAD_GATEWAY, &error.to_string()),
        }
    }
}

fn problem(status: StatusCode, message: &str) -> Answer {
    json_answer(status, &json!({"error": {"message": message}}))
}

fn wrong_method(allowed: &'static str) -> Answer {
    let mut answer = problem(
        StatusCode::METHOD_NOT_ALLOWED,
        "This path has no such method.",
    );
    answer
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static(allowed));
    answer
}

fn json_answer(status: StatusCode, value: &serde_json::Value) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(value.to_string())));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/json; charset=utf-8"),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

const MAX_LOGIN: usize = 16 * 1024;
