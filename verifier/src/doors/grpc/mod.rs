//! The gRPC door, on the port of the HTTP door: the API, health and reflection.

mod call;
mod services;

use std::cmp::Ordering;

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Method as Verb, Request, Response, Version, body::Incoming, header::CONTENT_TYPE};
use prost::Message as _;
use tonic::{Status, body::Body};
use touchstone_api::{ApiError, Code, SERVICE_NAME};

pub use services::Services;

use super::{
    admission::read_small,
    api::Method,
    http::{MAX_API_BODY, PublicDoor, header},
};

/// An answer over gRPC.
pub(super) struct Answered {
    /// What was called.
    pub route: &'static str,
    /// The HTTP status that the same answer would have over REST.
    pub status: u16,
    /// The answer itself; its own status is always 200.
    pub response: Response<Body>,
}

/// Whether a request is a call by gRPC: told by its content type, as the protocol demands.
pub(super) fn is_call<B>(request: &Request<B>) -> bool {
    let kind = header(request.headers(), CONTENT_TYPE);
    let subtype = kind.strip_prefix("application/grpc");
    request.version() == Version::HTTP_2
        && request.method() == Verb::POST
        && subtype.is_some_and(|rest| rest.is_empty() || rest.starts_with(['+', ';']))
}

/// Whether the messages are in the binary form: by default, and as `+proto`.
fn is_binary<B>(request: &Request<B>) -> bool {
    let kind = header(request.headers(), CONTENT_TYPE);
    let kind = kind.split_once(';').map_or(kind, |(kind, _options)| kind);
    matches!(
        kind.trim_end(),
        "application/grpc" | "application/grpc+proto"
    )
}

/// What is called at a path; `none` for nothing that there is.
pub(super) fn name(path: &str) -> &'static str {
    let rpc = path.rsplit('/').next().unwrap_or_default();
    Method::named(rpc).map_or("none", |method| method.rpc)
}

/// Answers one call. Never fails.
pub(super) async fn answer(door: &PublicDoor, request: Request<Incoming>) -> Answered {
    if !is_binary(&request) {
        let error = ApiError::new(
            Code::Unimplemented,
            "Messages are read in their binary form alone: send application/grpc or application/grpc+proto.",
        );
        return refused("none", &error);
    }
    let path = request.uri().path().to_owned();
    let (service, rpc) = path
        .trim_start_matches('/')
        .split_once('/')
        .unwrap_or_default();
    if let Some(reflection) = door.grpc.reflection(service) {
        return Answered {
            route: "grpc-reflection",
            status: 200,
            response: reflection(request).await,
        };
    }
    let method = Method::named(rpc).filter(|_| service == SERVICE_NAME);
    let health = door.grpc.is_health(service).then_some("grpc-health");
    let Some(route) = method.map(|method| method.rpc).or(health) else {
        let error = ApiError::new(Code::Unimplemented, "There is no such method.");
        return refused("none", &error);
    };
    let (head, body) = request.into_parts();
    let headers = head.headers.clone();
    let request = Request::from_parts(head.clone(), body);
    // One message with its head; a compressed one is bounded again when it is unpacked. The health service must answer
    // when nothing else does.
    let (whole, _share) = match method {
        Some(_) => match door
            .admission
            .backend
            .read(request, MAX_API_BODY + MESSAGE_HEAD)
            .await
        {
            Ok(body) => (Ok(body.bytes()), Some(body)),
            Err(error) => (Err(error), None),
        },
        None => (read_small(request, MAX_HEALTH_BODY).await, None),
    };
    let request = match whole.and_then(|body| one_message(&body).map(|()| body)) {
        Ok(body) => Request::from_parts(head, Full::new(body)),
        Err(error) => return refused(route, &error),
    };
    match method {
        Some(method) => call::answer(door, method, &headers, request).await,
        None => Answered {
            route,
            status: 200,
            response: door.grpc.health(request).await,
        },
    }
}

/// Whether a body is one whole message in its frame. Another number of them is UNIMPLEMENTED, as gRPC has it.
///
/// # Errors
/// What the body is instead.
fn one_message(body: &[u8]) -> Result<(), ApiError> {
    let wrong_number = |what| ApiError::new(Code::Unimplemented, what);
    let broken = || {
        ApiError::invalid_argument("The message breaks off before the length that its frame tells.")
    };
    if body.is_empty() {
        return Err(wrong_number("The method takes one message, and none came."));
    }
    let (head, message) = body
        .split_first_chunk::<MESSAGE_HEAD>()
        .ok_or_else(broken)?;
    let [_compressed, length @ ..] = *head;
    match message.len().cmp(&(u32::from_be_bytes(length) as usize)) {
        Ordering::Less => Err(broken()),
        Ordering::Equal => Ok(()),
        Ordering::Greater => Err(wrong_number(
            "The method takes one message, and more than one came.",
        )),
    }
}

fn refused(route: &'static str, error: &ApiError) -> Answered {
    Answered {
        route,
        status: error.http_status(),
        response: status(error).into_http(),
    }
}

/// A refusal with its details, as gRPC tells it.
fn status(error: &ApiError) -> Status {
    let details = Bytes::from(error.to_rpc().encode_to_vec());
    let code = tonic::Code::from_i32(error.code().number());
    Status::with_details(code, error.message(), details)
}

/// Largest question of the health service: the name of a service.
const MAX_HEALTH_BODY: usize = 1024;
/// Flag and length in front of a message.
const MESSAGE_HEAD: usize = 5;
