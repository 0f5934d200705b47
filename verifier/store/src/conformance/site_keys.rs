use std::sync::Arc;

use super::samples::{project, site_key, site_key_id};
use crate::{SecretHash, SiteKey, Store, StoreError};

pub(super) async fn a_site_key_reads_back_as_it_was_written(store: Arc<dyn Store>) {
    for n in 0..8 {
        store.create_site_key(site_key(n, "p")).await.unwrap();
    }
    for n in 0..8 {
        assert_eq!(store.site_key(&site_key_id(n)).await, Ok(Some(site_key(n, "p"))));
    }
    assert_eq!(store.site_key(&site_key_id(9)).await, Ok(None));
}

pub(super) async fn a_site_key_is_found_by_its_secret(store: Arc<dyn Store>) {
    store.create_site_key(site_key(1, "p")).await.unwrap();
    assert_eq!(store.site_key_by_secret(&SecretHash([1; 32])).await, Ok(Some(site_key(1, "p"))));
    assert_eq!(store.site_key_by_secret(&SecretHash([2; 32])).await, Ok(None));
}

pub(super) async fn a_taken_id_or_secret_is_refused(store: Arc<dyn Store>) {
    store.create_site_key(site_key(1, "p")).await.unwrap();
    let mut same_id = site_key(2, "q");
    same_id.id = site_key_id(1);
    let mut same_secret = site_key(2, "q");
    same_secret.secret_hash = SecretHash([1; 32]);
    for taken in [site_key(1, "p"), same_id, same_secret] {
        assert_eq!(store.create_site_key(taken).await, Err(StoreError::AlreadyExists));
    }
    assert_eq!(store.site_keys(None, None, 10).await, Ok(vec![site_key(1, "p")]));
}

pub(super) async fn site_keys_are_listed_in_pages(store: Arc<dyn Store>) {
    for n in [5, 1, 3, 2, 4] {
        store.create_site_key(site_key(n, if n == 3 { "q" } else { "p" })).await.unwrap();
    }
    let table = [
        (None, None, 10, vec![1, 2, 3, 4, 5]),
        (None, None, 2, vec![1, 2]),
        (None, Some(2), 2, vec![3, 4]),
        (None, Some(5), 2, vec![]),
        (None, None, 0, vec![]),
        (Some("p"), None, 3, vec![1, 2, 4]),
        (Some("p"), Some(2), 3, vec![4, 5]),
        (Some("q"), None, 3, vec![3]),
        (Some("other"), None, 3, vec![]),
    ];
    for (of, after, limit, expected) in table {
        let listed = store.site_keys(of.map(project).as_ref(), after.map(site_key_id).as_ref(), limit).await.unwrap();
        let ids: Vec<_> = listed.into_iter().map(|key| key.id).collect();
        let expected: Vec<_> = expected.into_iter().map(site_key_id).collect();
        assert_eq!(ids, expected, "{of:?} after {after:?}, at most {limit}");
    }
}

pub(super) async fn a_change_is_written_once_for_each_reading(store: Arc<dyn Store>) {
    store.create_site_key(site_key(1, "p")).await.unwrap();
    let changed = SiteKey { id: site_key_id(1), ..site_key(2, "p") };
    assert_eq!(store.update_site_key(SiteKey { project: project("q"), ..changed.clone() }).await, Ok(false));
    assert_eq!(store.update_site_key(site_key(3, "p")).await, Ok(false), "no such key");
    assert_eq!(store.update_site_key(changed.clone()).await, Ok(true));
    assert_eq!(store.update_site_key(site_key(1, "p")).await, Ok(false), "that reading is out of date");
    let SiteKey { sealed_secret, secret_hash, created_at, .. } = site_key(1, "p");
    let expected = SiteKey { sealed_secret, secret_hash, created_at, revision: 1, ..changed };
    assert_eq!(store.site_key(&site_key_id(1)).await, Ok(Some(expected.clone())), "secret and time stay");
    assert_eq!(store.update_site_key(expected).await, Ok(true));
}

pub(super) async fn only_its_project_deletes_a_site_key(store: Arc<dyn Store>) {
    store.create_site_key(site_key(1, "p")).await.unwrap();
    assert_eq!(store.delete_site_key(&project("q"), &site_key_id(1)).await, Ok(false));
    assert_eq!(store.delete_site_key(&project("p"), &site_key_id(1)).await, Ok(true));
    assert_eq!(store.delete_site_key(&project("p"), &site_key_id(1)).await, Ok(false));
    assert_eq!(store.site_key(&site_key_id(1)).await, Ok(None));
    assert_eq!(store.site_key_by_secret(&SecretHash([1; 32])).await, Ok(None));
    assert_eq!(store.site_keys(Some(&project("p")), None, 10).await, Ok(vec![]));
    store.create_site_key(site_key(1, "q")).await.unwrap();
}
