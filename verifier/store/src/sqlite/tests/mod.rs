//! What SQLite alone can show; the promises of every store are in `conformance`.

mod examining;
mod files;
mod groups;
mod outages;
mod pruning;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
};

use tempfile::TempDir;
use tokio::task::JoinHandle;

use super::*;
use crate::{
    AssessmentId, AssessmentRecord, Integration, Millis, NewAssessment, Outcome, ProjectId, Pruned,
    SecretHash, SiteKey, Spend, Store, TokenId, conformance,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_keeps_every_promise_of_a_store() {
    let folder = TempDir::new().unwrap();
    let count = AtomicU32::new(0);
    conformance::run(|now| {
        let name = format!("{}.db", count.fetch_add(1, Ordering::Relaxed));
        let store: Arc<dyn Store> = Arc::new(open(&folder.path().join(name), now));
        async { store }
    })
    .await;
}

const NOW: Millis = Millis(1_800_000_000_000);

fn open(path: &Path, now: Millis) -> SqliteStore {
    let options = SqliteOptions {
        durability: Durability::Off,
        ..SqliteOptions::default()
    };
    SqliteStore::open(path, &options, now).unwrap()
}

fn project() -> ProjectId {
    "p".parse().unwrap()
}

fn key(n: u8) -> SiteKey {
    SiteKey {
        id: format!("6L{n:038}").parse().unwrap(),
        project: project(),
        display_name: "key".into(),
        integration: Integration::Score,
        allow_all_domains: false,
        domains: vec!["example.com".into()],
        settings: vec![],
        policy: vec![],
        sealed_secret: vec![1, 2, 3],
        secret_hash: SecretHash([n; 32]),
        created_at: NOW,
        revision: 0,
    }
}

fn record(id: AssessmentId) -> AssessmentRecord {
    AssessmentRecord {
        id,
        project: project(),
        site_key: key(1).id,
        created_at: NOW,
        action: "login".into(),
        score: 0.9,
        reasons: vec![],
        valid: true,
        invalid_reason: 0,
        account: None,
    }
}

/// Token `n` of those issued at `time`.
fn token(time: Millis, n: u32) -> TokenId {
    let mut tail = [0; 10];
    tail[..4].copy_from_slice(&n.to_be_bytes());
    TokenId::new(time, tail)
}

/// The `try_number`th attempt to spend a token.
fn spend(token_id: TokenId, try_number: u8) -> NewAssessment {
    let mut other = AssessmentId::from(token_id);
    other.0[15] = try_number | 0x80;
    let spend = Spend {
        token_id,
        if_duplicate: record(other),
    };
    NewAssessment {
        record: record(token_id.into()),
        spend: Some(spend),
        idempotency: None,
        sketch: None,
        profile: None,
        day: NOW.day(),
        challenge: None,
        now: NOW,
    }
}

/// Holds the writer at work until the returned sender is dropped, so that what comes next waits together.
async fn hold_writer(store: &Arc<SqliteStore>) -> (mpsc::Sender<()>, JoinHandle<()>) {
    let (release, held) = mpsc::channel::<()>();
    let (begun, mut is_begun) = tokio::sync::mpsc::unbounded_channel();
    let store = Arc::clone(store);
    let task = tokio::spawn(async move {
        let hold = move |_: &Connection| {
            begun.send(()).unwrap();
            // Ends with an error when the sender is dropped, which is the signal.
            let _ = held.recv();
            Ok(())
        };
        store.write(hold).await.unwrap();
    });
    is_begun.recv().await.unwrap();
    (release, task)
}

/// Starts an operation on the side.
fn start(store: &Arc<SqliteStore>, new: NewAssessment) -> JoinHandle<Result<Outcome, StoreError>> {
    let store = Arc::clone(store);
    tokio::spawn(async move { store.assess(new).await })
}

/// Lets the started operations run until this many wait for the writer.
async fn until_waiting(store: &SqliteStore, count: usize) {
    while store.writer.waiting() < count {
        tokio::task::yield_now().await;
    }
}
