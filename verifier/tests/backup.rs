//! A backup is taken while the server works, and served from.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

#[path = "force/mod.rs"]
mod force;
mod kit;

use std::{sync::Arc, time::Duration};

use force::{
    backend::{Asked, Backend},
    ledger::{Extent, Ledger},
    load,
    server::{Customer, Server, back_up},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_holds_what_was_acknowledged_and_revives_no_token() {
    let folder = tempfile::tempdir().unwrap();
    let [data, copy] = ["data", "copy"].map(|name| folder.path().join(name));
    let customer = Arc::new(Customer::make(&data));
    let server = Server::start(&data).await;
    let backend = Arc::new(Backend::new(server.address, customer.clone()));
    let page = backend.page().await.unwrap();
    let unspent = backend.token(&page, 0).await.unwrap();

    // What is acknowledged before the backup begins is asked by one load, what may be in it or not by another.
    let before = Arc::new(Ledger::default());
    let mut random = fastrand::Rng::with_seed(7);
    let load = load::start(&backend, &before, random.fork());
    tokio::time::sleep(WORKED).await;
    load.stop().await;
    let meanwhile = Arc::new(Ledger::default());
    let load = load::start(&backend, &meanwhile, random.fork());
    let (from, to) = (data.clone(), copy.clone());
    let backing_up = tokio::task::spawn_blocking(move || back_up(&from, &to));
    backing_up.await.unwrap();
    tokio::time::sleep(WORKED).await;
    load.stop().await;
    server.kill().await;
    assert!(before.proves_something() && meanwhile.proves_something());

    let server = Server::start(&copy).await;
    let backend = Backend::new(server.address, customer);
    println!(
        "before: {}",
        before.hold(&backend, &copy, Extent::All).await
    );
    meanwhile.hold_tokens(&backend, Extent::All).await;
    println!("meanwhile: {meanwhile}");
    let idempotency = None;
    let token = unspent;
    let told = backend.assess(&Asked { token, idempotency }).await.unwrap();
    assert!(!told.valid, "nobody can tell whether it was spent since");
    let page = backend.page().await.unwrap();
    let token = backend.token(&page, 0).await.unwrap();
    let told = backend
        .assess(&Asked {
            token,
            idempotency: None,
        })
        .await;
    assert!(told.unwrap().valid, "the copy serves");
    server.kill().await;
}

/// How long the load runs before the backup, and again after it.
const WORKED: Duration = Duration::from_millis(1_500);
