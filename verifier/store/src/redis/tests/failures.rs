//! Servers of a cluster fail while tokens are spent. Counted: tokens that were acknowledged and are accepted again.

use std::{
    sync::atomic::AtomicBool,
    time::{Duration, Instant},
};

use tokio::{task::JoinSet, time::sleep};

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_primary_killed_under_load_forgets_nothing_with_wait_and_the_last_moment_without() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let (primary, _) = cluster.pair();
    let here: Vec<u32> = { tokens_of(&cluster, primary).into_iter() }
        .map(|n| n + (2 << 20))
        .collect();
    let without = Load::start(&cluster.url(), 0).await;
    let with = Load::start(&format!("{}?wait=1", cluster.url()), 1 << 20).await;
    sleep(load_for()).await;
    let killed = Instant::now();
    cluster.servers[primary].signal("KILL");
    // The shard that lost its primary has no replica left to confirm, so from here without WAIT.
    let later = open_again(&cluster.url()).await;
    accepted_again(&later, &here).await;
    let back_after = killed.elapsed();
    let (without, with) = (without.end().await, with.end().await);
    println!(
        "its part was back after {back_after:?}; acknowledged without and with WAIT: {}, {}; unavailable: {}, {}",
        without.acknowledged.len(),
        with.acknowledged.len(),
        without.unavailable,
        with.unavailable
    );
    let again = accepted_again(&later, &with.tokens()).await;
    assert_eq!(again, Vec::<u32>::new(), "with WAIT");
    // Here a replica has within microseconds what its primary answered; the next test shows what a slow link leaves.
    let again = accepted_again(&later, &without.tokens()).await;
    println!("accepted again without WAIT: {}", again.len());
    for (n, at) in &without.acknowledged {
        let is_late = killed.duration_since(*at) < LAST_MOMENT;
        assert!(
            is_late || !again.contains(n),
            "acknowledged {:?} before",
            killed - *at
        );
    }
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
    let here = tokens_of(&cluster, primary);
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
    let here = tokens_of(&cluster, primary);
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

/// Callers that spend one token after the other.
struct Load {
    callers: JoinSet<Spent>,
    stop: Arc<AtomicBool>,
}

/// What they were answered.
#[derive(Default)]
struct Spent {
    acknowledged: Vec<(u32, Instant)>,
    unavailable: usize,
}

impl Load {
    /// Spends the tokens from `first` on.
    async fn start(url: &str, first: u32) -> Self {
        let store = Arc::new(open(url, NOW).await.unwrap());
        let (next, stop) = (
            Arc::new(AtomicU32::new(first)),
            Arc::new(AtomicBool::new(false)),
        );
        let mut callers = JoinSet::new();
        for _ in 0..CALLERS {
            let (store, next, stop) = (store.clone(), next.clone(), stop.clone());
            callers.spawn(async move {
                let mut spent = Spent::default();
                while !stop.load(Ordering::Relaxed) {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    match store.assess(spend(n, 1)).await {
                        Ok(outcome) => {
                            assert_eq!(outcome, Outcome::First);
                            spent.acknowledged.push((n, Instant::now()));
                        }
                        Err(_) => spent.unavailable += 1,
                    }
                }
                spent
            });
        }
        Self { callers, stop }
    }

    async fn end(self) -> Spent {
        self.stop.store(true, Ordering::Relaxed);
        let mut all = Spent::default();
        for spent in self.callers.join_all().await {
            all.acknowledged.extend(spent.acknowledged);
            all.unavailable += spent.unavailable;
        }
        all
    }
}

impl Spent {
    fn tokens(&self) -> Vec<u32> {
        self.acknowledged.iter().map(|(n, _)| *n).collect()
    }
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
fn tokens_of(cluster: &Cluster, primary: usize) -> Vec<u32> {
    let names = Names {
        prefix: "touchstone".into(),
    };
    let is_here = |n: &u32| {
        let bucket = Bucket::of_token(&spend(*n, 1).spend.unwrap().token_id);
        let name = String::from_utf8(names.low_water_mark(bucket)).unwrap();
        let asked = cluster.servers[primary].ask(&format!("EXISTS {name}"));
        !asked.unwrap().contains("MOVED")
    };
    (0..64).filter(is_here).collect()
}

fn load_for() -> Duration {
    match std::env::var_os("TOUCHSTONE_TEST_THOROUGH") {
        Some(_) => Duration::from_secs(10),
        None => Duration::from_millis(300),
    }
}

const CALLERS: usize = 16;
/// More than a replica lags behind here, by far.
const LAST_MOMENT: Duration = Duration::from_millis(500);
const PATIENCE: Duration = Duration::from_secs(60);
