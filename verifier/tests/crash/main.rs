//! The server is killed at random moments, again and again. What it had answered must be true ever after.
//!
//! Each round runs requests from many connections, sends SIGKILL, starts the server on what is left, and asks: is a token
//! valid that was answered `valid` before, is an assessment, an annotation or a key missing that was acknowledged, does the
//! database open by itself? What was asked but not answered may have happened or not; asked again under the same
//! `Idempotency-Key`, it gets the answer that was lost.
//!
//! The seed is printed; `TOUCHSTONE_CRASH_SEED` repeats the moments and the requests, though not what the system makes of them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

#[path = "../force/mod.rs"]
mod force;
#[path = "../kit/mod.rs"]
mod kit;

use std::{env, sync::Arc, time::Duration};

use force::{
    backend::Backend,
    ledger::{self, Ledger},
    load,
    server::{self, Customer, Server},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_outlives_a_kill() {
    let (seed, kills) = (seed(), kills());
    println!("seed {seed}, {kills} kills");
    let mut random = fastrand::Rng::with_seed(seed);
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let customer = Arc::new(Customer::make(&data));
    let ledger = Arc::new(Ledger::default());
    let mut server = Server::start(&data).await;
    for round in 0..kills {
        let backend = Arc::new(Backend::new(server.address, customer.clone()));
        let load = load::start(&backend, &ledger, random.fork());
        tokio::time::sleep(Duration::from_millis(random.u64(..LONGEST_ROUND_MS))).await;
        server.kill().await;
        load.end().await;
        if random.u8(..4) == 0 {
            kill_while_it_starts(&data, &mut random).await;
        }
        if random.u8(..10) == 0 {
            server::rotate_ring(&data);
        }
        server = Server::start(&data).await;
        let backend = Arc::new(Backend::new(server.address, customer.clone()));
        let told = ledger.hold(&backend, &data, ledger::Extent::Recent).await;
        println!("round {round}: {told}");
    }
    let backend = Arc::new(Backend::new(server.address, customer));
    let told = ledger.hold(&backend, &data, ledger::Extent::All).await;
    println!("{kills} kills: {told}");
    assert!(ledger.proves_something(), "the load came to nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_start_that_was_killed_is_finished_by_the_next() {
    let seed = seed();
    println!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    for _ in 0..kills() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        for _ in 0..random.u8(1..4) {
            kill_while_it_starts(&data, &mut random).await;
        }
        let server = Server::start(&data).await;
        let backend = Backend::new(server.address, Arc::new(Customer::make(&data)));
        backend.page().await.expect("the server serves");
        server.kill().await;
    }
}

/// Starts the server and kills it before it is ready, or a moment after.
async fn kill_while_it_starts(data: &std::path::Path, random: &mut fastrand::Rng) {
    let server = Server::spawn(data);
    tokio::time::sleep(Duration::from_micros(random.u64(..LONGEST_START_US))).await;
    server.kill().await;
}

fn kills() -> u32 {
    match env::var_os("TOUCHSTONE_TEST_THOROUGH") {
        Some(_) => 500,
        None => 20,
    }
}

fn seed() -> u64 {
    match env::var("TOUCHSTONE_CRASH_SEED") {
        Ok(text) => text.parse().expect("TOUCHSTONE_CRASH_SEED is a number"),
        Err(_) => fastrand::u64(..),
    }
}

/// How long a round runs at most before it is killed.
const LONGEST_ROUND_MS: u64 = 700;
/// How long a start runs at most before it is killed: about as long as it takes.
const LONGEST_START_US: u64 = 150_000;
