//! Traces for OpenTelemetry: what a request spent its time on. Off unless `--otlp-endpoint` names a collector; then spans are disabled
//! where they are made, and cost a comparison.
//!
//! A span names steps, routes, statuses and operations of the store. None carries a token, a key, an address or anything else of a visitor's.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::{Request, Response, Uri, header::HeaderMap};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use opentelemetry::{propagation::TextMapPropagator, trace::TracerProvider};
use opentelemetry_http::{HeaderExtractor, HttpClient, HttpError};
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{Resource, propagation::TraceContextPropagator, trace::SdkTracerProvider};
use tokio::{runtime::Handle, time::timeout};
use tracing::{Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::{Layer, filter::filter_fn, registry::LookupSpan};

/// Sends spans to a collector, in batches, beside the requests.
pub struct Spans(SdkTracerProvider);

impl Spans {
    /// Sends to the collector at `endpoint` (OTLP over plain HTTP, `/v1/traces` behind it), on the runtime that this is called
    /// in. What is sampled, the service's name and further attributes follow OpenTelemetry's own variables (`OTEL_TRACES_SAMPLER`,
    /// `OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`).
    ///
    /// # Errors
    /// The endpoint is no address.
    pub fn to(endpoint: &Uri) -> Result<Self, ExporterBuildError> {
        let place = endpoint.to_string();
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(Sender {
                client: Client::builder(TokioExecutor::new()).build_http(),
                runtime: Handle::current(),
            })
            .with_endpoint(format!("{}/v1/traces", place.trim_end_matches('/')))
            .build()?;
        let mut resource = Resource::builder();
        if std::env::var_os("OTEL_SERVICE_NAME").is_none() {
            resource = resource.with_service_name("touchstone");
        }
        let provider = SdkTracerProvider::builder()
            .with_resource(resource.build())
            .with_batch_exporter(exporter);
        Ok(Self(provider.build()))
    }

    /// Where spans go.
    pub fn layer<S: Subscriber + for<'a> LookupSpan<'a>>(&self) -> impl Layer<S> + use<S> {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("touchstone"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_filter(filter_fn(|what| what.is_span() && what.target() == TARGET))
    }

    /// Sends what is left, for five seconds at most.
    pub async fn end(self) {
        let sent = tokio::task::spawn_blocking(move || self.0.shutdown()).await;
        if let Ok(Err(error)) = sent {
            tracing::warn!(%error, "the last spans could not be sent");
        }
    }
}

/// The span of a request, a child of what the backend says it is part of (`traceparent`, W3C Trace Context).
pub(crate) fn request<B>(
    request: &Request<B>,
    door: &'static str,
    route: impl FnOnce() -> &'static str,
    is_of_backend: bool,
) -> Span {
    let span = tracing::debug_span!(
        target: TARGET,
        "request",
        otel.kind = "server",
        otel.name = route(),
        door,
        http.request.method = method(request),
        http.route = tracing::field::Empty,
        http.response.status_code = tracing::field::Empty,
    );
    if !span.is_disabled() && is_of_backend {
        continue_trace(&span, request.headers());
    }
    span
}

/// Writes into a request's span how it ended.
pub(crate) fn answered(span: &Span, route: &'static str, status: u16) {
    span.record("http.route", route);
    span.record("http.response.status_code", status);
}

/// The span of a step.
macro_rules! step {
    ($name:literal) => {
        tracing::debug_span!(target: "touchstone::spans", $name)
    };
}
pub(crate) use step;

fn continue_trace(span: &Span, headers: &HeaderMap) {
    let parent = TraceContextPropagator::new().extract(&HeaderExtractor(headers));
    if let Err(error) = span.set_parent(parent) {
        tracing::debug!(%error, "the backend's trace is not continued");
    }
}

/// One of those that there are: whoever asks could make up a thousand.
fn method<B>(request: &Request<B>) -> &'static str {
    match request.method().as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "_OTHER",
    }
}

/// Spans are exported by a thread of their own, which has no runtime.
struct Sender {
    client: Client<HttpConnector, Full<Bytes>>,
    runtime: Handle,
}

#[async_trait]
impl HttpClient for Sender {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = self.client.clone();
        let sent = async move {
            let (head, body) = client.request(request.map(Full::new)).await?.into_parts();
            let body = Limited::new(body, MOST_BYTES).collect().await?.to_bytes();
            Ok(Response::from_parts(head, body))
        };
        // The time is the runtime's, too.
        let bounded = async move { timeout(PATIENCE, sent).await };
        self.runtime.spawn(bounded).await??
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sender")
    }
}

/// What spans are told from logs by. Written out where spans are made: macros of `tracing` want it so.
const TARGET: &str = "touchstone::spans";
/// Of a collector's answer, which says little.
const MOST_BYTES: usize = 64 * 1024;
const PATIENCE: Duration = Duration::from_secs(5);
