//! A replica far away.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::sleep,
};

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_wait_for_a_distant_replica_together_and_not_one_after_the_other() {
    let Some(primary) = Server::start(&["--repl-diskless-sync-delay", "0"]) else {
        return;
    };
    let far = far_away(primary.port).await.to_string();
    let replica = Server::start(&["--replicaof", "127.0.0.1", &far]).unwrap();
    replica.wait_for("INFO replication", "link_status:up");
    let store = open(&format!("{}?wait=1", primary.url()), NOW)
        .await
        .unwrap();
    let begun = Instant::now();
    let spends = (0..CALLS).map(|n| store.assess(spend(n, 1)));
    for outcome in join_all(spends).await {
        assert_eq!(outcome, Ok(Outcome::First));
    }
    let (took, alone) = (begun.elapsed(), DISTANCE * CALLS);
    println!("{CALLS} calls took {took:?}; one after the other they take {alone:?} at least");
    assert!(took < alone / 2, "{took:?}");
}

/// The port of a way to a server on which everything takes [`DISTANCE`] in one direction.
async fn far_away(port: u16) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let far = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let (mut from, mut to) = near.into_split();
            let server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            let (mut from_server, mut to_server) = server.into_split();
            tokio::spawn(async move { tokio::io::copy(&mut from, &mut to_server).await });
            tokio::spawn(async move {
                let mut buffer = vec![0; 65_536];
                while let Ok(length @ 1..) = from_server.read(&mut buffer).await {
                    sleep(DISTANCE).await;
                    to.write_all(&buffer[..length]).await?;
                }
                Ok::<_, std::io::Error>(())
            });
        }
    });
    far
}

const DISTANCE: Duration = Duration::from_millis(20);
const CALLS: u32 = 192;
