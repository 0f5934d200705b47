//! A disk that is full, and has room again.

use serde_json::{Value, json};
use std::sync::Arc;
use tokio::process::Command;

use crate::{
    folder,
    force::{
        backend::{Asked, Backend},
        server::{Customer, Server},
    },
};

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

/// Where the disk ends, for each file.
const ROOM: usize = 1 << 20;
/// Enough to fill it.
const TOKENS: u8 = 250;
