//! Spends a second through the whole store (queue, group commit, answer), by the number of callers at once, and the
//! times of a point read and of pruning.
#![allow(
    clippy::unwrap_used,
    reason = "a bench has nobody to report an error to"
)]

use std::{
    hint::black_box,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use tempfile::TempDir;
use tokio::{runtime::Runtime, task::JoinSet};
use touchstone_store::{
    AssessmentId, AssessmentRecord, Millis, NewAssessment, Outcome, Spend, Store, TokenId,
    sqlite::{Durability, SqliteOptions, SqliteStore},
};

fn spends(c: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let mut group = c.benchmark_group("spend");
    group
        .throughput(Throughput::Elements(1))
        .sample_size(10)
        .measurement_time(Duration::from_secs(3));
    for durability in [Durability::Full, Durability::Off] {
        for callers in [1, 16, 256] {
            let (_folder, store) = open(durability);
            let next = Arc::new(AtomicU64::new(0));
            let name = BenchmarkId::new(format!("{durability:?}"), callers);
            group.bench_function(name, |b| {
                b.iter_custom(|n| runtime.block_on(spend_all(&store, &next, n, callers)))
            });
        }
    }
    group.finish();
}

fn reads(c: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let (_folder, store) = open(Durability::Off);
    runtime.block_on(spend_all(&store, &Arc::new(AtomicU64::new(0)), 10_000, 64));
    let (project, id) = ("p".parse().unwrap(), attempt(5_000).record.id);
    c.bench_function("read/assessment", |b| {
        b.iter(|| {
            runtime.block_on(async {
                black_box(store.assessment(&project, &id).await.unwrap().unwrap())
            })
        });
    });
}

/// A step of 5,000 assessments and one of 5,000 marks: how long the writer is held at most, twice.
fn prune(c: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let mut group = c.benchmark_group("prune");
    group.sample_size(10).warm_up_time(Duration::from_millis(1));
    group.bench_function("5000 marks and 5000 assessments", |b| {
        b.iter_custom(|rounds| {
            let mut elapsed = Duration::ZERO;
            for _ in 0..rounds {
                let (_folder, store) = open(Durability::Full);
                runtime.block_on(async {
                    spend_all(&store, &Arc::new(AtomicU64::new(0)), 5_000, 256).await;
                    let begin = Instant::now();
                    let pruned = store.prune(NOW.after(3_600_000), 0).await.unwrap();
                    elapsed += begin.elapsed();
                    assert_eq!((pruned.spent_marks, pruned.assessments), (5_000, 5_000));
                });
            }
            elapsed
        });
    });
    group.finish();
}

/// The time in which `callers` tasks spend `total` tokens between them, each waiting for its answer before the next.
async fn spend_all(
    store: &Arc<SqliteStore>,
    next: &Arc<AtomicU64>,
    total: u64,
    callers: u64,
) -> Duration {
    let end = next.load(Ordering::Relaxed) + total;
    let begin = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..callers {
        let (store, next) = (Arc::clone(store), Arc::clone(next));
        tasks.spawn(async move {
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                if n >= end {
                    return;
                }
                assert_eq!(store.assess(attempt(n)).await.unwrap(), Outcome::First);
            }
        });
    }
    tasks.join_all().await;
    let elapsed = begin.elapsed();
    next.store(end, Ordering::Relaxed);
    elapsed
}

fn open(durability: Durability) -> (TempDir, Arc<SqliteStore>) {
    let folder = TempDir::new().unwrap();
    let options = SqliteOptions {
        durability,
        ..SqliteOptions::default()
    };
    let store = SqliteStore::open(&folder.path().join("store.db"), &options, NOW).unwrap();
    (folder, Arc::new(store))
}

/// Token `n` of a stream of about a thousand a second, with ids in no order within a millisecond.
fn attempt(n: u64) -> NewAssessment {
    let at = NOW.after(n);
    let mut tail = [0; 10];
    tail[..8].copy_from_slice(&n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    let token_id = TokenId::new(at, tail);
    let mut other = AssessmentId::from(token_id);
    other.0[15] = 1;
    let record = |id| AssessmentRecord {
        id,
        project: "p".parse().unwrap(),
        site_key: "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI".parse().unwrap(),
        created_at: at,
        action: "login".into(),
        score: 0.9,
        reasons: vec![1],
        valid: true,
        invalid_reason: 0,
        account: None,
    };
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
        now: at,
    }
}

const NOW: Millis = Millis(1_800_000_000_000);

criterion_group!(benches, spends, reads, prune);
criterion_main!(benches);
