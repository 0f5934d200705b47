//! Ids that may be taken once.

use super::{
    RedisStore,
    link::Call,
    names::{Bucket, TAKEN, TAKEN_BY_TIME},
    scripts, whole,
};
use crate::{Millis, StoreError, TAKEN_LIFE_MS};

/// `true` for the call that took the id.
pub(super) async fn take(
    store: &RedisStore,
    id: &[u8; 16],
    now: Millis,
) -> Result<bool, StoreError> {
    let bucket = Bucket::of(id);
    let call = Call::run(&scripts::TAKE)
        .key(store.names.part(bucket, TAKEN))
        .key(store.names.part(bucket, TAKEN_BY_TIME))
        .arg(*id)
        .arg(store.link.attempt().0)
        .number(whole(now));
    store.link.call(call).await.map(super::is_yes)
}

/// Removes up to `limit` of a bucket's ids whose life is over.
pub(super) async fn prune(
    store: &RedisStore,
    bucket: Bucket,
    now: Millis,
    limit: u64,
) -> Result<u64, StoreError> {
    let call = Call::run(&scripts::PRUNE_TAKEN)
        .key(store.names.part(bucket, TAKEN))
        .key(store.names.part(bucket, TAKEN_BY_TIME))
        .number(whole(now.before(TAKEN_LIFE_MS)))
        .number(limit);
    store.link.call(call).await
}
