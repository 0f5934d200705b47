//! Site keys. Each lies in the slot of its own name; a pointer leads there from its secret, and two lists name it. The key
//! itself is written last and deleted first: a pointer or a name that leads nowhere says nothing.

use super::{
    RedisStore, counts,
    forms::{self, SiteKeyFixed, SiteKeySettings, decode, encode, number, text},
    link::Call,
    pointers::{self, Pointed},
    scripts,
};
use crate::{ProjectId, SecretHash, SiteKey, SiteKeyId, StoreError};

pub(super) async fn create(store: &RedisStore, key: &SiteKey) -> Result<(), StoreError> {
    let secret = store.names.secret(&key.secret_hash);
    let pointed = pointers::point(store, &secret, key.id.as_str().as_bytes()).await?;
    if pointed == Pointed::Elsewhere {
        return Err(StoreError::AlreadyExists);
    }
    for list in [None, Some(&key.project)] {
        pointers::enlist(store, store.names.site_keys(list), key.id.as_str()).await?;
    }
    let name = store.names.site_key(&key.id);
    let call = Call::run(&scripts::CREATE_SITE_KEY)
        .key(store.names.answer(&name, store.link.attempt()))
        .key(name)
        .arg(key.project.as_str())
        .number(key.revision)
        .arg(encode(&SiteKeyFixed::from(key))?)
        .arg(encode(&SiteKeySettings::from(key))?);
    let answer: String = store.link.call(call).await?;
    if answer == "made" {
        return Ok(());
    }
    if pointed == Pointed::Now {
        pointers::unpoint(store, &secret, key.id.as_str().as_bytes()).await?;
    }
    Err(StoreError::AlreadyExists)
}

pub(super) async fn by_id(
    store: &RedisStore,
    id: &SiteKeyId,
) -> Result<Option<SiteKey>, StoreError> {
    let kept = store.link.call(read(store, id)).await?;
    from_kept(id.as_str(), kept)
}

pub(super) async fn by_secret(
    store: &RedisStore,
    hash: &SecretHash,
) -> Result<Option<SiteKey>, StoreError> {
    let Some(id) = pointers::follow(store, store.names.secret(hash)).await? else {
        return Ok(None);
    };
    let key = by_id(store, &text(&id)?.parse()?).await?;
    Ok(key.filter(|key| key.secret_hash == *hash))
}

pub(super) async fn list(
    store: &RedisStore,
    project: Option<&ProjectId>,
    after: Option<&SiteKeyId>,
    limit: u32,
) -> Result<Vec<SiteKey>, StoreError> {
    let (mut keys, limit) = (Vec::new(), limit as usize);
    let mut after = after.map(|id| id.as_str().to_owned());
    while keys.len() < limit {
        let index = store.names.site_keys(project);
        let page = pointers::page(store, index, after.as_deref(), limit - keys.len()).await?;
        let Some(last) = page.last().cloned() else {
            break;
        };
        let ids: Vec<SiteKeyId> = page.iter().map(|id| id.parse()).collect::<Result<_, _>>()?;
        let found = store
            .link
            .wave(ids.iter().map(|id| read(store, id)))
            .await?;
        for (id, kept) in page.iter().zip(found) {
            let key = from_kept(id, kept)?;
            keys.extend(key.filter(|key| project.is_none_or(|project| key.project == *project)));
        }
        after = Some(last);
    }
    Ok(keys)
}

/// See [`Store::update_site_key`](crate::Store::update_site_key).
pub(super) async fn update(store: &RedisStore, key: &SiteKey) -> Result<bool, StoreError> {
    let name = store.names.site_key(&key.id);
    let call = Call::run(&scripts::UPDATE_SITE_KEY)
        .key(store.names.answer(&name, store.link.attempt()))
        .key(name)
        .arg(key.project.as_str())
        .number(key.revision)
        .number(key.revision.wrapping_add(1))
        .arg(encode(&SiteKeySettings::from(key))?);
    store.link.call(call).await.map(super::is_yes)
}

/// Deletes the key with its overrides and counts.
pub(super) async fn delete(
    store: &RedisStore,
    project: &ProjectId,
    id: &SiteKeyId,
) -> Result<bool, StoreError> {
    let Some(key) = by_id(store, id).await? else {
        return Ok(false);
    };
    let name = store.names.site_key(id);
    let call = Call::run(&scripts::DELETE_SITE_KEY)
        .key(store.names.answer(&name, store.link.attempt()))
        .key(name)
        .key(store.names.ip_overrides(id))
        .arg(project.as_str());
    if !super::is_yes(store.link.call(call).await?) {
        return Ok(false);
    }
    let secret = store.names.secret(&key.secret_hash);
    pointers::unpoint(store, &secret, id.as_str().as_bytes()).await?;
    for list in [None, Some(project)] {
        pointers::delist(store, store.names.site_keys(list), id.as_str()).await?;
    }
    counts::delete(store, id).await?;
    Ok(true)
}

type Kept = (
    Option<String>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
);

fn read(store: &RedisStore, id: &SiteKeyId) -> Call {
    Call::read("HMGET")
        .key(store.names.site_key(id))
        .arg("project")
        .arg("revision")
        .arg("fixed")
        .arg("settings")
}

fn from_kept(id: &str, kept: Kept) -> Result<Option<SiteKey>, StoreError> {
    let (Some(project), Some(revision), Some(fixed), Some(settings)) = kept else {
        return Ok(None);
    };
    let fixed: SiteKeyFixed = decode(&fixed)?;
    let settings: SiteKeySettings = decode(&settings)?;
    forms::site_key(id, &project, number(&revision)?, fixed, settings).map(Some)
}
