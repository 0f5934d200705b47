//! How long an answer takes: of ordinary buckets and of the largest, with the file in memory and on the disk.
//!
//! The rows are random, not hashed: 100 million pairs would take weeks, and the tree cannot tell. Each pair has 2.2 rows, as lists of
//! addresses have, and as many share a bucket as of 100 million pairs; fewer pairs fill fewer buckets. Twenty million pairs take a
//! gigabyte, which is removed afterwards. Give another number as `TOUCHSTONE_BENCH_PAIRS`, a folder as `TMPDIR`.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark fails by panicking, and prints"
)]

use std::{
    env,
    fs::File,
    path::Path,
    time::{Duration, Instant},
};

use rusqlite::Connection;
use rustix::fs::{Advice, fadvise};
use touchstone_leaks::{BlindedPoint, Bucket, Database, EpochKey, KeySafe, Leaks, NewEpoch};

fn main() {
    let pairs = env::var("TOUCHSTONE_BENCH_PAIRS").map_or(20_000_000, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("leaks.db");
    let started = Instant::now();
    let shape = Shape::of(pairs);
    let rows = fill(&path, &shape);
    let bytes = std::fs::metadata(&path).unwrap().len();
    println!(
        "{pairs} pairs, {rows} rows in {} buckets and four large ones, {:.2} GB, {:.1} bytes a row (made in {:.0} s)\n",
        shape.buckets,
        bytes as f64 / 1e9,
        bytes as f64 / rows as f64,
        started.elapsed().as_secs_f64(),
    );
    println!("| bucket | prefixes | gRPC bytes | REST bytes | file | lookups | p50 | p99 | max |");
    println!("|---|---|---|---|---|---|---|---|---|");
    let ordinary = || Bucket::from_number(fastrand::u32(..shape.buckets));
    for (lookups, state) in [(20_000, State::InMemory), (500, State::OnDisk)] {
        measure(&path, "ordinary", lookups, state, ordinary);
    }
    for (index, size) in LARGE.into_iter().enumerate() {
        let bucket = shape.large(index);
        let lookups = (2_000_000 / size).clamp(20, 200);
        for state in [State::InMemory, State::OnDisk] {
            measure(&path, "large", lookups, state, || bucket);
        }
    }
}

/// Where the file is when a lookup begins.
#[derive(Clone, Copy, PartialEq)]
enum State {
    /// In the system's memory, and the connection open.
    InMemory,
    /// Not in this system's memory; what is below it (a virtual machine's host, a disk) may have it.
    OnDisk,
}

fn measure(path: &Path, name: &str, lookups: usize, state: State, bucket: impl Fn() -> Bucket) {
    let mut leaks = Leaks::new(path, Box::new(Plain));
    let point = blinded();
    let (mut times, mut prefixes) = (Vec::new(), 0);
    for round in 0..lookups + 10 {
        if state == State::OnDisk {
            leaks = Leaks::new(path, Box::new(Plain));
            forget(path);
        }
        let bucket = bucket();
        let started = Instant::now();
        let answer = leaks.answer(bucket, Some(&point)).unwrap().unwrap();
        let took = started.elapsed();
        // The first ones warm up.
        if round >= 10 {
            times.push(took);
            prefixes += answer.prefixes().len();
        }
    }
    times.sort_unstable();
    let at = |part: f64| shown(times[((times.len() - 1) as f64 * part) as usize]);
    let mean = prefixes as f64 / lookups as f64;
    println!(
        "| {name} | {mean:.1} | {:.0} | {:.0} | {} | {lookups} | {} | {} | {} |",
        // Tag, length and 6 bytes; quotes, comma and 8 characters.
        mean * 8.0,
        mean * 11.0,
        if state == State::InMemory {
            "in memory"
        } else {
            "on disk"
        },
        at(0.5),
        at(0.99),
        at(1.0),
    );
}

/// Has the system drop what it holds of the file.
fn forget(path: &Path) {
    let file = File::open(path).unwrap();
    fadvise(&file, 0, None, Advice::DontNeed).unwrap();
}

/// Which buckets have how much.
struct Shape {
    buckets: u32,
}

impl Shape {
    fn of(pairs: u64) -> Self {
        let full = 1 << 26;
        let buckets = (pairs as f64 / 1e8 * f64::from(full)) as u32;
        Self {
            buckets: buckets.min(full - LARGE.len() as u32),
        }
    }

    /// Behind the ordinary ones, so that those are all alike.
    fn large(&self, index: usize) -> Bucket {
        Bucket::from_number(self.buckets + index as u32)
    }
}

fn fill(path: &Path, shape: &Shape) -> u64 {
    let epoch = NewEpoch {
        id: [1; 8],
        sealed_key: key().to_bytes().to_vec(),
    };
    drop(Database::open(path, &Plain, &epoch).unwrap());
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch("PRAGMA synchronous = OFF; BEGIN")
        .unwrap();
    let mut rows = 0;
    // 3.28 a bucket on average: 2.2 rows of each of 100 million pairs in 67 million buckets.
    for bucket in 0..shape.buckets {
        let count = (0..8).filter(|_| fastrand::f64() < 0.41).count();
        rows += insert(&connection, bucket, count);
        if bucket % 500_000 == 0 {
            connection.execute_batch("COMMIT; BEGIN").unwrap();
        }
    }
    for (index, size) in LARGE.into_iter().enumerate() {
        rows += insert(&connection, shape.large(index).number(), size);
    }
    connection.execute_batch("COMMIT").unwrap();
    connection
        .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        .unwrap();
    File::open(path).unwrap().sync_all().unwrap();
    rows
}

fn insert(connection: &Connection, bucket: u32, count: usize) -> u64 {
    let mut prefixes: Vec<[u8; 6]> = (0..count).map(|_| random()).collect();
    prefixes.sort_unstable();
    prefixes.dedup();
    let mut insert = connection
        .prepare_cached("INSERT INTO pair (bucket, prefix) VALUES (?1, ?2)")
        .unwrap();
    for prefix in &prefixes {
        insert.execute((bucket, prefix)).unwrap();
    }
    prefixes.len() as u64
}

fn random() -> [u8; 6] {
    let mut bytes = [0; 6];
    fastrand::fill(&mut bytes);
    bytes
}

fn shown(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

/// The key is in the file as it is: nobody's secrets are in there.
struct Plain;

impl KeySafe for Plain {
    fn open(&self, sealed: &[u8]) -> Option<EpochKey> {
        EpochKey::from_bytes(sealed.try_into().ok()?)
    }
}

fn key() -> EpochKey {
    EpochKey::from_bytes(&[7; 32]).unwrap()
}

fn blinded() -> BlindedPoint {
    let generator = b"036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";
    let bytes = data_encoding::HEXLOWER.decode(generator).unwrap();
    BlindedPoint::parse(&bytes).unwrap()
}

/// As names like `info` and `admin` have in the largest collections.
const LARGE: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
