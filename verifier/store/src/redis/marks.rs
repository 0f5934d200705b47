//! The low-water mark, and what becomes of spent marks.
//!
//! Each bucket has a low-water mark of its own beside the marks that it guards, so that one script sees both. Spent marks have no
//! expiry in Redis: it would take them away by a clock that nobody here knows, and without raising the low-water mark.
//! They lie in one hash for each minute of their tokens' time, so that forgetting a minute costs as little as an expiry.

use super::{
    RedisStore,
    forms::number,
    link::Call,
    names::{Bucket, SPENT, SPENT_MINUTES},
    scripts, whole,
};
use crate::{Millis, SPENT_MARK_LIFE_MS, StoreError};

/// Gives the buckets that have none a low-water mark.
pub(super) async fn create(store: &RedisStore, now: Millis) -> Result<(), StoreError> {
    let calls = Bucket::all().map(|bucket| {
        Call::write("SETNX")
            .key(store.names.low_water_mark(bucket))
            .number(whole(now))
    });
    let _: Vec<u8> = store.link.wave(calls).await?;
    Ok(())
}

/// The lowest of all buckets: below it no token is valid.
pub(super) async fn low_water_mark(store: &RedisStore) -> Result<Millis, StoreError> {
    let calls =
        Bucket::all().map(|bucket| Call::read("GET").key(store.names.low_water_mark(bucket)));
    let marks: Vec<Option<Vec<u8>>> = store.link.wave(calls).await?;
    // A bucket that was emptied gets its mark, a high one, with the next token.
    let marks = marks.iter().flatten().map(|mark| number(mark));
    let marks = marks.collect::<Result<Vec<u64>, _>>()?;
    let lowest = marks.into_iter().min();
    lowest.map(Millis).ok_or_else(|| {
        StoreError::Unavailable("the store was emptied; its low-water marks are gone".into())
    })
}

/// See [`Store::raise_low_water_mark`](crate::Store::raise_low_water_mark).
pub(super) async fn raise(store: &RedisStore, to: Millis) -> Result<(), StoreError> {
    let calls = Bucket::all().map(|bucket| {
        Call::run(&scripts::RAISE)
            .key(store.names.low_water_mark(bucket))
            .number(whole(to))
    });
    let _: Vec<u64> = store.link.wave(calls).await?;
    Ok(())
}

/// Removes the marks of a bucket's minutes whose life is over, and raises its low-water mark just past them.
pub(super) async fn prune(
    store: &RedisStore,
    bucket: Bucket,
    now: Millis,
) -> Result<u64, StoreError> {
    let call = Call::run(&scripts::PRUNE_MARKS)
        .key(store.names.low_water_mark(bucket))
        .key(store.names.part(bucket, SPENT_MINUTES))
        .number(now.before(SPENT_MARK_LIFE_MS).0 / MINUTE_MS)
        .arg(store.names.part(bucket, SPENT));
    store.link.call(call).await
}

pub(super) const MINUTE_MS: u64 = 60_000;
