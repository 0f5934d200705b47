//! One request as a client would make it, over a connection of its own.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::{
    Method, Request, Uri,
    client::conn::http1::handshake,
    header::{HOST, HeaderMap},
};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, RootCertStore, crypto::ring::default_provider, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;

/// An answer, whole.
#[derive(Debug)]
pub(super) struct Seen {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Seen {
    /// A header's value; empty where it is absent or no text.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum VisitError {
    /// Not such an address.
    #[error("{0} is no http or https address")]
    Address(Uri),
    /// No connection, or it broke off.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// Not HTTP.
    #[error("{0}")]
    Http(#[from] hyper::Error),
    /// Not a request.
    #[error("{0}")]
    Request(#[from] hyper::http::Error),
    /// TLS cannot be set up.
    #[error("{0}")]
    Tls(#[from] rustls::Error),
    /// The body broke off or was too large.
    #[error("the answer could not be read: {0}")]
    Body(Box<dyn std::error::Error + Send + Sync>),
    /// It took too long.
    #[error("no answer within {} seconds", PATIENCE.as_secs())]
    Late,
}

/// Asks, following nothing. Certificates are checked against the system's roots (`SSL_CERT_FILE` names others).
///
/// # Errors
/// See [`VisitError`].
pub(super) async fn ask(
    method: Method,
    uri: &Uri,
    headers: &[(&str, &str)],
) -> Result<Seen, VisitError> {
    let answer = connect_and_send(method, uri, headers);
    timeout(PATIENCE, answer)
        .await
        .unwrap_or(Err(VisitError::Late))
}

async fn connect_and_send(
    method: Method,
    uri: &Uri,
    headers: &[(&str, &str)],
) -> Result<Seen, VisitError> {
    let wrong = || VisitError::Address(uri.clone());
    let authority = uri.authority().ok_or_else(wrong)?;
    let host = authority
        .host()
        .trim_start_matches('[')
        .trim_end_matches(']');
    let (is_tls, port) = match uri.scheme_str() {
        Some("http") => (false, 80),
        Some("https") => (true, 443),
        _ => return Err(wrong()),
    };
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let mut request = Request::builder().method(method).uri(path);
    request = request.header(HOST, authority.as_str());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Empty::new())?;
    let stream = TcpStream::connect((host, authority.port_u16().unwrap_or(port))).await?;
    if !is_tls {
        return send(stream, request).await;
    }
    let name = ServerName::try_from(host.to_owned()).map_err(|_| wrong())?;
    send(connector()?.connect(name, stream).await?, request).await
}

fn connector() -> Result<TlsConnector, VisitError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

async fn send<S: AsyncRead + AsyncWrite + Send + Unpin + 'static>(
    stream: S,
    request: Request<Empty<Bytes>>,
) -> Result<Seen, VisitError> {
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
    let held = tokio::spawn(connection);
    let answer = sender.send_request(request).await?;
    let (head, body) = answer.into_parts();
    let body = Limited::new(body, MOST_BYTES).collect().await;
    held.abort();
    Ok(Seen {
        status: head.status.as_u16(),
        headers: head.headers,
        body: body.map_err(VisitError::Body)?.to_bytes(),
    })
}

/// For connection, answer and body together.
const PATIENCE: Duration = Duration::from_secs(5);
/// More than anything that is asked for here.
const MOST_BYTES: usize = 4 << 20;
