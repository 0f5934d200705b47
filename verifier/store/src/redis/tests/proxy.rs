//! A proxy in front of a server that can lose answers.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Passes everything on, but for the answers that it was told to swallow.
pub(super) struct Proxy {
    pub(super) address: SocketAddr,
    to_swallow: Arc<AtomicU32>,
}

impl Proxy {
    pub(super) async fn start(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let to_swallow = Arc::new(AtomicU32::new(0));
        let swallow = to_swallow.clone();
        tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                tokio::spawn(pass(client, server, swallow.clone()));
            }
        });
        Self {
            address,
            to_swallow,
        }
    }

    /// Drops the next answer, and the connection with it, `count` times: the server has done what it was asked, and nobody
    /// hears of it.
    pub(super) fn swallow(&self, count: u32) {
        self.to_swallow.store(count, Ordering::SeqCst);
    }

    /// How many are still to be swallowed.
    pub(super) fn left(&self) -> u32 {
        self.to_swallow.load(Ordering::SeqCst)
    }
}

async fn pass(client: TcpStream, server: TcpStream, to_swallow: Arc<AtomicU32>) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let forth = async { tokio::io::copy(&mut from_client, &mut to_server).await };
    let back = async {
        let mut buffer = [0; 65_536];
        // Greetings of a new connection are passed on: the first answer of each is to its greeting.
        let mut is_greeted = false;
        loop {
            let length = from_server.read(&mut buffer).await.unwrap_or(0);
            let take = |left: u32| left.checked_sub(1);
            let order = Ordering::SeqCst;
            if length == 0 || is_greeted && to_swallow.fetch_update(order, order, take).is_ok() {
                return;
            }
            is_greeted = true;
            to_client.write_all(&buffer[..length]).await.unwrap();
        }
    };
    tokio::select! {
        _ = forth => {}
        () = back => {}
    }
}
