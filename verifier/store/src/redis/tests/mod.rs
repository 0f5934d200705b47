//! What Redis alone can show; the promises of every store are in `conformance`. Without a `redis-server` there is nothing to
//! test with, and these tests say so and pass.

mod server;

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use server::Server;

use super::*;
use crate::conformance;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_keeps_every_promise_of_a_store() {
    let Some(server) = Server::start(&[]) else {
        return;
    };
    keeps_every_promise(&server.url()).await;
}

async fn keeps_every_promise(url: &str) {
    let count = AtomicU32::new(0);
    conformance::run(|now| {
        let number = count.fetch_add(1, Ordering::Relaxed);
        let url = format!("{url}?prefix=store-{number}");
        async move {
            let store: Arc<dyn Store> = Arc::new(open(&url, now).await.unwrap());
            store
        }
    })
    .await;
}

async fn open(url: &str, now: Millis) -> Result<RedisStore, RedisOpenError> {
    RedisStore::open(&url.parse().unwrap(), [7; 8], now).await
}
