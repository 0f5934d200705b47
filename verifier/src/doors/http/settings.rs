//! `GET /recaptcha/agent/settings?k=KEY`: what a page does with its site key beyond getting tokens; and the script that does it.

use hyper::{
    Request,
    body::Incoming,
    header::{CACHE_CONTROL, HeaderValue},
};
use touchstone_api::ApiError;

use super::{
    Answer, PublicDoor,
    address::Peer,
    agent::{parameter, site_key},
    files, respond,
};
use crate::{
    Verifier,
    steps::{StepError, has_protected_endpoints, page_settings},
};

/// Answers a page with its site key's settings.
pub(super) async fn settings(
    door: &PublicDoor,
    peer: Peer,
    request: &Request<Incoming>,
) -> Result<Answer, StepError> {
    let _place = door.admission.agent.enter().await?;
    let settings = page_settings(&door.verifier, &site_key(request.uri()), peer.countable).await?;
    let body = serde_json::to_vec(&settings).map_err(|_| ApiError::internal())?;
    let mut answer = respond::json(body);
    answer.headers_mut().insert(
        CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=60"),
    );
    Ok(answer)
}

/// The script; for a page that needs more than most, with what loads it. So it costs the others nothing.
pub(super) async fn script(verifier: &Verifier, peer: Peer, request: &Request<Incoming>) -> Answer {
    let uri = request.uri();
    let render = parameter(uri, "render").unwrap_or_default();
    let is_edge = match render.as_str() {
        "" | "onload" | "explicit" => false,
        _ if parameter(uri, "waf").as_deref() == Some("session") => true,
        key => has_protected_endpoints(verifier, key, peer.countable).await,
    };
    files::script(is_edge, request)
}
