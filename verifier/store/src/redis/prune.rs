//! What is over is removed, in steps that let others in between. What the second factor leaves behind ends by itself.

use futures_util::future::try_join_all;

use super::{
    PRUNE_STEP, RedisStore, assessments, counts, first_answers, marks, names::Bucket, profiles,
    taken,
};
use crate::{Millis, Pruned, StoreError};

/// See [`Store::prune`](crate::Store::prune).
pub(super) async fn prune(
    store: &RedisStore,
    now: Millis,
    retention_ms: u64,
) -> Result<Pruned, StoreError> {
    let buckets = Bucket::all().map(|bucket| prune_bucket(store, bucket, now, retention_ms));
    let buckets = try_join_all(buckets).await?;
    let sum = |of: fn(&Pruned) -> u64| buckets.iter().map(of).sum();
    Ok(Pruned {
        spent_marks: sum(|pruned| pruned.spent_marks),
        first_answers: sum(|pruned| pruned.first_answers),
        taken: sum(|pruned| pruned.taken),
        assessments: sum(|pruned| pruned.assessments),
        counts: sum(|pruned| pruned.counts),
        factors: 0,
    })
}

/// See [`Store::prune_profiles`](crate::Store::prune_profiles).
pub(super) async fn profiles(store: &RedisStore, before: Millis) -> Result<u64, StoreError> {
    let buckets = Bucket::all().map(|bucket| profiles_of(store, bucket, before));
    Ok(try_join_all(buckets).await?.into_iter().sum())
}

async fn profiles_of(
    store: &RedisStore,
    bucket: Bucket,
    before: Millis,
) -> Result<u64, StoreError> {
    let mut pruned = 0;
    loop {
        let removed = profiles::prune(store, bucket, before, PRUNE_STEP).await?;
        pruned += removed;
        if removed < PRUNE_STEP {
            return Ok(pruned);
        }
    }
}

async fn prune_bucket(
    store: &RedisStore,
    bucket: Bucket,
    now: Millis,
    retention_ms: u64,
) -> Result<Pruned, StoreError> {
    let cutoff = now.before(retention_ms);
    let mut pruned = Pruned {
        spent_marks: marks::prune(store, bucket, now).await?,
        ..Pruned::default()
    };
    // Each step is a script of its own, so others get in between.
    loop {
        let removed = first_answers::prune(store, bucket, now, PRUNE_STEP).await?;
        pruned.first_answers += removed;
        if removed < PRUNE_STEP {
            break;
        }
    }
    loop {
        let removed = taken::prune(store, bucket, now, PRUNE_STEP).await?;
        pruned.taken += removed;
        if removed < PRUNE_STEP {
            break;
        }
    }
    loop {
        let removed = assessments::prune(store, bucket, cutoff, PRUNE_STEP).await?;
        pruned.assessments += removed;
        if removed < PRUNE_STEP {
            break;
        }
    }
    loop {
        let (days, removed) = counts::prune(store, bucket, now.day(), PRUNE_STEP).await?;
        pruned.counts += removed;
        if days < PRUNE_STEP {
            return Ok(pruned);
        }
    }
}
