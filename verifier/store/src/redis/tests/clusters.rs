//! The same in a cluster.

use std::time::Duration;

use tokio::task::JoinSet;

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_keeps_every_promise_of_a_store() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    keeps_every_promise(&cluster.url()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_waits_for_its_replicas() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let store = open(&format!("{}?wait=1", cluster.url()), NOW)
        .await
        .unwrap();
    for token in 0..64 {
        assert_eq!(store.assess(attempt(token, 1)).await, Ok(Outcome::First));
        assert_eq!(
            store.assess(attempt(token, 2)).await,
            Ok(Outcome::Duplicate)
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_spent_with_wait_stay_spent_when_a_primary_dies() {
    let Some(mut cluster) = Cluster::start() else {
        return;
    };
    let url = format!("{}?wait=1", cluster.url());
    let store = open(&url, NOW).await.unwrap();
    for token in 0..64 {
        assert_eq!(store.assess(attempt(token, 1)).await, Ok(Outcome::First));
    }
    drop(cluster.servers.remove(0));
    // The shard that lost its primary has no replica left to confirm, so from here without.
    let url = cluster.url();
    let store = loop {
        match open(&url, NOW).await {
            Ok(store) => break Arc::new(store),
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    };
    let mut callers = JoinSet::new();
    for token in 0..64 {
        let store = store.clone();
        callers.spawn(async move {
            for n in 2..100 {
                match store.assess(attempt(token, n)).await {
                    Err(StoreError::Unavailable(_)) => {
                        tokio::time::sleep(Duration::from_millis(100)).await
                    }
                    other => return other,
                }
            }
            Err(StoreError::Overloaded)
        });
    }
    let outcomes = callers.join_all().await;
    assert!(
        outcomes
            .iter()
            .all(|outcome| *outcome == Ok(Outcome::Duplicate)),
        "{outcomes:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_verifier_starts_while_a_replica_is_down() {
    let Some(mut cluster) = Cluster::start() else {
        return;
    };
    let replica = cluster.servers.pop().unwrap();
    assert!(replica.ask("ROLE").unwrap().contains("slave"));
    drop(replica);
    let store = open(&cluster.url(), NOW).await.unwrap();
    assert_eq!(store.assess(attempt(1, 1)).await, Ok(Outcome::First));
}
