//! The agent's endpoints: `POST /recaptcha/agent/session?k=KEY` and `POST /recaptcha/agent/token?k=KEY`.

use hyper::{
    Request, Uri,
    body::Incoming,
    header::{
        ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONTENT_TYPE, EXPECT, HeaderMap, HeaderName,
        ORIGIN, TE, USER_AGENT,
    },
};
use touchstone_score::{Ja4, Opening, Proofs, Transport};

use super::{Answer, address::Peer, body, respond};
use crate::{
    Verifier,
    bots::SignedRequest,
    steps::{Issued, StepError, Visitor, issue_token, open_session},
};

/// Opens a session: the body is the last one's sealed copy or empty, the answer a challenge.
pub(super) async fn session(
    verifier: &Verifier,
    peer: Peer,
    request: Request<Incoming>,
) -> Result<Answer, StepError> {
    let site_key = site_key(request.uri());
    let headers = request.headers().clone();
    let host = origin_host(&headers);
    let previous = body::read(request, body::MAX_AGENT_BODY).await?;
    let visitor = visitor(peer, host.as_deref(), &headers);
    let challenge = open_session(verifier, &site_key, &previous, visitor).await?;
    Ok(respond::octets(challenge))
}

/// Issues a token: as text; or, when the session was over, a challenge as octets.
pub(super) async fn token(
    verifier: &Verifier,
    peer: Peer,
    ja4_header: Option<&HeaderName>,
    request: Request<Incoming>,
) -> Result<Answer, StepError> {
    let uri = request.uri().clone();
    let site_key = site_key(&uri);
    let headers = request.headers().clone();
    let host = origin_host(&headers);
    let posted = body::read(request, body::MAX_AGENT_BODY).await?;
    let signed = SignedRequest {
        method: Some("POST"),
        uri: &uri,
        headers: &headers,
    };
    let mut visitor = visitor(peer, host.as_deref(), &headers);
    visitor.signer = verifier.bots.signer(&signed, verifier.now());
    visitor.transport.ja4 = ja4_header
        .filter(|_| peer.is_by_proxy)
        .and_then(|name| Ja4::parse(respond::header(&headers, name)));
    Ok(
        match issue_token(verifier, &site_key, &posted, visitor).await? {
            Issued::Token(text) => respond::text(text),
            Issued::Challenge(bytes) => respond::octets(bytes),
        },
    )
}

fn visitor<'a>(peer: Peer, host: Option<&'a str>, headers: &'a HeaderMap) -> Visitor<'a> {
    let optional = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let named = |name| optional(HeaderName::from_static(name));
    Visitor {
        address: peer.address,
        countable: peer.countable,
        host,
        signer: None,
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

fn site_key(uri: &Uri) -> String {
    let query = uri.query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs
        .find(|(name, _)| name == "k")
        .map(|(_, key)| key.into_owned())
        .unwrap_or_default()
}

/// The host of the browser's `Origin` (RFC 6454), lower case, without port; `None` if it is absent or `null`.
fn origin_host(headers: &HeaderMap) -> Option<String> {
    let origin: Uri = respond::header(headers, ORIGIN).parse().ok()?;
    origin.scheme()?;
    origin
        .host()
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
