//! Servers that a store does not accept, and parts of one that forgot.

use super::*;

#[tokio::test]
async fn a_server_that_may_evict_is_refused() {
    let Some(server) = Server::start(&[]) else {
        return;
    };
    for policy in ["allkeys-lru", "volatile-ttl", "volatile-random"] {
        server.wait_for(&format!("CONFIG SET maxmemory-policy {policy}"), "OK");
        let refused = open(&server.url(), NOW).await.err();
        let message = refused.map(|error| error.to_string()).unwrap_or_default();
        assert!(
            message.contains(policy) && message.contains("noeviction"),
            "{message}"
        );
    }
    server.wait_for("CONFIG SET maxmemory-policy noeviction", "OK");
    assert!(open(&server.url(), NOW).await.is_ok());
}

#[tokio::test]
async fn several_servers_that_are_no_cluster_are_refused() {
    let Some(server) = Server::start(&[]) else {
        return;
    };
    let url = format!("redis://127.0.0.1:{0},127.0.0.1:{0}/", server.port);
    assert!(matches!(
        open(&url, NOW).await,
        Err(RedisOpenError::NoCluster(_))
    ));
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_said_to_be_unreachable() {
    let refused = open("redis://127.0.0.1:1/", NOW).await.err();
    assert!(
        matches!(refused, Some(RedisOpenError::Unreachable(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_server_that_was_emptied_accepts_no_token_from_before() {
    let Some(server) = Server::start(&[]) else {
        return;
    };
    let store = open(&server.url(), NOW).await.unwrap();
    assert_eq!(store.assess(attempt(1, 1)).await, Ok(Outcome::First));
    server.wait_for("FLUSHALL", "OK");
    let later = |new: NewAssessment| NewAssessment {
        now: NOW.after(1),
        ..new
    };
    assert_eq!(
        store.assess(later(attempt(1, 2))).await,
        Ok(Outcome::Duplicate)
    );
    assert_eq!(
        store.assess(later(attempt(2, 1))).await,
        Ok(Outcome::Duplicate),
        "never spent, but who knows"
    );
    let store = open(&server.url(), NOW.after(1)).await.unwrap();
    assert_eq!(store.low_water_mark().await, Ok(NOW.after(1)));
}

#[tokio::test]
async fn a_full_server_is_unavailable_and_spends_nothing() {
    let Some(server) = Server::start(&[]) else {
        return;
    };
    let store = open(&server.url(), NOW).await.unwrap();
    server.wait_for("CONFIG SET maxmemory 1", "OK");
    for failed in [
        store.health().await.err(),
        store.assess(attempt(1, 1)).await.err(),
    ] {
        assert!(
            matches!(failed, Some(StoreError::Unavailable(_))),
            "{failed:?}"
        );
    }
    server.wait_for("CONFIG SET maxmemory 0", "OK");
    assert_eq!(store.assess(attempt(1, 2)).await, Ok(Outcome::First));
}

#[tokio::test]
async fn a_write_without_enough_replicas_is_unavailable() {
    let Some(server) = Server::start(&[]) else {
        return;
    };
    let url = format!("{}?wait=1", server.url());
    let failed = open(&url, NOW).await.err();
    assert!(
        matches!(failed, Some(RedisOpenError::Write(_))),
        "{failed:?}"
    );
    let replicaof = server.port.to_string();
    let Some(_replica) = Server::start(&["--replicaof", "127.0.0.1", &replicaof]) else {
        return;
    };
    server.wait_for("INFO replication", "state=online");
    let store = open(&url, NOW).await.unwrap();
    assert_eq!(store.assess(attempt(1, 1)).await, Ok(Outcome::First));
    assert_eq!(store.assess(attempt(1, 2)).await, Ok(Outcome::Duplicate));
}

#[tokio::test]
async fn a_store_belongs_to_its_first_owner() {
    let Some(server) = Server::start(&[]) else {
        return;
    };
    let (one, other) = (
        open(&server.url(), NOW).await.unwrap(),
        open(&server.url(), NOW).await.unwrap(),
    );
    assert_eq!(one.belongs_to([1; 32]).await, Ok(true));
    assert_eq!(other.belongs_to([2; 32]).await, Ok(false));
    assert_eq!(other.belongs_to([1; 32]).await, Ok(true));
}

#[tokio::test]
async fn a_server_without_a_log_is_told_from_one_with() {
    for (option, keeps) in [("no", false), ("yes", true)] {
        let Some(server) = Server::start(&["--appendonly", option]) else {
            return;
        };
        assert_eq!(open(&server.url(), NOW).await.unwrap().keeps_a_log(), keeps);
    }
}
