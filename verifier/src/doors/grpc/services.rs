use std::{convert::Infallible, future::Future, pin::Pin};

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, Response, body::Incoming};
use tonic::{body::Body, codec::CompressionEncoding, codegen::Service, server::NamedService};
use tonic_health::{
    ServingStatus,
    pb::health_server::HealthServer,
    server::{HealthReporter, HealthService},
};
use tonic_reflection::server::{Builder, Error};
use touchstone_api::{DESCRIPTOR_SET, SERVICE_NAME};

/// What gRPC servers commonly answer beside their own methods: whether they serve (`grpc.health.v1`), and what (reflection,
/// in both its versions).
pub struct Services {
    health: Served<Full<Bytes>>,
    reflection: Vec<Served<Incoming>>,
}

/// A service under its full name.
struct Served<B> {
    name: &'static str,
    answer: Answer<B>,
}

/// Answers a request.
pub(super) type Answer<B> = Box<dyn Fn(Request<B>) -> Answering + Send + Sync>;
type Answering = Pin<Box<dyn Future<Output = Response<Body>> + Send>>;

impl Services {
    /// The services. Without reflection, which no client needs, if the descriptors do not hold: a defect of the build.
    pub async fn new() -> Self {
        let reporter = HealthReporter::new();
        reporter
            .set_service_status(SERVICE_NAME, ServingStatus::Serving)
            .await;
        let health = HealthServer::new(HealthService::from_health_reporter(reporter))
            .accept_compressed(GZIP)
            .send_compressed(GZIP);
        Self {
            health: served(health),
            reflection: reflection().unwrap_or_else(|error| {
                tracing::error!(%error, "gRPC reflection cannot be served");
                Vec::new()
            }),
        }
    }

    /// Whether this is the health service, whose requests are one message.
    pub(super) fn is_health(&self, service: &str) -> bool {
        service == self.health.name
    }

    /// Answers the health service.
    pub(super) async fn health(&self, request: Request<Full<Bytes>>) -> Response<Body> {
        (self.health.answer)(request).await
    }

    /// What answers reflection of this name, whose requests are a stream that lasts as long as its connection.
    pub(super) fn reflection(&self, service: &str) -> Option<&Answer<Incoming>> {
        let mut served = self.reflection.iter();
        served
            .find(|served| served.name == service)
            .map(|served| &served.answer)
    }
}

fn reflection() -> Result<Vec<Served<Incoming>>, Error> {
    let builder = || Builder::configure().register_encoded_file_descriptor_set(DESCRIPTOR_SET);
    Ok(vec![
        served(
            builder()
                .build_v1()?
                .accept_compressed(GZIP)
                .send_compressed(GZIP),
        ),
        served(
            builder()
                .build_v1alpha()?
                .accept_compressed(GZIP)
                .send_compressed(GZIP),
        ),
    ])
}

fn served<S, B>(service: S) -> Served<B>
where
    S: Service<Request<B>, Response = Response<Body>, Error = Infallible>
        + NamedService
        + Clone
        + Send
        + Sync
        + 'static,
    S::Future: Send + 'static,
{
    Served {
        name: S::NAME,
        answer: Box::new(move |request| {
            // These services are always ready.
            let answer = service.clone().call(request);
            Box::pin(async move {
                match answer.await {
                    Ok(response) => response,
                    Err(never) => match never {},
                }
            })
        }),
    }
}

const GZIP: CompressionEncoding = CompressionEncoding::Gzip;
