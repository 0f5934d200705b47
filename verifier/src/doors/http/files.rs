//! The script and the files it loads.

use bytes::Bytes;
use http_body_util::Full;
use hyper::{
    Request, Response, StatusCode,
    body::Incoming,
    header::{
        ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap,
        HeaderValue, IF_NONE_MATCH, VARY,
    },
};
use touchstone_api::ApiError;

use super::{Answer, respond};
use crate::assets::{self, Asset};

/// A copy of the script kept for longer would, after an upgrade, name agent files that are gone, and its visitors would score
/// as if they ran no agent.
///
/// With `edge` it is the one that also loads what pages need that use their site key with a firewall or a policy.
pub(super) fn script(edge: bool, request: &Request<Incoming>) -> Answer {
    let asset = match edge {
        true => assets::edge_script(),
        false => assets::script(),
    };
    changing(asset, request)
}

pub(super) fn shim(request: &Request<Incoming>) -> Answer {
    changing(assets::shim(), request)
}

/// A file whose name stays: browsers ask each time, and usually hear 304.
fn changing(asset: Option<&Asset>, request: &Request<Incoming>) -> Answer {
    match asset {
        Some(asset) => file(asset, request.headers(), "public, no-cache"),
        None => respond::refused(&ApiError::no_such_path()),
    }
}

/// A file with its hash in its name: it never changes.
pub(super) fn agent_file(name: &str, request: &Request<Incoming>) -> Result<Answer, ApiError> {
    let asset = assets::agent_file(name).ok_or_else(ApiError::no_such_path)?;
    Ok(file(
        asset,
        request.headers(),
        "public, max-age=31536000, immutable",
    ))
}

/// A file in the best form that the client accepts; 304 if it has it already.
pub(crate) fn file(asset: &Asset, asked: &HeaderMap, cache: &'static str) -> Answer {
    let known = respond::header(asked, IF_NONE_MATCH);
    // If-None-Match compares weakly (RFC 9110, section 13.1.2).
    let strip = |tag: &'_ str| tag.trim().trim_start_matches("W/").to_owned();
    let unchanged = known.split(',').any(|tag| strip(tag) == strip(asset.etag));
    let (bytes, coding) = asset.best_for(respond::header(asked, ACCEPT_ENCODING));
    let body = if unchanged {
        Bytes::new()
    } else {
        Bytes::from_static(bytes)
    };
    let mut answer = Response::new(Full::new(body));
    let headers = answer.headers_mut();
    headers.insert(ETAG, HeaderValue::from_static(asset.etag));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(
        "x-content-type-options",
        HeaderValue::from_static("nosniff"),
    );
    if unchanged {
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
        return answer;
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(asset.media_type));
    if let Some(coding) = coding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    answer
}
