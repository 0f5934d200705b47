//! API keys. Each lies in the slot of its hash, by which it is looked up; a pointer leads there from its id.

use super::{
    RedisStore,
    forms::{ApiKeyForm, corrupt, decode, encode, number},
    link::Call,
    pointers::{self, Pointed},
    scripts, whole,
};
use crate::{ApiKey, ApiKeyHash, ApiKeyId, Millis, ProjectId, StoreError};

pub(super) async fn create(store: &RedisStore, key: &ApiKey) -> Result<(), StoreError> {
    let id = store.names.api_key_id(&key.id);
    let pointed = pointers::point(store, &id, &key.hash.0).await?;
    if pointed == Pointed::Elsewhere {
        return Err(StoreError::AlreadyExists);
    }
    pointers::enlist(store, store.names.api_keys(&key.project), key.id.as_str()).await?;
    let name = store.names.api_key(&key.hash);
    let revoked_at = key.revoked_at.map(|at| whole(at).to_string());
    let call = Call::run(&scripts::CREATE_API_KEY)
        .key(store.names.answer(&name, store.link.attempt()))
        .key(name)
        .arg(encode(&ApiKeyForm::from(key))?)
        .arg(revoked_at.unwrap_or_default());
    let answer: String = store.link.call(call).await?;
    if answer == "made" {
        return Ok(());
    }
    if pointed == Pointed::Now {
        pointers::unpoint(store, &id, &key.hash.0).await?;
    }
    Err(StoreError::AlreadyExists)
}

pub(super) async fn by_hash(
    store: &RedisStore,
    hash: &ApiKeyHash,
) -> Result<Option<ApiKey>, StoreError> {
    let kept = store.link.call(read(store, hash)).await?;
    let key = from_kept(*hash, kept)?;
    Ok(key.filter(|key| key.revoked_at.is_none()))
}

pub(super) async fn list(
    store: &RedisStore,
    project: &ProjectId,
) -> Result<Vec<ApiKey>, StoreError> {
    let (mut keys, mut after) = (Vec::new(), None);
    loop {
        let index = store.names.api_keys(project);
        let page = pointers::page(store, index, after.as_deref(), PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(keys);
        };
        after = Some(last.clone());
        let ids = page.iter().map(|id| id.parse::<ApiKeyId>());
        let ids = ids.collect::<Result<Vec<_>, _>>()?;
        let follow = ids
            .iter()
            .map(|id| Call::read("GET").key(store.names.api_key_id(id)));
        let hashes: Vec<Option<Vec<u8>>> = store.link.wave(follow).await?;
        let hashes = hashes.into_iter().flatten().map(hash_from);
        let hashes = hashes.collect::<Result<Vec<_>, _>>()?;
        let found = store.link.wave(hashes.iter().map(|hash| read(store, hash)));
        for (hash, kept) in hashes.iter().zip(found.await?) {
            let key = from_kept(*hash, kept)?;
            keys.extend(key.filter(|key| key.project == *project && ids.contains(&key.id)));
        }
    }
}

/// See [`Store::revoke_api_key`](crate::Store::revoke_api_key).
pub(super) async fn revoke(
    store: &RedisStore,
    id: &ApiKeyId,
    now: Millis,
) -> Result<bool, StoreError> {
    let Some(hash) = pointers::follow(store, store.names.api_key_id(id)).await? else {
        return Ok(false);
    };
    let name = store.names.api_key(&hash_from(hash)?);
    let call = Call::run(&scripts::REVOKE_API_KEY)
        .key(store.names.answer(&name, store.link.attempt()))
        .key(name)
        .number(whole(now));
    store.link.call(call).await.map(super::is_yes)
}

fn read(store: &RedisStore, hash: &ApiKeyHash) -> Call {
    Call::read("HMGET")
        .key(store.names.api_key(hash))
        .arg("record")
        .arg("revoked")
}

type Kept = (Option<Vec<u8>>, Option<Vec<u8>>);

fn from_kept(hash: ApiKeyHash, (record, revoked): Kept) -> Result<Option<ApiKey>, StoreError> {
    let Some(record) = record else {
        return Ok(None);
    };
    let revoked_at = revoked.map(|at| number(&at).map(Millis)).transpose()?;
    let form: ApiKeyForm = decode(&record)?;
    form.into_key(hash, revoked_at).map(Some)
}

fn hash_from(bytes: Vec<u8>) -> Result<ApiKeyHash, StoreError> {
    let hash = bytes.try_into();
    hash.map(ApiKeyHash)
        .map_err(|_| corrupt("the hash of an API key".into()))
}

const PAGE: usize = 1_000;
