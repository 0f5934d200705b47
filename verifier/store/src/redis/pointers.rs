//! What leads to records in other slots: pointers, and lists of names in their order.

use super::{RedisStore, link::Call, scripts};
use crate::StoreError;

/// Where a pointer leads after an attempt to set it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pointed {
    /// There, by this attempt.
    Now,
    /// There, since before.
    Before,
    /// To something else, as before.
    Elsewhere,
}

/// Makes a pointer, unless there is one.
pub(super) async fn point(
    store: &RedisStore,
    pointer: &[u8],
    to: &[u8],
) -> Result<Pointed, StoreError> {
    let call = Call::run(&scripts::POINT)
        .key(store.names.answer(pointer, store.link.attempt()))
        .key(pointer.to_vec())
        .arg(to);
    let answer: String = store.link.call(call).await?;
    Ok(match &answer[..] {
        "made" => Pointed::Now,
        "there" => Pointed::Before,
        _ => Pointed::Elsewhere,
    })
}

/// Removes a pointer that leads there.
pub(super) async fn unpoint(
    store: &RedisStore,
    pointer: &[u8],
    to: &[u8],
) -> Result<(), StoreError> {
    let call = Call::run(&scripts::UNPOINT).key(pointer.to_vec()).arg(to);
    store.link.call(call).await
}

pub(super) async fn follow(
    store: &RedisStore,
    pointer: Vec<u8>,
) -> Result<Option<Vec<u8>>, StoreError> {
    store.link.call(Call::read("GET").key(pointer)).await
}

/// Adds a name to a list.
pub(super) async fn enlist(
    store: &RedisStore,
    list: Vec<u8>,
    name: &str,
) -> Result<(), StoreError> {
    store
        .link
        .call(Call::write("ZADD").key(list).number(0).arg(name))
        .await
}

/// Removes a name from a list.
pub(super) async fn delist(
    store: &RedisStore,
    list: Vec<u8>,
    name: &str,
) -> Result<(), StoreError> {
    store
        .link
        .call(Call::write("ZREM").key(list).arg(name))
        .await
}

/// Up to `limit` names of a list, beginning behind `after`.
pub(super) async fn page(
    store: &RedisStore,
    list: Vec<u8>,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<String>, StoreError> {
    let first = after.map_or("-".to_owned(), |after| format!("({after}"));
    let call = Call::read("ZRANGEBYLEX")
        .key(list)
        .arg(first)
        .arg("+")
        .arg("LIMIT")
        .number(0)
        .number(limit);
    store.link.call(call).await
}
