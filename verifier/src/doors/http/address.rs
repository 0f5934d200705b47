use std::net::IpAddr;

use hyper::{
    Uri, Version,
    header::{HeaderMap, ORIGIN},
};
use ipnet::IpNet;
use touchstone_traffic::is_public;

use super::respond::header;

/// The connection that a request came on.
#[derive(Debug, Clone, Copy)]
pub struct Connection {
    /// The peer's address.
    pub peer: IpAddr,
    /// Whether the connection itself is TLS.
    pub tls: bool,
}

/// Who sent a request, as far as the connection and trusted proxies tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Peer {
    /// The visitor's address.
    pub address: IpAddr,
    /// The same where it says who the visitor is. `None` where visitors share it: behind a proxy that is not named as
    /// trusted, or that does not say for whom it asks.
    pub countable: Option<IpAddr>,
    /// Whether the connection comes from a trusted proxy: what it says of the visitor is believed.
    pub is_by_proxy: bool,
    /// Whether nobody in between shows: the peer is no trusted proxy, and no header names one. Proxies rewrite headers.
    pub is_direct: bool,
    /// Whether the request came in HTTP/1.0.
    pub is_http_1_0: bool,
    /// Whether browsers took our address for trustworthy (https or loopback): only then they send `Sec-Fetch-*`.
    pub trustworthy_origin: bool,
}

impl Peer {
    /// `X-Forwarded-For` and `X-Forwarded-Proto` count only from trusted proxies; of the list of addresses, the last one
    /// that is no trusted proxy itself.
    pub(super) fn new(
        connection: Connection,
        version: Version,
        headers: &HeaderMap,
        trusted: &[IpNet],
    ) -> Self {
        let is_trusted = |address: IpAddr| {
            let address = address.to_canonical();
            trusted.iter().any(|net| net.contains(&address))
        };
        let (mut address, mut tls) = (connection.peer, connection.tls);
        if is_trusted(address) {
            for hop in hops(headers).into_iter().rev() {
                let Some(hop) = hop else { break };
                address = hop;
                if !is_trusted(hop) {
                    break;
                }
            }
            tls |= header(headers, FORWARDED_PROTO).eq_ignore_ascii_case("https");
        }
        let address = address.to_canonical();
        let is_shared = match trusted {
            // Whoever comes with such an address directly is a proxy or sits at this machine.
            [] => !is_public(address),
            _ => is_trusted(address),
        };
        Self {
            address,
            countable: (!is_shared).then_some(address),
            is_by_proxy: is_trusted(connection.peer),
            is_direct: !is_trusted(connection.peer)
                && !PROXY_HEADERS.iter().any(|name| headers.contains_key(*name)),
            is_http_1_0: version < Version::HTTP_11,
            trustworthy_origin: tls || asked_securely(headers),
        }
    }
}

/// The addresses of all `X-Forwarded-For` headers in order; `None` for what is no address.
fn hops(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let values = headers.get_all(FORWARDED_FOR).iter();
    let items = values.flat_map(|value| value.to_str().unwrap_or("?").split(','));
    items.map(|item| address_of(item.trim())).collect()
}

/// An address, as some proxies write it with a port.
fn address_of(text: &str) -> Option<IpAddr> {
    let with_port = || {
        text.parse::<std::net::SocketAddr>()
            .ok()
            .map(|socket| socket.ip())
    };
    text.parse().ok().or_else(with_port)
}

/// Whether the page's own origin says that it reached us over a trustworthy address: a page on https may not call plain
/// http elsewhere (Mixed Content), and a page on loopback is a developer's. `Host` alone says nothing: a proxy in front
/// commonly puts its own there.
fn asked_securely(headers: &HeaderMap) -> bool {
    let Ok(origin) = header(headers, ORIGIN).parse::<Uri>() else {
        return false;
    };
    origin.scheme_str() == Some("https") || origin.host().is_some_and(is_loopback)
}

fn is_loopback(host: &str) -> bool {
    let address = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost")
        || host.to_ascii_lowercase().ends_with(".localhost")
        || address.is_ok_and(|address| address.is_loopback())
}

/// What proxies say of themselves (RFC 9110, RFC 7239, and custom).
const PROXY_HEADERS: [&str; 4] = ["via", "forwarded", "x-forwarded-for", "x-real-ip"];
const FORWARDED_FOR: hyper::header::HeaderName =
    hyper::header::HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: hyper::header::HeaderName =
    hyper::header::HeaderName::from_static("x-forwarded-proto");

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    fn peer_of(peer: &str, forwarded: &[&'static str], trusted: &[&str]) -> Peer {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_static(value));
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        let connection = Connection {
            peer: peer.parse().unwrap(),
            tls: false,
        };
        Peer::new(connection, Version::HTTP_11, &headers, &trusted)
    }

    #[test]
    fn forwarded_addresses_count_only_from_trusted_proxies() {
        let net = &["10.0.0.0/8"][..];
        for (peer, forwarded, trusted, expected) in [
            ("203.0.113.9", &["198.51.100.1"][..], &[][..], "203.0.113.9"),
            ("203.0.113.9", &["198.51.100.1"], net, "203.0.113.9"),
            ("10.0.0.1", &["198.51.100.1"], net, "198.51.100.1"),
            ("10.0.0.1", &["6.6.6.6, 198.51.100.1"], net, "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1, 10.0.0.2"], net, "198.51.100.1"),
            (
                "10.0.0.1",
                &["6.6.6.6", "198.51.100.1"],
                net,
                "198.51.100.1",
            ),
            ("10.0.0.1", &["6.6.6.6, nonsense"], net, "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1:4711"], net, "198.51.100.1"),
            ("10.0.0.1", &[], net, "10.0.0.1"),
            ("::ffff:10.0.0.1", &["2001:db8::1"], net, "2001:db8::1"),
        ] {
            assert_eq!(
                peer_of(peer, forwarded, trusted).address.to_string(),
                expected,
                "{peer} {forwarded:?}"
            );
        }
    }

    #[test]
    fn an_address_that_visitors_share_is_not_counted() {
        let net = &["10.0.0.0/8"][..];
        for (peer, forwarded, trusted, counted) in [
            ("203.0.113.9", &[][..], &[][..], true),
            ("127.0.0.1", &[], &[], false),
            ("10.0.0.1", &["198.51.100.1"], &[], false),
            ("100.64.0.9", &[], &[], false),
            ("fd00::1", &[], &[], false),
            ("10.0.0.1", &["198.51.100.1"], net, true),
            ("10.0.0.1", &["192.168.1.9"], net, true),
            ("10.0.0.1", &[], net, false),
        ] {
            let peer = peer_of(peer, forwarded, trusted);
            assert_eq!(peer.countable.is_some(), counted, "{peer:?} {forwarded:?}");
        }
    }

    #[test]
    fn a_page_on_https_or_loopback_reached_us_over_a_trustworthy_address() {
        for (origin, trustworthy) in [
            ("https://shop.example", true),
            ("http://localhost:8080", true),
            ("http://127.0.0.1", true),
            ("http://[::1]:8080", true),
            ("http://demo.localhost", true),
            ("http://intranet", false),
            ("http://127.0.0.1.example.com", false),
            ("null", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ORIGIN, HeaderValue::from_static(origin));
            headers.insert("host", HeaderValue::from_static("127.0.0.1:8080"));
            assert_eq!(asked_securely(&headers), trustworthy, "{origin}");
        }
    }
}
