//! Figures for docs/scale.md, printed with `--thorough`: what a token takes in Redis, and what WAIT costs.

use std::time::{Duration, Instant};

use futures_util::future::join_all;

use super::*;
use crate::{AccountHash, NewProfile};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_spent_token_takes_a_kilobyte_with_everything_and_a_sixth_of_it_alone() {
    if !is_thorough() {
        return;
    }
    let Some(server) = Server::start(&[]) else {
        return;
    };
    let store = open(&server.url(), NOW).await.unwrap();
    // What is there once: scripts, counts of the key, connections.
    spend_all(&store, 0..2_000, None).await;
    let empty = memory(&server);
    spend_all(&store, 2_000..TOKENS, None).await;
    let with_records = memory(&server);
    spend_all(&store, TOKENS..2 * TOKENS, Some(vec![7; SKETCH_BYTES])).await;
    let with_sketches = memory(&server);
    store.prune_sketches(NOW.after(1), 0).await.unwrap();
    store.prune(NOW.after(1), 0).await.unwrap();
    let marks_alone = memory(&server);
    let each = |bytes: u64, tokens: u32| bytes as f64 / f64::from(tokens);
    let record = each(with_records - empty, TOKENS - 2_000);
    let sketch = each(with_sketches - with_records, TOKENS) - record;
    let mark = each(marks_alone - empty, 2 * TOKENS - 2_000);
    let stats = server.ask("INFO commandstats").unwrap();
    let script = stats
        .lines()
        .find(|line| line.starts_with("cmdstat_evalsha:"));
    println!("{}", script.unwrap_or_default());
    println!(
        "bytes of an assessment with its mark: {record:.0}; of a sketch: {sketch:.0}; of a mark: {mark:.0}"
    );
    assert!(mark < 200.0 && record < 1_000.0 && sketch < 600.0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_takes_half_a_kilobyte_and_at_most_one() {
    if !is_thorough() {
        return;
    }
    let Some(server) = Server::start(&[]) else {
        return;
    };
    let store = open(&server.url(), NOW).await.unwrap();
    keep_profiles(&store, 0..2_000, 170).await;
    let mut before = memory(&server);
    // On average and at most, as docs/accounts.md has them.
    for (round, bytes, most) in [(1, 170, 600.0), (2, 732, 1_200.0)] {
        let accounts = round * TOKENS..(round + 1) * TOKENS;
        keep_profiles(&store, accounts, bytes).await;
        let after = memory(&server);
        let each = (after - before) as f64 / f64::from(TOKENS);
        println!("bytes of an account whose profile has {bytes}: {each:.0}");
        assert!(each < most);
        before = after;
    }
}

async fn keep_profiles(store: &RedisStore, accounts: std::ops::Range<u32>, bytes: usize) {
    let accounts: Vec<u32> = accounts.collect();
    for some in accounts.chunks(500) {
        let writes = some.iter().map(|n| {
            let mut hash = [7; 32];
            hash[..4].copy_from_slice(&n.to_be_bytes());
            hash[28..].copy_from_slice(&n.to_be_bytes());
            let new = NewProfile {
                account: AccountHash(hash),
                profile: vec![7; bytes],
                over: None,
            };
            store.write_profile(new, NOW)
        });
        for written in join_all(writes).await {
            assert_eq!(written, Ok(true));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_wait_costs_is_measured_beside_what_it_closes() {
    if !is_thorough() {
        return;
    }
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let url = cluster.url();
    let without = Arc::new(open(&url, NOW).await.unwrap());
    let with = Arc::new(open(&format!("{url}?wait=1"), NOW).await.unwrap());
    let mut from = 0;
    for callers in [1, 16, 256] {
        let mut seen = [Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            for (store, seen) in [&without, &with].into_iter().zip(&mut seen) {
                seen.push(spends_a_second(store, callers, &mut from).await);
            }
        }
        let [without, with] = seen.map(median);
        println!(
            "{callers} callers: {without:.0} spends a second without WAIT, {with:.0} with: {:.2} of it",
            with / without
        );
    }
}

async fn spends_a_second(store: &Arc<RedisStore>, callers: u32, from: &mut u32) -> f64 {
    let begun = Instant::now();
    let first = *from;
    let call = |caller: u32| {
        let store = store.clone();
        tokio::spawn(async move {
            let mut n = 0;
            while begun.elapsed() < ROUND {
                let token = first + n * callers + caller;
                assert_eq!(store.assess(spend(token, 1)).await, Ok(Outcome::First));
                n += 1;
            }
            n
        })
    };
    let spent = join_all((0..callers).map(call)).await;
    let spent: Vec<u32> = spent.into_iter().map(Result::unwrap).collect();
    let took = begun.elapsed();
    *from += (spent.iter().max().unwrap() + 1) * callers;
    f64::from(spent.iter().sum::<u32>()) / took.as_secs_f64()
}

async fn spend_all(store: &RedisStore, tokens: std::ops::Range<u32>, sketch: Option<Vec<u8>>) {
    let tokens: Vec<u32> = tokens.collect();
    for some in tokens.chunks(500) {
        let spends = some.iter().map(|n| {
            store.assess(NewAssessment {
                sketch: sketch.clone(),
                ..spend(*n, 1)
            })
        });
        for outcome in join_all(spends).await {
            assert_eq!(outcome, Ok(Outcome::First));
        }
    }
}

fn memory(server: &Server) -> u64 {
    let answer = server.ask("INFO memory").unwrap();
    let used = answer
        .lines()
        .find_map(|line| line.strip_prefix("used_memory:"));
    used.unwrap().trim().parse().unwrap()
}

fn median(mut seen: Vec<f64>) -> f64 {
    seen.sort_by(f64::total_cmp);
    seen[seen.len() / 2]
}

fn is_thorough() -> bool {
    std::env::var_os("TOUCHSTONE_TEST_THOROUGH").is_some()
}

const TOKENS: u32 = 20_000;
/// Of a sketch of eight strokes as it is kept.
const SKETCH_BYTES: usize = 125;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(1);
