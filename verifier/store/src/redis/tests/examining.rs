//! Looking at the servers of a store.

use super::*;

async fn examine(url: &str) -> Result<crate::redis::RedisState, RedisOpenError> {
    RedisStore::examine(&url.parse().unwrap(), [9; 8]).await
}

#[tokio::test]
async fn a_server_tells_how_it_keeps_what_it_is_told() {
    let Some(server) = Server::start(&["--appendonly", "yes", "--appendfsync", "always"]) else {
        return;
    };
    let state = examine(&server.url()).await.unwrap();
    assert!(state.write_seconds.is_ok());
    assert_eq!(state.is_cluster_whole, None);
    let [one] = &state.servers[..] else {
        panic!("{state:?}");
    };
    assert!(one.keeps_a_log && !one.is_replica);
    assert_eq!(one.syncs.as_deref(), Some("always"));
    assert_eq!(one.eviction, "noeviction");
    assert!(one.clock_ms.is_some_and(|clock| clock > 1_700_000_000_000));
    server.wait_for("CONFIG SET maxmemory-policy allkeys-lru", "OK");
    let state = examine(&server.url()).await.unwrap();
    assert_eq!(
        state.servers[0].eviction, "allkeys-lru",
        "told, not refused"
    );
    assert!(
        !server.ask("KEYS *").unwrap().contains("low"),
        "no store was made"
    );
}

#[tokio::test]
async fn a_write_that_replicas_do_not_confirm_is_told() {
    let Some(server) = Server::start(&[]) else {
        return;
    };
    let state = examine(&format!("{}?wait=1", server.url())).await.unwrap();
    assert!(state.write_seconds.is_err());
}
