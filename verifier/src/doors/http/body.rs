use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::{Request, body::Incoming, header::CONTENT_LENGTH};
use touchstone_api::ApiError;

use super::respond::header;

/// Reads a request's body, at most `limit` bytes and [`PATIENCE`] long.
pub(in crate::doors) async fn read(
    request: Request<Incoming>,
    limit: usize,
) -> Result<Bytes, ApiError> {
    let announced: Option<usize> = header(request.headers(), CONTENT_LENGTH).parse().ok();
    if announced.is_some_and(|length| length > limit) {
        return Err(ApiError::payload_too_large(limit));
    }
    let body = Limited::new(request.into_body(), limit).collect();
    match tokio::time::timeout(PATIENCE, body).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(ApiError::payload_too_large(limit)),
        Ok(Err(_)) => Err(ApiError::invalid_argument("The request body broke off.")),
        Err(_) => Err(ApiError::request_timeout()),
    }
}

/// Largest body of a request to `/v1` and siteverify: 256 KiB.
pub const MAX_API_BODY: usize = 256 * 1024;
/// Largest body that the agent's endpoints read: 64 KiB, several times what an agent sends.
pub const MAX_AGENT_BODY: usize = 64 * 1024;
/// Largest body that holds the answer to a question: 8 KiB. The pending token in it is 1.8 KB of text.
pub const MAX_ANSWER_BODY: usize = 8 * 1024;
/// A body must arrive whole within 10 seconds.
const PATIENCE: Duration = Duration::from_secs(10);
