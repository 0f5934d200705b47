//! The HTTP doors. The public one answers pages and backends, the admin one the operator.
//!
//! One file a resource; `route.rs` is the table of all paths.

mod address;
mod admin;
mod agent;
mod api;
mod body;
mod challenge;
mod challenge_page;
mod factor;
mod fallback;
mod files;
mod health;
mod multipart;
mod pwned_passwords;
mod respond;
mod route;
mod settings;
mod siteverify;

use std::{
    sync::{Arc, Once, OnceLock},
    time::Instant,
};

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::{
    Method, Request, Response,
    body::Incoming,
    header::{HeaderName, HeaderValue},
};
use ipnet::IpNet;
use touchstone_api::ApiError;
use tracing::Instrument as _;

use super::{admission::Admission, api::refusal, grpc};
use crate::{
    Verifier, environment::fresh_id, keys::Quotas, metrics::Door, spans, steps::StepError,
};
use address::Peer;
use respond::no_content;
use route::Route;

pub use super::grpc::Services as GrpcServices;
pub use address::Connection;
pub use admin::answer_admin;
pub use body::{MAX_AGENT_BODY, MAX_API_BODY};
pub(crate) use files::file as static_file;
pub(crate) use health::{OF_BROWSERS, SEEN};
pub(super) use respond::header;

/// An answer over HTTP, whole.
pub type Answer = Response<Full<Bytes>>;
/// An answer of any door: over gRPC it may be a stream.
pub type Served = Response<Either<Full<Bytes>, tonic::body::Body>>;

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
    /// Whether ranges of Pwned Passwords are served.
    pub pwned_passwords_range: bool,
    /// How much is under way at once.
    pub admission: Admission,
    /// How many requests each API key may make.
    pub quotas: Arc<Quotas>,
    /// The gRPC services beside the API's own.
    pub grpc: GrpcServices,
    /// What `/openapi.json` answers, once it was asked for.
    pub description: OnceLock<Bytes>,
    /// Said once that addresses are not counted.
    pub warned: Once,
}

impl PublicDoor {
    /// Answers one request. Never fails: whatever goes wrong has an answer.
    pub async fn answer(&self, connection: Connection, request: Request<Incoming>) -> Served {
        let started = Instant::now();
        let id = request_id();
        let method = request.method().clone();
        let door = match grpc::is_call(&request) {
            true => Door::Grpc,
            false => Door::Http,
        };
        let is_of_backend = is_of_backend(door, request.uri().path());
        let route = || self.name_of(door, &request);
        let span = spans::request(&request, door.name(), route, is_of_backend);
        let answered = self.answer_at(door, connection, request);
        let (route, status, mut answer) = answered.instrument(span.clone()).await;
        spans::answered(&span, route, status);
        if let Ok(value) = HeaderValue::from_str(&id) {
            answer.headers_mut().insert("x-request-id", value);
        }
        let seconds = started.elapsed().as_secs_f64();
        self.verifier.metrics.answered(door, route, status, seconds);
        // Never the query string: it may hold an API key or a secret.
        let ms = seconds * 1e3;
        // What is refused for a while is counted, and whoever refuses says why: a flood must not fill the log.
        match status >= 500 && status != UNAVAILABLE {
            true => tracing::warn!(request = id, %method, route, status, ms, "failed"),
            false => tracing::debug!(request = id, %method, route, status, ms, "answered"),
        }
        answer
    }

    /// What is asked for, as far as the head tells; `none` for nothing that there is.
    fn name_of(&self, door: Door, request: &Request<Incoming>) -> &'static str {
        let path = request.uri().path();
        let route = match door {
            Door::Grpc => return grpc::name(path),
            Door::Http => path.strip_prefix(&self.base_path).and_then(Route::of),
        };
        route.map_or("none", |route| route.name(request.method()))
    }

    async fn answer_at(
        &self,
        door: Door,
        connection: Connection,
        request: Request<Incoming>,
    ) -> (&'static str, u16, Served) {
        match door {
            Door::Grpc => {
                let answered = Box::pin(grpc::answer(self, request)).await;
                let response = answered.response.map(Either::Right);
                (answered.route, answered.status, response)
            }
            Door::Http => {
                let (route, answer) = self.dispatch(connection, request).await;
                (route, answer.status().as_u16(), answer.map(Either::Left))
            }
        }
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
        let name = route.name(request.method());
        if request.method() == Method::OPTIONS && route.is_for_pages() {
            return (name, respond::for_pages(preflight()));
        }
        let methods = route.methods();
        if !methods.contains(request.method()) {
            return (name, respond::wrong_method(request.method(), &methods));
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
        let answer = answer.unwrap_or_else(|error| refuse(name, error));
        match route.is_for_pages() {
            true => (name, respond::for_pages(answer)),
            false => (name, answer),
        }
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
        // What is large by itself is boxed: a future has room for the largest of its branches, and every request would carry it.
        match route {
            Route::Script => Ok(settings::script(verifier, peer, &request).await),
            Route::Shim => Ok(files::shim(&request)),
            Route::AgentFile { name } => Ok(files::agent_file(name, &request)?),
            Route::Settings => settings::settings(self, peer, &request).await,
            Route::Session => Box::pin(agent::session(self, peer, request)).await,
            Route::Token => Box::pin(agent::token(self, peer, request)).await,
            Route::Api(place) => api::answer(self, place, request).await,
            Route::ChallengePage => Box::pin(challenge_page::page(self, peer, request)).await,
            Route::Fallback => Box::pin(fallback::page(self, peer, request)).await,
            Route::Answer => Box::pin(challenge::answer(self, peer, request)).await,
            Route::FactorSend => Box::pin(factor::send(self, peer, request)).await,
            Route::FactorVerify => Box::pin(factor::verify(self, peer, request)).await,
            Route::SiteVerify(dialect) => {
                Box::pin(siteverify::verify(self, *dialect, request)).await
            }
            Route::PwnedRange { .. } if !self.pwned_passwords_range => {
                Err(ApiError::no_such_path().into())
            }
            Route::PwnedRange { first } => Ok(pwned_passwords::range(self, first, &request).await?),
            Route::OpenApi => Ok(api::description(self)),
            Route::Health => Ok(health::health(&request)),
        }
    }
}

/// Whether a backend asks, whose traces are continued; pages and strangers have none.
fn is_of_backend(door: Door, path: &str) -> bool {
    door == Door::Grpc || path.contains("/v1/") || path.contains("/siteverify")
}

fn refuse(route: &'static str, error: StepError) -> Answer {
    respond::refused(&refusal(route, error))
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
        HeaderValue::from_static("content-type, add-padding"),
    );
    headers.insert("access-control-max-age", HeaderValue::from_static("86400"));
    answer
}

fn request_id() -> String {
    // Without random bytes the request is refused where it needs them; its id only names it in the log.
    fresh_id::<8>().map_or_else(
        |_| "none".to_owned(),
        |bytes| data_encoding::HEXLOWER.encode(&bytes),
    )
}

/// 503.
const UNAVAILABLE: u16 = 503;
