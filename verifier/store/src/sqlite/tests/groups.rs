use std::{fs, future::Future, task::Poll};

use super::*;

#[tokio::test]
async fn a_group_shares_one_commit() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("store.db");
    let store = Arc::new(open(&path, NOW));
    let (release, held) = hold_writer(&store).await;
    let before = commits(&path);
    let waiting: Vec<_> = (0..200)
        .map(|n| start(&store, spend(token(NOW, n), 0)))
        .collect();
    until_waiting(&store, 200).await;
    drop(release);
    for one in waiting {
        assert_eq!(one.await.unwrap(), Ok(Outcome::First));
    }
    held.await.unwrap();
    assert_eq!(commits(&path) - before, 1);
}

#[tokio::test]
async fn one_bad_operation_does_not_undo_its_neighbours() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("store.db");
    let store = Arc::new(open(&path, NOW));
    let (release, held) = hold_writer(&store).await;
    let before = commits(&path);
    let waiting: Vec<_> = [1, 1, 2, 1, 3]
        .map(|n| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.create_site_key(key(n)).await })
        })
        .into();
    until_waiting(&store, 5).await;
    drop(release);
    let mut taken = 0;
    for one in waiting {
        match one.await.unwrap() {
            Ok(()) => {}
            Err(e) => {
                assert_eq!(e, StoreError::AlreadyExists);
                taken += 1;
            }
        }
    }
    held.await.unwrap();
    assert_eq!(taken, 2);
    assert_eq!(
        store.site_keys(None, None, 9).await.unwrap(),
        [key(1), key(2), key(3)]
    );
    assert_eq!(commits(&path) - before, 1);
}

#[tokio::test]
async fn a_full_queue_refuses_instead_of_growing() {
    let folder = TempDir::new().unwrap();
    let options = SqliteOptions {
        durability: Durability::Off,
        queue: 2,
        ..SqliteOptions::default()
    };
    let store =
        Arc::new(SqliteStore::open(&folder.path().join("store.db"), &options, NOW).unwrap());
    let (release, held) = hold_writer(&store).await;
    let waiting = [0, 1].map(|n| start(&store, spend(token(NOW, n), 0)));
    tokio::task::yield_now().await;
    assert_eq!(
        store.assess(spend(token(NOW, 9), 0)).await,
        Err(StoreError::Overloaded)
    );
    assert_eq!(
        store.low_water_mark().await,
        Ok(NOW),
        "reads do not wait for the writer"
    );
    drop(release);
    for one in waiting {
        assert_eq!(one.await.unwrap(), Ok(Outcome::First));
    }
    held.await.unwrap();
    assert_eq!(
        store.assess(spend(token(NOW, 9), 1)).await,
        Ok(Outcome::First),
        "the refused one spent nothing"
    );
}

#[tokio::test]
async fn an_abandoned_operation_is_not_begun() {
    let folder = TempDir::new().unwrap();
    let store = Arc::new(open(&folder.path().join("store.db"), NOW));
    let (release, held) = hold_writer(&store).await;
    let mut abandoned = Box::pin(store.assess(spend(token(NOW, 1), 0)));
    let queued =
        std::future::poll_fn(|cx| Poll::Ready(abandoned.as_mut().poll(cx).is_pending())).await;
    assert!(queued);
    drop(abandoned);
    drop(release);
    held.await.unwrap();
    assert_eq!(
        store.assess(spend(token(NOW, 1), 1)).await,
        Ok(Outcome::First)
    );
}

#[tokio::test]
async fn closing_finishes_what_was_accepted() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("store.db");
    let store = Arc::new(open(&path, NOW));
    let (release, held) = hold_writer(&store).await;
    let waiting: Vec<_> = (0..50)
        .map(|n| start(&store, spend(token(NOW, n), 0)))
        .collect();
    until_waiting(&store, 50).await;
    let closing = tokio::spawn({
        let store = Arc::clone(&store);
        async move { store.close().await }
    });
    tokio::task::yield_now().await;
    drop(release);
    for one in waiting {
        assert_eq!(one.await.unwrap(), Ok(Outcome::First));
    }
    closing.await.unwrap();
    held.await.unwrap();
    assert!(
        !path.with_extension("db-wal").exists(),
        "the last connection folds the log into the file"
    );
}

/// Commits in the write-ahead log: frames whose header gives the size of the database after a commit
/// (<https://sqlite.org/fileformat2.html#walformat>).
fn commits(path: &Path) -> usize {
    let log = fs::read(path.with_extension("db-wal")).unwrap_or_default();
    let Some(body) = log.get(32..) else { return 0 };
    let page = u32::from_be_bytes(log[8..12].try_into().unwrap()) as usize;
    body.chunks_exact(24 + page)
        .filter(|frame| frame[4..8] != [0; 4])
        .count()
}
