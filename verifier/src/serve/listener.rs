use std::{
    convert::Infallible,
    future::Future,
    io,
    pin::{Pin, pin},
    sync::Arc,
    time::Duration,
};

use hyper::{Request, body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::timeout,
};

use super::{Shutdown, activity::Activity, tls::Tls};
use crate::{
    doors::http::{Connection, Served},
    metrics::Connections,
};

/// What answers requests.
pub(super) type Service = Arc<
    dyn Fn(Connection, Request<Incoming>) -> Pin<Box<dyn Future<Output = Served> + Send>>
        + Send
        + Sync,
>;

/// Bounds of one listener.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Connections held at once; more wait in the system's queue.
    pub connections: usize,
}

/// How long a connection may be silent.
#[derive(Debug, Clone, Copy)]
struct Patience {
    /// The head of a request must arrive within this, the first one's too; likewise a TLS handshake.
    head: Duration,
    /// A connection on which nothing was asked for this long is closed.
    idle: Duration,
}

impl Limits {
    /// Short when three quarters of the places are taken: whoever opens connections only to hold them gets no more than those for
    /// long, and the rest stays for others.
    fn patience(self, free: usize) -> Patience {
        match free < self.connections / 4 {
            true => HURRY,
            false => CALM,
        }
    }
}

/// Accepts connections until the shutdown, then lets those that stand finish what they are about.
pub(super) async fn accept(
    listener: TcpListener,
    tls: Option<Tls>,
    service: Service,
    limits: Limits,
    connections: Connections,
    mut shutdown: Shutdown,
) {
    let places = Arc::new(Semaphore::new(limits.connections));
    loop {
        let accepted = async {
            // The semaphore is never closed; without a place there would be nothing to accept.
            let place = places.clone().acquire_owned().await.ok()?;
            Some((listener.accept().await, place))
        };
        let (stream, place) = tokio::select! {
            biased;
            () = shutdown.wished() => break,
            accepted = accepted => match accepted {
                Some((Ok((stream, _)), place)) => (stream, place),
                Some((Err(error), _)) => {
                    pause_after(&error).await;
                    continue;
                }
                None => break,
            },
        };
        let patience = limits.patience(places.available_permits());
        let (tls, service, shutdown) = (tls.clone(), service.clone(), shutdown.clone());
        let held = connections.hold();
        tokio::spawn(async move {
            let connection = stream.peer_addr().map(|peer| Connection {
                peer: peer.ip(),
                tls: tls.is_some(),
            });
            if let Ok(connection) = connection {
                match tls {
                    Some(tls) => {
                        if let Some(stream) = greet(&tls, stream, patience).await {
                            hold(stream, connection, service, patience, shutdown).await;
                        }
                    }
                    None => {
                        let _ = stream.set_nodelay(true);
                        hold(stream, connection, service, patience, shutdown).await;
                    }
                }
            }
            drop((place, held));
        });
    }
    drop(listener);
    // Whoever holds a connection holds a place.
    let all = u32::try_from(limits.connections).unwrap_or(u32::MAX);
    if timeout(GRACE, places.acquire_many(all)).await.is_err() {
        tracing::warn!("connections were still busy when the time to stop was over");
    }
}

/// Serves HTTP/1.1 or HTTP/2 on one connection, whichever the client speaks, until it ends, the shutdown is wished, or
/// nothing is asked any more. Then what is under way is answered, for [`LINGER`]: a client that does not read its answers
/// cannot hold its place for longer.
async fn hold<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    connection: Connection,
    service: Service,
    patience: Patience,
    mut shutdown: Shutdown,
) {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(patience.head)
        .max_buf_size(MAX_HEADER_BYTES)
        .max_headers(MAX_HEADERS);
    builder
        .http2()
        .timer(TokioTimer::new())
        // A head in more than five CONTINUATION frames ends the connection, too: the library's bound at this size.
        .max_header_list_size(MAX_HEADER_BYTES as u32)
        .max_concurrent_streams(MAX_STREAMS)
        .max_pending_accept_reset_streams(MAX_RESETS)
        .max_local_error_reset_streams(Some(MAX_FAULTS))
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_send_buf_size(STREAM_WINDOW as usize)
        .keep_alive_interval(Some(Duration::from_secs(30)))
        .keep_alive_timeout(Duration::from_secs(10));
    let activity = Arc::new(Activity::default());
    let turns = activity.clone();
    let service = service_fn(move |request| {
        let turn = turns.begin();
        let answer = service(connection, request);
        async move {
            let answer = answer.await;
            drop(turn);
            Ok::<_, Infallible>(answer)
        }
    });
    let mut served = pin!(
        builder
            .serve_connection(TokioIo::new(stream), service)
            .into_owned()
    );
    let ended = tokio::select! {
        ended = served.as_mut() => Some(ended),
        () = shutdown.wished() => None,
        () = activity.over(patience.head, patience.idle) => None,
    };
    let ended = match ended {
        Some(ended) => Ok(ended),
        None => {
            served.as_mut().graceful_shutdown();
            timeout(LINGER, served).await
        }
    };
    if let Ok(Err(error)) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
}

async fn greet(
    tls: &Tls,
    stream: TcpStream,
    patience: Patience,
) -> Option<tokio_rustls::server::TlsStream<TcpStream>> {
    let _ = stream.set_nodelay(true);
    timeout(patience.head, tls.acceptor().accept(stream))
        .await
        .ok()?
        .ok()
}

/// Out of file descriptors: wait for some to come back instead of spinning. Anything else concerned that one client.
async fn pause_after(error: &io::Error) {
    const EMFILE: i32 = 24;
    const ENFILE: i32 = 23;
    if matches!(error.raw_os_error(), Some(EMFILE | ENFILE)) {
        tracing::error!(%error, "no more connections can be accepted; raise the limit of open files");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

const CALM: Patience = Patience {
    head: Duration::from_secs(10),
    idle: Duration::from_secs(60),
};
const HURRY: Patience = Patience {
    head: Duration::from_secs(2),
    idle: Duration::from_secs(5),
};
/// Largest head of a request: 16 KiB.
const MAX_HEADER_BYTES: usize = 16 * 1024;
/// Headers of one request over HTTP/1; more are a 431. Over HTTP/2 the size alone counts.
const MAX_HEADERS: usize = 100;
/// Requests under way on one connection.
const MAX_STREAMS: u32 = 128;
/// Requests taken back before they were looked at, after which the connection ends: "rapid reset", CVE-2023-44487.
const MAX_RESETS: usize = 20;
/// Requests that broke the protocol, after which the connection ends.
const MAX_FAULTS: usize = 64;
/// Bytes of one request that a client may send before they are read: 64 KiB.
const STREAM_WINDOW: u32 = 64 * 1024;
/// The same for all requests of a connection.
const CONNECTION_WINDOW: u32 = 256 * 1024;
/// How long a connection that is to end may finish what it is about: longer than a body may take.
const LINGER: Duration = Duration::from_secs(20);
/// How long a shutdown waits for all of them.
const GRACE: Duration = Duration::from_secs(21);
