use std::sync::Arc;

use super::samples::{START, attempt, project, token};
use crate::{Store, StoreError};

pub(super) async fn a_healthy_store_says_so(store: Arc<dyn Store>) {
    assert_eq!(store.health().await, Ok(()));
    assert_eq!(store.health().await, Ok(()));
}

pub(super) async fn a_closed_store_is_unavailable(store: Arc<dyn Store>) {
    store.assess(attempt(token(START, 1), 1, START)).await.unwrap();
    store.close().await;
    store.close().await;
    assert!(matches!(store.health().await, Err(StoreError::Unavailable(_))));
    assert!(matches!(store.assessment(&project("p"), &token(START, 1).into()).await, Err(StoreError::Unavailable(_))));
}
