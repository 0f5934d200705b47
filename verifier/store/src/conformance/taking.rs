use std::sync::Arc;

use tokio::task::JoinSet;

use super::samples::START;
use crate::{Store, TAKEN_LIFE_MS};

pub(super) async fn an_id_is_taken_once(store: Arc<dyn Store>) {
    assert_eq!(store.take_once([1; 16], START).await, Ok(true));
    assert_eq!(store.take_once([1; 16], START).await, Ok(false));
    assert_eq!(store.take_once([1; 16], START.after(TAKEN_LIFE_MS)).await, Ok(false));
    assert_eq!(store.take_once([2; 16], START).await, Ok(true), "ids do not disturb each other");
}

pub(super) async fn an_id_is_taken_once_by_many_at_once(store: Arc<dyn Store>) {
    let mut callers = JoinSet::new();
    for _ in 0..100 {
        let store = Arc::clone(&store);
        callers.spawn(async move { store.take_once([7; 16], START).await.unwrap() });
    }
    let first = callers.join_all().await.into_iter().filter(|taken| *taken).count();
    assert_eq!(first, 1);
}

pub(super) async fn a_taken_id_is_remembered_for_its_life(store: Arc<dyn Store>) {
    store.take_once([1; 16], START).await.unwrap();
    store.take_once([2; 16], START.after(1)).await.unwrap();
    let end = START.after(TAKEN_LIFE_MS);
    assert_eq!(store.prune(end, 0).await.unwrap().taken, 0);
    assert_eq!(store.take_once([1; 16], end).await, Ok(false));
    assert_eq!(store.prune(end.after(1), 0).await.unwrap().taken, 1);
    assert_eq!(store.take_once([2; 16], end).await, Ok(false), "the younger one stays");
}
