//! More than the server can do, and less disk than it needs: it says so, stays small, and goes on by itself.

#![cfg(target_os = "linux")]
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

use std::{collections::BTreeMap, fs, path::PathBuf, sync::Arc, time::Instant};

use force::{
    backend::{Asked, Backend, Lost},
    server::{Customer, Server},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{io::AsyncWriteExt, net::TcpStream, process::Command, task::JoinSet};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_thousands_at_once_each_is_answered_or_told_when_to_come_back() {
    let (_folder, data) = folder();
    let customer = Arc::new(Customer::make(&data));
    let server = Server::start(&data).await;
    let backend = Arc::new(Backend::new(server.address, customer));
    backend.page().await.unwrap();
    let before = resident_kib(&server);
    let begun = Instant::now();
    let mut asking = JoinSet::new();
    for _ in 0..AT_ONCE {
        let backend = backend.clone();
        asking.spawn(async move {
            let path = "/v1/projects/shop/assessments";
            let body = json!({"event": {"token": "no token"}}).to_string();
            let (head, _) = backend.send(path, &backend.credentials(), body).await?;
            let wait = head.headers.get("retry-after").cloned();
            Ok::<_, Lost>((head.status.as_u16(), wait))
        });
    }
    let mut statuses = BTreeMap::new();
    while let Some(answered) = asking.join_next().await {
        let (status, wait) = answered.unwrap().expect("an answer");
        *statuses.entry(status).or_insert(0) += 1;
        assert!([200, 503].contains(&status), "{status}");
        assert_eq!(wait.is_some(), status == 503, "{status}: {wait:?}");
    }
    let took = begun.elapsed();
    let most = peak_kib(&server);
    println!(
        "{AT_ONCE} at once in {took:?}: {statuses:?}; {before} KiB before, at most {most} KiB"
    );
    assert!(most < MOST_KIB, "{most} KiB");
    let begun = Instant::now();
    assert!(is_valid(&backend).await);
    println!("the next one took {:?}", begun.elapsed());
    server.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_do_not_finish_a_sentence_cost_little_and_stop_nobody() {
    let (_folder, data) = folder();
    let customer = Arc::new(Customer::make(&data));
    let server = Server::start(&data).await;
    let backend = Backend::new(server.address, customer);
    assert!(is_valid(&backend).await);
    let before = resident_kib(&server);
    let mut held = Vec::new();
    for _ in 0..HELD {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(b"POST /v1/pro").await.unwrap();
        held.push(stream);
    }
    let begun = Instant::now();
    assert!(is_valid(&backend).await);
    let (took, after) = (begun.elapsed(), resident_kib(&server));
    let each = (after.saturating_sub(before)) * 1024 / HELD;
    println!("{HELD} held connections: {each} bytes each; a person meanwhile took {took:?}");
    assert!(each < MOST_BYTES_EACH, "{each} bytes each");
    server.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_spends_no_token_and_is_forgotten_once_there_is_room() {
    let (_folder, data) = folder();
    let customer = Arc::new(Customer::make(&data));
    // A limit on the size of files stands for the end of the disk; the signal that goes with it is not meant here.
    let mut limited = Command::new("/usr/bin/env");
    let limit = format!("--fsize={ROOM}:unlimited");
    limited
        .args(["--ignore-signal=XFSZ", "/usr/bin/prlimit", &limit])
        .arg(env!("CARGO_BIN_EXE_touchstone"));
    let server = Server::spawn_by(limited, &data).ready().await;
    let backend = Backend::new(server.address, customer);
    let mut page = backend.page().await.unwrap();
    let (mut valid, mut refused) = (Vec::new(), Vec::new());
    for number in 0..TOKENS {
        let counter = number % 64;
        if counter == 0 {
            page = backend.page().await.unwrap();
        }
        let token = backend.token(&page, counter).await.unwrap();
        let path = "/v1/projects/shop/assessments";
        let body = json!({"event": {"token": token}}).to_string();
        let answered = backend.send(path, &backend.credentials(), body).await;
        let (head, body) = answered.unwrap();
        if head.status == 200 {
            valid.push(token);
            continue;
        }
        let error: Value = serde_json::from_slice(&body).unwrap();
        let status = error["error"]["status"].as_str().unwrap();
        assert_eq!((head.status.as_u16(), status), (503, "UNAVAILABLE"));
        assert!(head.headers.contains_key("retry-after"));
        refused.push(token);
    }
    println!("{} answered, {} refused", valid.len(), refused.len());
    assert!(!refused.is_empty(), "the disk was never full");

    let id = format!("--pid={}", server.id());
    let mut prlimit = Command::new("prlimit");
    let freed = prlimit.args([&id, "--fsize=unlimited:unlimited"]);
    assert!(freed.status().await.unwrap().success());
    for (token, was_refused) in { refused.into_iter().map(|token| (token, true)) }
        .chain(valid.into_iter().map(|token| (token, false)))
    {
        let idempotency = None;
        let told = backend.assess(&Asked { token, idempotency }).await;
        assert_eq!(told.unwrap().valid, was_refused);
    }
    server.kill().await;
}

/// Whether a person gets through.
async fn is_valid(backend: &Backend) -> bool {
    let page = backend.page().await.unwrap();
    let asked = Asked {
        token: backend.token(&page, 0).await.unwrap(),
        idempotency: None,
    };
    backend.assess(&asked).await.unwrap().valid
}

fn resident_kib(server: &Server) -> usize {
    of_status(server, "VmRSS:")
}

fn peak_kib(server: &Server) -> usize {
    of_status(server, "VmHWM:")
}

fn of_status(server: &Server, name: &str) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let number = line.unwrap().trim().split(' ').next().unwrap();
    number.parse().unwrap()
}

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    (folder, data)
}

/// More than the store holds in its queue, and than the server does in a second.
const AT_ONCE: usize = 6_000;
/// What the server may need for them.
const MOST_KIB: usize = 400 * 1024;
/// Connections that say nothing whole.
const HELD: usize = 2_000;
/// What each of them may cost.
const MOST_BYTES_EACH: usize = 32 * 1024;
/// Where the disk ends, for each file.
const ROOM: usize = 1 << 20;
/// Enough to fill it.
const TOKENS: u8 = 250;
