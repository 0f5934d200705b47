//! The agent's endpoints: `POST /recaptcha/agent/session?k=KEY` and `POST /recaptcha/agent/token?k=KEY`.

use hyper::{
    Request, Uri,
    body::Incoming,
    header::{
        ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_TYPE, EXPECT, HeaderMap, HeaderName,
        ORIGIN, TE, USER_AGENT,
    },
};
use touchstone_challenge::Language;
use touchstone_score::{Ja4, Opening, Proofs, Transport};

use super::{Answer, PublicDoor, address::Peer, body, challenge, respond};
use crate::{
    bots::SignedRequest,
    steps::{Issued, StepError, Visitor, issue_token, open_session},
};

/// Opens a session: the body is the last one's sealed copy or empty, the answer a challenge.
pub(super) async fn session(
    door: &PublicDoor,
    peer: Peer,
    request: Request<Incoming>,
) -> Result<Answer, StepError> {
    let PublicDoor {
        verifier,
        admission,
        ..
    } = door;
    let uri = request.uri().clone();
    let site_key = site_key(&uri);
    let headers = request.headers().clone();
    let host = origin_host(&headers);
    let previous = admission.agent.read(request, body::MAX_AGENT_BODY).await?;
    let _place = admission.agent.enter().await?;
    let visitor = visitor(peer, host.as_deref(), &uri, &headers);
    let challenge = open_session(verifier, &site_key, &previous, visitor).await?;
    Ok(respond::octets(challenge))
}

/// Issues a token, as text; or, when the session was over, a new one's challenge as octets; or a question as JSON.
pub(super) async fn token(
    door: &PublicDoor,
    peer: Peer,
    request: Request<Incoming>,
) -> Result<Answer, StepError> {
    let PublicDoor {
        verifier,
        admission,
        ja4_header,
        ..
    } = door;
    let uri = request.uri().clone();
    let site_key = site_key(&uri);
    let headers = request.headers().clone();
    let host = origin_host(&headers);
    let posted = admission.agent.read(request, body::MAX_AGENT_BODY).await?;
    let _place = admission.agent.enter().await?;
    let signed = SignedRequest {
        method: Some("POST"),
        uri: &uri,
        headers: &headers,
    };
    let mut visitor = visitor(peer, host.as_deref(), &uri, &headers);
    visitor.signer = verifier.bots.signer(&signed, verifier.now());
    visitor.transport.ja4 = { ja4_header.as_ref() }
        .filter(|_| peer.is_by_proxy)
        .and_then(|name| Ja4::parse(respond::header(&headers, name)));
    Ok(
        match issue_token(verifier, &site_key, &posted, visitor).await? {
            Issued::Token(text) => respond::text(text),
            Issued::Challenge(bytes) => respond::octets(bytes),
            Issued::Asked(asking) => challenge::form(&asking)?,
        },
    )
}

/// Who sent a request with this address and these headers.
pub(super) fn visitor<'a>(
    peer: Peer,
    host: Option<&'a str>,
    uri: &Uri,
    headers: &'a HeaderMap,
) -> Visitor<'a> {
    let optional = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let named = |name| optional(HeaderName::from_static(name));
    Visitor {
        address: peer.address,
        countable: peer.countable,
        host,
        signer: None,
        language: language(uri, headers),
        transport: Transport {
            user_agent: respond::header(headers, USER_AGENT),
            accept_language: optional(ACCEPT_LANGUAGE),
            accept: optional(ACCEPT),
            accept_encoding: optional(ACCEPT_ENCODING),
            content_type: optional(CONTENT_TYPE),
            te: optional(TE),
            expect: optional(EXPECT),
            http2_settings: named("http2-settings"),
            client_hints_ua: named("sec-ch-ua"),
            client_hints_platform: named("sec-ch-ua-platform"),
            client_hints_mobile: named("sec-ch-ua-mobile"),
            sec_fetch_site: named("sec-fetch-site"),
            sec_fetch_mode: named("sec-fetch-mode"),
            sec_fetch_dest: named("sec-fetch-dest"),
            ja4: None,
            is_http_1_0: peer.is_http_1_0,
            is_direct: peer.is_direct,
            is_by_unknown_proxy: !peer.is_direct && !peer.is_by_proxy,
            trustworthy_origin: peer.trustworthy_origin,
            elapsed_ms: 0,
            proofs: Proofs::default(),
            opening: Opening::default(),
        },
    }
}

/// The parameter `k`; empty if there is none.
pub(super) fn site_key(uri: &Uri) -> String {
    parameter(uri, "k").unwrap_or_default()
}

/// The language that the page asks for, else one that the browser asks for.
fn language(uri: &Uri, headers: &HeaderMap) -> &'static Language {
    let named = parameter(uri, "hl").and_then(|tag| Language::of_tag(&tag));
    named
        .or_else(|| Language::of_header(respond::header(headers, ACCEPT_LANGUAGE)))
        .unwrap_or_else(Language::fallback)
}

pub(super) fn parameter(uri: &Uri, name: &str) -> Option<String> {
    let query = uri.query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let found = pairs.find(|(named, _)| named == name);
    found.map(|(_, value)| value.into_owned())
}

/// The host of the browser's `Origin` (RFC 6454), lower case, without port; `None` if it is absent or `null`.
pub(super) fn origin_host(headers: &HeaderMap) -> Option<String> {
    host_in(headers, ORIGIN)
}

/// The host of a header that holds a URL.
pub(super) fn host_in(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let url: Uri = respond::header(headers, name).parse().ok()?;
    url.scheme()?;
    url.host()
        .filter(|host| host.len() <= 253)
        .map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    #[test]
    fn the_host_is_that_of_the_origin() {
        for (origin, host) in [
            ("https://Shop.Example.com", Some("shop.example.com")),
            ("http://127.0.0.1:8080", Some("127.0.0.1")),
            ("http://[::1]:8080", Some("[::1]")),
            ("null", None),
            ("", None),
            ("example.com", None),
            ("file://", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ORIGIN, HeaderValue::from_static(origin));
            assert_eq!(origin_host(&headers).as_deref(), host, "{origin}");
        }
        assert_eq!(origin_host(&HeaderMap::new()), None);
    }
}
