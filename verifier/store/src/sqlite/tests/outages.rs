use std::{fs, time::Duration};

use super::*;
use crate::{Idempotency, IdempotencyKey, RequestHash};

#[tokio::test]
async fn a_full_disk_fails_the_whole_group_and_the_next_one_recovers() {
    let folder = TempDir::new().unwrap();
    let store = Arc::new(open(&folder.path().join("store.db"), NOW));
    fill_disk(&store).await;
    let (release, held) = hold_writer(&store).await;
    let small = start(&store, spend(token(NOW, 1), 0));
    let big = start(&store, too_big(token(NOW, 2)));
    until_waiting(&store, 2).await;
    drop(release);
    held.await.unwrap();
    for one in [small, big] {
        assert!(matches!(
            one.await.unwrap(),
            Err(StoreError::Unavailable(_))
        ));
    }
    // The connection that was told of a full disk is gone, and with it the limit.
    assert_eq!(store.health().await, Ok(()));
    for n in [1, 2] {
        assert_eq!(
            store.assess(spend(token(NOW, n), 1)).await,
            Ok(Outcome::First),
            "token {n} was not spent"
        );
    }
}

#[tokio::test]
async fn a_lock_held_too_long_makes_writes_unavailable_and_reads_go_on() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("store.db");
    let options = SqliteOptions {
        durability: Durability::Off,
        busy_timeout: Duration::from_millis(20),
        ..SqliteOptions::default()
    };
    let store = SqliteStore::open(&path, &options, NOW).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    for _ in 0..2 {
        assert!(matches!(
            store.health().await,
            Err(StoreError::Unavailable(_))
        ));
        assert_eq!(store.low_water_mark().await, Ok(NOW));
    }
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(store.health().await, Ok(()));
}

#[tokio::test]
async fn a_lost_file_is_not_replaced_by_an_empty_one() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("store.db");
    let store = open(&path, NOW);
    fill_disk(&store).await;
    fs::remove_file(&path).unwrap();
    for _ in 0..2 {
        assert!(matches!(
            store.assess(too_big(token(NOW, 1))).await,
            Err(StoreError::Unavailable(_))
        ));
    }
    assert!(!path.exists());
}

#[tokio::test]
async fn a_schema_changed_by_another_release_stops_the_writer_when_it_reopens() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("store.db");
    let store = open(&path, NOW);
    fill_disk(&store).await;
    Connection::open(&path)
        .unwrap()
        .execute_batch("PRAGMA user_version = 99")
        .unwrap();
    assert!(matches!(
        store.assess(too_big(token(NOW, 1))).await,
        Err(StoreError::Unavailable(_))
    ));
    assert!(matches!(
        store.health().await,
        Err(StoreError::Unavailable(_))
    ));
}

/// From now on, and until the writer's connection is given up, the file cannot grow.
async fn fill_disk(store: &SqliteStore) {
    let limit =
        |c: &Connection| Ok(c.pragma_update_and_check(None, "max_page_count", 1, |_| Ok(()))?);
    store.write(limit).await.unwrap();
}

/// An assessment that needs a page more than there is.
fn too_big(token: TokenId) -> NewAssessment {
    let idempotency = Idempotency {
        key: IdempotencyKey([1; 32]),
        request: RequestHash([1; 32]),
        answer_if_first: vec![0; 100_000],
        answer_if_duplicate: vec![0; 100_000],
    };
    NewAssessment {
        idempotency: Some(idempotency),
        ..spend(token, 0)
    }
}
