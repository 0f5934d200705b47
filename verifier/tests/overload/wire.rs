//! A client that costs little: one connection, one request at a time, and of the answer what matters here.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

pub struct Wire {
    stream: TcpStream,
    read: Vec<u8>,
}

/// What was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Told {
    pub status: u16,
    /// Whether it said when to come back.
    pub retry_after: bool,
}

impl Wire {
    pub async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream,
            read: Vec::new(),
        }
    }

    /// Sends a request and reads its answer whole.
    pub async fn ask(&mut self, request: &[u8]) -> Told {
        self.stream.write_all(request).await.unwrap();
        loop {
            if let Some((told, length)) = parse(&self.read) {
                self.read.drain(..length);
                return told;
            }
            let read = self.stream.read_buf(&mut self.read).await.unwrap();
            assert_ne!(read, 0, "the connection ended without an answer");
        }
    }
}

/// A request over HTTP/1.1.
pub fn request(path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut head = format!("POST {path} HTTP/1.1\r\nhost: shop.example\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
    [head.as_bytes(), body].concat()
}

/// The answer in front, and its length.
fn parse(bytes: &[u8]) -> Option<(Told, usize)> {
    let head = bytes.windows(4).position(|end| end == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&bytes[..head]).unwrap();
    let header = |name: &str| {
        let mut lines = text.lines();
        lines.find_map(|line| line.strip_prefix(name))
    };
    let length: usize = header("content-length: ").unwrap().parse().unwrap();
    let told = Told {
        status: text.split(' ').nth(1).unwrap().parse().unwrap(),
        retry_after: header("retry-after: ").is_some(),
    };
    (bytes.len() >= head + length).then_some((told, head + length))
}
