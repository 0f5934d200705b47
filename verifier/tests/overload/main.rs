//! More than the server can do, and less than it needs: it says so, stays small, and goes on by itself.
//!
//! `--thorough` runs floods for longer and holds 8,000 connections; the figures are in docs/durability.md.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod disk;
mod flood;
#[path = "../force/mod.rs"]
mod force;
mod full;
mod heads;
#[path = "../kit/mod.rs"]
mod kit;
mod outage;
mod silence;
mod wire;

use std::{env, path::PathBuf, sync::Arc};

use force::{
    backend::{Asked, Backend},
    server::{Customer, Server},
};
use tempfile::TempDir;
use tokio::sync::{Mutex, MutexGuard};

/// Whether a person gets through.
async fn is_valid(backend: &Backend) -> bool {
    let page = backend.page().await.unwrap();
    let asked = Asked {
        token: backend.token(&page, 0).await.unwrap(),
        idempotency: None,
    };
    backend.assess(&asked).await.unwrap().valid
}

/// A server of a new data directory through which a person has got.
struct Served {
    _folder: TempDir,
    customer: Arc<Customer>,
    server: Server,
    backend: Backend,
}

async fn serve(options: &[&str]) -> Served {
    let (folder, data) = folder();
    let customer = Arc::new(Customer::make(&data));
    let server = Server::start_with(&data, options).await;
    let backend = Backend::new(server.address, customer.clone());
    assert!(is_valid(&backend).await);
    Served {
        _folder: folder,
        customer,
        server,
        backend,
    }
}

/// One flood at a time: what they measure, they would measure of each other.
async fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::const_new(());
    ALONE.lock().await
}

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    (folder, data)
}

fn is_thorough() -> bool {
    env::var_os("TOUCHSTONE_TEST_THOROUGH").is_some()
}
