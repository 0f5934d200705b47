//! The power fails: only what was synced is sure to be on the disk.
//!
//! strace records what the server writes, syncs and answers, in order. From that the files are rebuilt as they may be
//! found after a power cut at a given moment, and opened as the server opens them: whatever was answered before that moment
//! must be in them.
//!
//! Needs strace, so that `./test power` runs it, and not `cargo test` by itself. `TOUCHSTONE_CRASH_SEED` repeats the moments.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod disk;
#[path = "../force/mod.rs"]
mod force;
#[path = "../kit/mod.rs"]
mod kit;
mod trace;

use std::{env, fs, path::Path, sync::Arc, time::Duration};

use tokio::process::Command;
use touchstone_store::{
    AssessmentId, AssessmentRecord, Day, Millis, NewAssessment, Outcome, ProjectId, Spend, Store,
    TokenId,
    sqlite::{Durability, SqliteOptions, SqliteStore},
};

use disk::{Disk, Unsynced};
use force::{
    backend::Backend,
    ledger::Ledger,
    load,
    server::{Customer, Server},
};
use kit::START;
use trace::{Answered, Trace};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_outlives_a_power_cut() {
    let cuts = cuts();
    let seed = seed();
    println!("seed {seed}, {cuts} cuts");
    let mut random = fastrand::Rng::with_seed(seed);
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let customer = Arc::new(Customer::make(&data));
    let mut disk = Disk::of(&data);
    let log = folder.path().join("trace");
    record(&data, &log, customer, &mut random).await;

    let trace = Trace::read(&log, &data);
    let answers = trace.answers();
    assert!(answers.len() > cuts, "the load came to nothing");
    let mut moments: Vec<usize> = (0..cuts)
        .map(|_| match random.bool() {
            true => random.choice(answers).unwrap().at,
            false => random.usize(..trace.end()),
        })
        .collect();
    moments.sort_unstable();
    for moment in moments {
        disk.run(&trace, moment);
        let known = answers.iter().take_while(|answer| answer.at <= moment);
        let known: Vec<&Answered> = known.collect();
        for fate in FATES {
            let found = folder.path().join("found");
            fs::create_dir(&found).unwrap();
            disk.write(&found, fate, &mut random);
            hold(&found, &known, &mut random).await;
            fs::remove_dir_all(&found).unwrap();
        }
    }
    disk.run(&trace, trace.end());
    println!(
        "{cuts} cuts, {} answers, {} writes, {} syncs, {} of them of the database file",
        answers.len(),
        disk.writes,
        disk.syncs,
        disk.syncs_of_database,
    );
}

async fn record(data: &Path, log: &Path, customer: Arc<Customer>, random: &mut fastrand::Rng) {
    let mut strace = Command::new("strace");
    strace
        .args(["-f", "-yy", "-xx", "--seccomp-bpf", "-s", "1048576"])
        .args(["-e", trace::CALLS, "-o"])
        .arg(log)
        .arg(env!("CARGO_BIN_EXE_touchstone"));
    let server = Server::spawn_by(strace, data).ready().await;
    let ledger = Arc::new(Ledger::default());
    let backend = Arc::new(Backend::new(server.address, customer));
    let load = load::start(&backend, &ledger, random.fork());
    tokio::time::sleep(RECORDED).await;
    // The server, not strace, which writes down what it has seen and then ends as well.
    let log = fs::read_to_string(log).unwrap();
    let server_id = log.split(' ').next().unwrap();
    let mut kill = Command::new("kill");
    kill.args(["-KILL", server_id]).status().await.unwrap();
    server.ended().await;
    load.end().await;
}

/// Opens what was found and looks for what was answered: the newest answers, and some of the older ones.
async fn hold(found: &Path, known: &[&Answered], random: &mut fastrand::Rng) {
    let options = SqliteOptions {
        durability: Durability::Off,
        ..SqliteOptions::default()
    };
    let file = found.join("touchstone.db");
    let store = SqliteStore::open(&file, &options, Millis(START)).unwrap();
    let (older, newest) = known.split_at(known.len().saturating_sub(LOOKED_AT));
    let older: Vec<_> = (0..LOOKED_AT)
        .filter_map(|_| random.choice(older))
        .collect();
    for answered in newest.iter().chain(older) {
        let name = &answered.name;
        match answered.what {
            trace::What::Key => {
                let key = store.site_key(&name.parse().unwrap()).await.unwrap();
                assert!(key.is_some(), "site key {name} is missing");
            }
            trace::What::Assessment { valid } => {
                let kept = store.assessment(&shop(), &name.parse().unwrap()).await;
                let kept = kept.unwrap().expect("the assessment that was answered");
                assert_eq!(kept.record.valid, valid, "{name}");
                assert!(
                    !valid || is_spent(&store, kept.record, random).await,
                    "{name}"
                );
            }
            trace::What::Annotation => {
                let kept = store.assessment(&shop(), &name.parse().unwrap()).await;
                let kept = kept.unwrap().expect("the assessment that was annotated");
                assert!(!kept.annotations.is_empty(), "annotation of {name}");
            }
        }
    }
    store.close().await;
}

/// Whether the token of this valid assessment cannot be spent again.
async fn is_spent(
    store: &SqliteStore,
    record: AssessmentRecord,
    random: &mut fastrand::Rng,
) -> bool {
    let (id, now) = (record.id.0, record.created_at);
    let mut another = || AssessmentRecord {
        id: AssessmentId(random.u128(..).to_be_bytes()),
        ..record.clone()
    };
    let new = NewAssessment {
        record: another(),
        spend: Some(Spend {
            token_id: TokenId(id),
            if_duplicate: another(),
        }),
        idempotency: None,
        sketch: None,
        profile: None,
        day: Day::default(),
        challenge: None,
        now,
    };
    store.assess(new).await == Ok(Outcome::Duplicate)
}

fn shop() -> ProjectId {
    "shop".parse().unwrap()
}

fn cuts() -> usize {
    match env::var_os("TOUCHSTONE_TEST_THOROUGH") {
        Some(_) => 300,
        None => 60,
    }
}

fn seed() -> u64 {
    match env::var("TOUCHSTONE_CRASH_SEED") {
        Ok(text) => text.parse().expect("TOUCHSTONE_CRASH_SEED is a number"),
        Err(_) => fastrand::u64(..),
    }
}

/// What a cut may leave of the writes that were not synced.
const FATES: [Unsynced; 3] = [Unsynced::Lost, Unsynced::Written, Unsynced::Torn];
/// How long the server is recorded.
const RECORDED: Duration = Duration::from_secs(8);
/// How many of the newest answers are looked for, and how many of the older ones.
const LOOKED_AT: usize = 30;
