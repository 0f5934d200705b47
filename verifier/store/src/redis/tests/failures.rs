//! Servers of a cluster fail while tokens are spent. Counted: tokens that were acknowledged and are accepted again.

use std::{
    sync::atomic::AtomicBool,
    time::{Duration, Instant},
};

use tokio::{task::JoinSet, time::sleep};

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_wait_no_token_is_accepted_again_after_a_primary_was_killed_under_load() {
    let Some(run) = kill_a_primary_under_load("?wait=1").await else {
        return;
    };
    assert_eq!(run.again, vec![], "{run:?}");
}

/// Here a replica has what its primary answered within microseconds; the next test shows what a slow link leaves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_wait_only_tokens_of_the_last_moment_are_accepted_again() {
    if !is_thorough() {
        return;
    }
    let Some(run) = kill_a_primary_under_load("").await else {
        return;
    };
    let late = run.again.iter().all(|before| *before < LAST_MOMENT);
    assert!(late, "{run:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_primary_answered_behind_a_partition_is_accepted_again_without_wait_and_never_with()
{
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let (primary, replica) = cluster.pair();
    let url = cluster.url();
    let without = open(&url, NOW).await.unwrap();
    let with = open(&format!("{url}?wait=1"), NOW).await.unwrap();
    let here = tokens_of(&cluster, primary).await;
    let (spent, refused) = here.split_at(here.len() / 2);

    // The replica is cut off: it stands still, and nothing more is sent to it.
    cluster.servers[replica].signal("STOP");
    cluster.servers[primary]
        .ask("CLIENT KILL TYPE replica")
        .unwrap();
    for n in spent {
        assert_eq!(without.assess(spend(*n, 1)).await, Ok(Outcome::First));
    }
    let outcomes = refused.iter().map(|n| with.assess(spend(*n, 1)));
    for outcome in futures_util::future::join_all(outcomes).await {
        assert!(
            matches!(outcome, Err(StoreError::Unavailable(_))),
            "{outcome:?}"
        );
    }

    cluster.servers[primary].signal("KILL");
    cluster.servers[replica].signal("CONT");
    cluster.servers[replica].wait_for("ROLE", "master");
    let later = open_again(&url).await;
    let again = accepted_again(&later, spent).await;
    assert_eq!(again.len(), spent.len(), "the window that WAIT closes");
    // What was refused was never answered valid, so it may be valid once now.
    assert_eq!(accepted_again(&later, refused).await.len(), refused.len());
    assert_eq!(accepted_again(&later, &here).await, Vec::<u32>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_that_stands_still_stops_its_part_with_wait_and_nothing_without() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let (primary, replica) = cluster.pair();
    let url = cluster.url();
    let without = open(&url, NOW).await.unwrap();
    let with = open(&format!("{url}?wait=1"), NOW).await.unwrap();
    let here = tokens_of(&cluster, primary).await;
    let elsewhere: Vec<u32> = (0..64).filter(|n| !here.contains(n)).collect();

    cluster.servers[replica].signal("STOP");
    for n in here.iter().chain(&elsewhere) {
        assert_eq!(without.assess(spend(*n, 1)).await, Ok(Outcome::First));
    }
    for n in &elsewhere {
        assert_eq!(with.assess(spend(n + 1_024, 2)).await, Ok(Outcome::First));
    }
    let stopped = with.assess(spend(here[0] + 1_024, 2)).await;
    assert!(
        matches!(stopped, Err(StoreError::Unavailable(_))),
        "{stopped:?}"
    );

    cluster.servers[replica].signal("CONT");
    let end = Instant::now() + PATIENCE;
    while with.assess(spend(here[0] + 2_048, 2)).await.is_err() {
        assert!(Instant::now() < end);
        sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(accepted_again(&without, &here).await, Vec::<u32>::new());
}

/// What came of a primary's end.
#[derive(Debug)]
#[allow(dead_code, reason = "printed")]
struct Run {
    acknowledged: usize,
    unavailable: usize,
    /// Of tokens that were accepted again, how long before the kill they had been acknowledged.
    again: Vec<Duration>,
    /// How long after the kill its part answered again.
    back_after: Duration,
}

async fn kill_a_primary_under_load(query: &str) -> Option<Run> {
    let cluster = Cluster::start()?;
    let (primary, _) = cluster.pair();
    let url = format!("{}{query}", cluster.url());
    let store = Arc::new(open(&url, NOW).await.unwrap());
    let here = tokens_of(&cluster, primary).await;
    let (next, stop) = (
        Arc::new(AtomicU32::new(0)),
        Arc::new(AtomicBool::new(false)),
    );
    let mut spenders = JoinSet::new();
    for _ in 0..SPENDERS {
        let (store, next, stop) = (store.clone(), next.clone(), stop.clone());
        spenders.spawn(async move {
            let (mut acknowledged, mut unavailable) = (Vec::new(), 0);
            while !stop.load(Ordering::Relaxed) {
                let n = next.fetch_add(1, Ordering::Relaxed);
                match store.assess(spend(n, 1)).await {
                    Ok(outcome) => {
                        assert_eq!(outcome, Outcome::First);
                        acknowledged.push((n, Instant::now()));
                    }
                    Err(_) => unavailable += 1,
                }
            }
            (acknowledged, unavailable)
        });
    }
    sleep(LOAD).await;
    let killed = Instant::now();
    cluster.servers[primary].signal("KILL");
    // The shard that lost its primary has no replica left to confirm, so from here without WAIT.
    let later = open_again(&cluster.url()).await;
    accepted_again(&later, &here).await;
    let back_after = killed.elapsed();
    stop.store(true, Ordering::Relaxed);
    let (mut acknowledged, mut unavailable) = (Vec::new(), 0);
    for (some, failed) in spenders.join_all().await {
        acknowledged.extend(some);
        unavailable += failed;
    }
    let tokens: Vec<u32> = acknowledged.iter().map(|(n, _)| *n).collect();
    let again = accepted_again(&later, &tokens).await;
    let when = |n: &u32| acknowledged.iter().find(|(token, _)| token == n).unwrap().1;
    let run = Run {
        acknowledged: acknowledged.len(),
        unavailable,
        again: again
            .iter()
            .map(|n| killed.duration_since(when(n)))
            .collect(),
        back_after,
    };
    println!("primary killed under load, {query:?}: {run:?}");
    Some(run)
}

/// Those of these tokens that can be spent once more. Asks until there is an answer, and under attempts of its own.
async fn accepted_again(store: &RedisStore, tokens: &[u32]) -> Vec<u32> {
    static ATTEMPTS: AtomicU32 = AtomicU32::new(2);
    let attempt = ATTEMPTS.fetch_add(1, Ordering::Relaxed);
    let ask = |n: u32| async move {
        let end = Instant::now() + PATIENCE;
        loop {
            match store.assess(spend(n, attempt)).await {
                Ok(outcome) => return (outcome == Outcome::First).then_some(n),
                Err(error) => assert!(Instant::now() < end, "{error}"),
            }
            sleep(Duration::from_millis(50)).await;
        }
    };
    let mut again = Vec::new();
    for some in tokens.chunks(256) {
        let answers = futures_util::future::join_all(some.iter().map(|n| ask(*n)));
        again.extend(answers.await.into_iter().flatten());
    }
    again
}

async fn open_again(url: &str) -> RedisStore {
    let end = Instant::now() + PATIENCE;
    loop {
        match open(url, NOW).await {
            Ok(store) => return store,
            Err(error) => assert!(Instant::now() < end, "{error}"),
        }
        sleep(Duration::from_millis(100)).await;
    }
}

/// One token for each bucket that lies with a primary.
async fn tokens_of(cluster: &Cluster, primary: usize) -> Vec<u32> {
    let names = Names {
        prefix: "touchstone".into(),
    };
    let is_here = |n: &u32| {
        let bucket = Bucket::of_token(&spend(*n, 1).spend.unwrap().token_id);
        let name = String::from_utf8(names.low_water_mark(bucket)).unwrap();
        let answer = cluster.servers[primary]
            .ask(&format!("EXISTS {name}"))
            .unwrap();
        !answer.contains("MOVED")
    };
    (0..64).filter(is_here).collect()
}

/// The attempt of this number to spend a token of this number.
fn spend(token: u32, n: u32) -> NewAssessment {
    let mut tail = [0; 10];
    tail[..4].copy_from_slice(&(token / 64).to_be_bytes());
    tail[9] = (token % 64) as u8;
    let token_id = TokenId::new(NOW, tail);
    let mut new = attempt(0, 0);
    new.record.id = token_id.into();
    let mut other = token_id.0;
    other[..4].copy_from_slice(&n.to_be_bytes());
    if let Some(spend) = &mut new.spend {
        spend.token_id = token_id;
        spend.if_duplicate.id = AssessmentId(other);
    }
    new
}

fn is_thorough() -> bool {
    std::env::var_os("TOUCHSTONE_TEST_THOROUGH").is_some()
}

const SPENDERS: usize = 16;
const LOAD: Duration = Duration::from_secs(2);
/// More than a replica lags behind here, by far.
const LAST_MOMENT: Duration = Duration::from_millis(500);
const PATIENCE: Duration = Duration::from_secs(60);
