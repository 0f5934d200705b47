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
                        if let Some(stream) = greet(&tls, stream).await {
                            hold(stream, connection, service, shutdown).await;
                        }
                    }
                    None => {
                        let _ = stream.set_nodelay(true);
                        hold(stream, connection, service, shutdown).await;
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
    mut shutdown: Shutdown,
) {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_PATIENCE)
        .max_buf_size(MAX_HEADER_BYTES)
        .max_headers(100);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(MAX_HEADER_BYTES as u32)
        .max_concurrent_streams(128)
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
        () = activity.over(HEADER_PATIENCE, IDLE) => None,
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

async fn greet(tls: &Tls, stream: TcpStream) -> Option<tokio_rustls::server::TlsStream<TcpStream>> {
    let _ = stream.set_nodelay(true);
    timeout(HEADER_PATIENCE, tls.acceptor().accept(stream))
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

/// A request's head must arrive within 10 seconds, the first one's too; likewise a TLS handshake.
const HEADER_PATIENCE: Duration = Duration::from_secs(10);
/// Largest head of a request: 16 KiB.
const MAX_HEADER_BYTES: usize = 16 * 1024;
/// A connection on which nothing was asked for a minute is closed.
const IDLE: Duration = Duration::from_secs(60);
/// How long a connection that is to end may finish what it is about: longer than a body may take.
const LINGER: Duration = Duration::from_secs(20);
/// How long a shutdown waits for all of them.
const GRACE: Duration = Duration::from_secs(21);
