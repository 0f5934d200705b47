//! The HTTP doors. The public one answers pages and backends, the admin one the operator.
//!
//! One file a resource; `route.rs` is the table of all paths.

mod address;
mod admin;
mod agent;
mod assessments;
mod authorize;
mod body;
mod challenge;
mod files;
mod respond;
mod route;
mod siteverify;

use std::{
    sync::{Arc, Once},
    time::Instant,
};

use bytes::Bytes;
use http_body_util::Full;
use hyper::{
    Method, Request, Response,
    body::Incoming,
    header::{HeaderName, HeaderValue},
};
use ipnet::IpNet;
use touchstone_api::ApiError;

use crate::{Verifier, environment::fresh, steps::StepError};
use address::Peer;
use respond::no_content;
use route::Route;

pub use address::Connection;
pub use admin::answer_admin;
pub use body::{MAX_AGENT_BODY, MAX_API_BODY};
pub(crate) use files::file as static_file;

/// An answer of any door.
pub type Answer = Response<Full<Bytes>>;

/// What the public door needs to know beside the verifier.
pub struct PublicDoor {
    /// The parts.
    pub verifier: Arc<Verifier>,
    /// Peers whose `X-Forwarded-For` and `X-Forwarded-Proto` count.
    pub trusted_proxies: Vec<IpNet>,
    /// The path under which everything is served, such as `/captcha`; empty for the root.
    pub base_path: String,
    /// The header in which trusted proxies tell the JA4 fingerprint of the visitor's TLS client.
    pub ja4_header: Option<HeaderName>,
    /// Said once that addresses are not counted.
    pub warned: Once,
}

impl PublicDoor {
    /// Answers one request. Never fails: whatever goes wrong has an answer.
    pub async fn answer(&self, connection: Connection, request: Request<Incoming>) -> Answer {
        let started = Instant::now();
        let id = request_id();
        let method = request.method().clone();
        let (route, mut answer) = self.dispatch(connection, request).await;
        if let Ok(value) = HeaderValue::from_str(&id) {
            answer.headers_mut().insert("x-request-id", value);
        }
        let (status, seconds) = (answer.status().as_u16(), started.elapsed().as_secs_f64());
        self.verifier.metrics.answered(route, status, seconds);
        // Never the query string: it may hold an API key or a secret.
        tracing::info!(request = id, %method, route, status, ms = seconds * 1e3, "answered");
        answer
    }

    async fn dispatch(
        &self,
        connection: Connection,
        request: Request<Incoming>,
    ) -> (&'static str, Answer) {
        let path = request.uri().path();
        let Some(path) = path
            .strip_prefix(&self.base_path)
            .filter(|p| p.starts_with('/'))
        else {
            return ("none", respond::refused(&ApiError::no_such_path()));
        };
        let Some(route) = Route::of(path) else {
            return ("none", respond::refused(&ApiError::no_such_path()));
        };
        if request.method() == Method::OPTIONS && route.is_for_pages() {
            return (route.name(), respond::for_pages(preflight()));
        }
        if !route.methods().contains(request.method()) {
            let answer = respond::wrong_method(request.method(), route.methods());
            return (route.name(), answer);
        }
        let peer = Peer::new(
            connection,
            request.version(),
            request.headers(),
            &self.trusted_proxies,
        );
        if route.is_for_pages() && peer.countable.is_none() {
            self.warn_of_shared_addresses();
        }
        let answer = self.resource(&route, peer, request).await;
        let answer = answer.unwrap_or_else(|error| refuse(route.name(), error));
        (
            route.name(),
            if route.is_for_pages() {
                respond::for_pages(answer)
            } else {
                answer
            },
        )
    }

    fn warn_of_shared_addresses(&self) {
        self.warned.call_once(|| {
            tracing::warn!(
                "visits are not counted by address: visitors seem to share one. If a proxy is in front, name its network \
                 with --trusted-proxy and let it send X-Forwarded-For"
            );
        });
    }

    async fn resource(
        &self,
        route: &Route,
        peer: Peer,
        request: Request<Incoming>,
    ) -> Result<Answer, StepError> {
        let verifier = &*self.verifier;
        match route {
            Route::Script => Ok(files::script(&request)),
            Route::AgentFile { name } => Ok(files::agent_file(name, &request)?),
            Route::Session => agent::session(verifier, peer, request).await,
            Route::Token => agent::token(verifier, peer, self.ja4_header.as_ref(), request).await,
            Route::Answer => challenge::answer(verifier, peer, request).await,
            Route::Assessments { project } => assessments::create(verifier, project, request).await,
            Route::Annotate {
                project,
                assessment,
            } => assessments::annotate(verifier, project, assessment, request).await,
            Route::SiteVerify => siteverify::verify(verifier, request).await,
            Route::Health => Ok(respond::text("ok\n")),
        }
    }
}

/// The one place where faults become HTTP answers. What a fault was belongs in the log; the caller hears what helps.
fn refuse(route: &'static str, error: StepError) -> Answer {
    let error = match error {
        StepError::Refused(error) => error,
        StepError::UnknownSiteKey => {
            ApiError::not_found("site key (the parameter k); make one with: touchstone key create")
        }
        StepError::Store(error) if error.is_transient() => {
            tracing::error!(route, %error, "the store could not do its part");
            ApiError::unavailable()
        }
        StepError::Store(_) | StepError::Entropy(_) | StepError::Token(_) => {
            tracing::error!(route, %error, "a request could not be answered");
            ApiError::internal()
        }
    };
    respond::refused(&error)
}

/// Pages of any origin may ask, without credentials. Posts without a content type need no such question; this answer is
/// for clients that send one.
fn preflight() -> Answer {
    let mut answer = no_content();
    let headers = answer.headers_mut();
    headers.insert(
        "access-control-allow-methods",
        HeaderValue::from_static("GET, POST"),
    );
    headers.insert(
        "access-control-allow-headers",
        HeaderValue::from_static("content-type"),
    );
    headers.insert("access-control-max-age", HeaderValue::from_static("86400"));
    answer
}

fn request_id() -> String {
    // Without random bytes the request is refused where it needs them; its id only names it in the log.
    fresh::<8>().map_or_else(
        |_| "none".to_owned(),
        |bytes| data_encoding::HEXLOWER.encode(&bytes),
    )
}
