use std::sync::Arc;

use super::samples::{START, api_key, project};
use crate::{ApiKey, ApiKeyHash, Store, StoreError};

pub(super) async fn an_api_key_is_found_by_its_hash(store: Arc<dyn Store>) {
    store.create_api_key(api_key(1, "p")).await.unwrap();
    assert_eq!(store.api_key_by_hash(&ApiKeyHash([1; 32])).await, Ok(Some(api_key(1, "p"))));
    assert_eq!(store.api_key_by_hash(&ApiKeyHash([2; 32])).await, Ok(None));
}

pub(super) async fn a_taken_id_or_hash_is_refused(store: Arc<dyn Store>) {
    store.create_api_key(api_key(1, "p")).await.unwrap();
    let same_id = ApiKey { id: api_key(1, "p").id, ..api_key(2, "q") };
    let same_hash = ApiKey { hash: ApiKeyHash([1; 32]), ..api_key(2, "q") };
    for taken in [same_id, same_hash] {
        assert_eq!(store.create_api_key(taken).await, Err(StoreError::AlreadyExists));
    }
    assert_eq!(store.api_keys(&project("q")).await, Ok(vec![]));
}

pub(super) async fn a_revoked_key_opens_nothing(store: Arc<dyn Store>) {
    let key = api_key(1, "p");
    store.create_api_key(key.clone()).await.unwrap();
    assert_eq!(store.revoke_api_key(&api_key(2, "p").id, START).await, Ok(false));
    assert_eq!(store.revoke_api_key(&key.id, START.after(5)).await, Ok(true));
    assert_eq!(store.revoke_api_key(&key.id, START.after(9)).await, Ok(false));
    assert_eq!(store.api_key_by_hash(&key.hash).await, Ok(None));
    let listed = ApiKey { revoked_at: Some(START.after(5)), ..key.clone() };
    assert_eq!(store.api_keys(&project("p")).await, Ok(vec![listed]));
    assert_eq!(store.create_api_key(key).await, Err(StoreError::AlreadyExists), "a revoked key does not come back");
}

pub(super) async fn api_keys_are_listed_by_project(store: Arc<dyn Store>) {
    for n in [3, 1, 2] {
        store.create_api_key(api_key(n, if n == 2 { "q" } else { "p" })).await.unwrap();
    }
    assert_eq!(store.api_keys(&project("p")).await, Ok(vec![api_key(1, "p"), api_key(3, "p")]));
    assert_eq!(store.api_keys(&project("q")).await, Ok(vec![api_key(2, "q")]));
    assert_eq!(store.api_keys(&project("other")).await, Ok(vec![]));
}
