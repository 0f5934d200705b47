//! `GET /range/{first 5 digits}`: passwords alone, in the form of the Pwned Passwords API, version 3.

use std::fmt::Write as _;

use hyper::{
    Request,
    body::Incoming,
    header::{CACHE_CONTROL, HeaderName, HeaderValue},
};
use touchstone_api::ApiError;
use touchstone_leaks::{PwnedHash, PwnedRange};

use super::{Answer, PublicDoor, agent::parameter, respond};
use crate::{environment::fresh, steps::StepError};

/// Answers a line for each hash that starts with these digits: its other digits and how often it was seen. With `Add-Padding: true`,
/// so many of count 0 among them that the length tells nothing of the range.
pub(super) async fn range(
    door: &PublicDoor,
    first: &str,
    request: &Request<Incoming>,
) -> Result<Answer, StepError> {
    let is_sha1 = parameter(request.uri(), "mode").is_none_or(|mode| mode == "sha1");
    let range = PwnedRange::parse(first).filter(|_| is_sha1);
    let range = range.ok_or_else(|| {
        ApiError::invalid_argument(
            "The hash prefix was not in a valid format: send the first 5 hexadecimal digits of a SHA-1 hash.",
        )
    })?;
    // Anybody may ask, as pages may.
    let _place = door.admission.agent.enter().await?;
    let hashes = door.verifier.leaks.pwned(range).await?;
    let mut hashes = hashes.ok_or_else(|| {
        tracing::warn!("--pwned-passwords-range has nothing to serve: touchstone leaks import --format hibp FILES");
        ApiError::unavailable()
    })?;
    if respond::header(request.headers(), ADD_PADDING).eq_ignore_ascii_case("true") {
        pad(&mut hashes)?;
    }
    let mut body = String::with_capacity(hashes.len() * LINE_BYTES);
    for (index, (hash, count)) in hashes.iter().enumerate() {
        let end = if index == 0 { "" } else { "\r\n" };
        // A string takes everything that is written to it.
        let _ = write!(body, "{end}{}:{count}", hash.suffix());
    }
    let mut answer = respond::text(body);
    answer.headers_mut().insert(
        CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=3600"),
    );
    Ok(answer)
}

/// Up to 800 to 1,000 lines, or by up to 200 where there are more than 800 anyway.
fn pad(hashes: &mut Vec<(PwnedHash, u64)>) -> Result<(), getrandom::Error> {
    let extra = usize::from(u16::from_be_bytes(fresh()?)) % (PADDED_SPREAD + 1);
    let lines = hashes.len().max(PADDED_LINES) + extra;
    while hashes.len() < lines {
        hashes.push((PwnedHash(fresh()?), 0));
    }
    hashes.sort_by_cached_key(|(hash, _)| hash.suffix());
    Ok(())
}

const ADD_PADDING: HeaderName = HeaderName::from_static("add-padding");
/// As the public service pads.
const PADDED_LINES: usize = 800;
const PADDED_SPREAD: usize = 200;
/// Bytes of most lines: 35 digits, a colon, a count, an end.
const LINE_BYTES: usize = 48;
