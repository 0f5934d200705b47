//! A closed loop: each connection sends its next request when the last one is answered. Requests are bytes made
//! beforehand, and of an answer no more is read than must be, so that the client costs less than any server.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::{Buf, Bytes, BytesMut};
use memchr::memmem;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
};

use crate::Failure;

/// Requests to send, all to one server.
#[derive(Debug, Clone)]
pub struct Work {
    /// Each is sent once, whole.
    pub requests: Arc<[Bytes]>,
    /// What the body of a right answer holds.
    pub expected: &'static [u8],
}

/// Open connections to one server.
pub struct Connections(Vec<Connection>);

impl Connections {
    /// Opens so many.
    pub async fn open(server: SocketAddr, count: usize) -> Result<Self, Failure> {
        let mut connections = Vec::with_capacity(count);
        for _ in 0..count {
            connections.push(Connection::open(server).await?);
        }
        Ok(Self(connections))
    }

    /// Sends all requests.
    pub async fn send(self, work: &Work) -> Result<Sent, Failure> {
        let next = Arc::new(AtomicUsize::new(0));
        let mut tasks = JoinSet::new();
        for connection in self.0 {
            tasks.spawn(connection.work_off(work.clone(), next.clone()));
        }
        let mut sent = Sent {
            latencies: Vec::with_capacity(work.requests.len()),
            refused: 0,
        };
        while let Some(ended) = tasks.join_next().await {
            let part = ended??;
            sent.latencies.extend(part.latencies);
            sent.refused += part.refused;
        }
        Ok(sent)
    }
}

/// What came of requests.
#[derive(Debug, Default)]
pub struct Sent {
    /// How long each took that was answered.
    pub latencies: Vec<Duration>,
    /// How many were turned away with 503, since more came than could be done.
    pub refused: usize,
}

/// Opens connections and sends all requests over them. None may be refused.
pub async fn send(server: SocketAddr, work: &Work, connections: usize) -> Result<(), Failure> {
    let connections = Connections::open(server, connections).await?;
    match connections.send(work).await?.refused {
        0 => Ok(()),
        refused => Err(format!("{refused} requests were refused").into()),
    }
}

/// Sends one request, and answers the body.
pub async fn ask(server: SocketAddr, request: &[u8]) -> Result<Bytes, Failure> {
    let answer = Connection::open(server).await?.ask(request).await?;
    answer.ok_or_else(|| "the request was refused".into())
}

struct Connection {
    stream: TcpStream,
    read: BytesMut,
}

impl Connection {
    async fn open(server: SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            read: BytesMut::with_capacity(16 * 1024),
        })
    }

    async fn work_off(mut self, work: Work, next: Arc<AtomicUsize>) -> Result<Sent, Failure> {
        let mut sent = Sent::default();
        while let Some(request) = work.requests.get(next.fetch_add(1, Ordering::Relaxed)) {
            let begin = Instant::now();
            let Some(body) = self.ask(request).await? else {
                sent.refused += 1;
                continue;
            };
            sent.latencies.push(begin.elapsed());
            if memmem::find(&body, work.expected).is_none() {
                let body = String::from_utf8_lossy(&body).into_owned();
                return Err(format!("an answer is not what was expected: {body}").into());
            }
        }
        Ok(sent)
    }

    /// The answer's body; none if the request was refused for what else is under way.
    async fn ask(&mut self, request: &[u8]) -> Result<Option<Bytes>, Failure> {
        self.stream.write_all(request).await?;
        let (status, head, length) = loop {
            if let Some(found) = read_head(&self.read)? {
                break found;
            }
            self.more().await?;
        };
        self.read.advance(head);
        while self.read.len() < length {
            self.more().await?;
        }
        let body = self.read.split_to(length).freeze();
        match status {
            200 => Ok(Some(body)),
            503 => Ok(None),
            _ => Err(format!("answered {status}: {}", String::from_utf8_lossy(&body)).into()),
        }
    }

    async fn more(&mut self) -> Result<(), Failure> {
        self.read.reserve(4 * 1024);
        match self.stream.read_buf(&mut self.read).await? {
            0 => Err("the server closed the connection".into()),
            _ => Ok(()),
        }
    }
}

/// Status, bytes of the head, and bytes of the body; none if the head is not whole yet.
fn read_head(bytes: &[u8]) -> Result<Option<(u16, usize, usize)>, Failure> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(head) = response.parse(bytes)? else {
        return Ok(None);
    };
    let length = response.headers.iter();
    let mut length = length.filter(|header| header.name.eq_ignore_ascii_case("content-length"));
    let length = length.next().ok_or("an answer without its length")?;
    let length = std::str::from_utf8(length.value)?.parse()?;
    Ok(Some((response.code.unwrap_or_default(), head, length)))
}
