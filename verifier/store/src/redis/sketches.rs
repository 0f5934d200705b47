//! Sketches of visits. Each bucket keeps its own in the order of their numbers; a number is the time, a step within it and the
//! bucket (48, 10 and 6 bits), so that they sort by time across buckets without a counter that everybody waits for.

use super::{
    RedisStore,
    forms::corrupt,
    link::Call,
    names::{BUCKETS, Bucket, SKETCHES},
};
use crate::{KeptSketch, Millis, StoreError};

/// See [`Store::sketches`](crate::Store::sketches).
pub(super) async fn list(
    store: &RedisStore,
    after: u64,
    since: Millis,
    limit: u32,
) -> Result<Vec<KeptSketch>, StoreError> {
    let (mut found, limit) = (Vec::new(), limit as usize);
    let mut from = after.checked_add(1).map(|next| next.max(first_of(since)));
    while let Some(first) = from
        && found.len() < limit
    {
        // Buckets fill alike, so a little more than its share from each is mostly enough.
        let wanted = limit - found.len();
        let share = wanted.min(wanted / usize::from(BUCKETS) * 2 + 16);
        let pages: Vec<Vec<Vec<u8>>> = store
            .link
            .wave(Bucket::all().map(|bucket| {
                Call::read("ZRANGEBYLEX")
                    .key(store.names.part(bucket, SKETCHES))
                    .arg([b"[", &first.to_be_bytes()[..]].concat())
                    .arg("+")
                    .arg("LIMIT")
                    .number(0)
                    .number(share)
            }))
            .await?;
        let mut all = Vec::new();
        // Behind the end of a page that is full, its bucket may have some that come before those of others.
        let mut sure = u64::MAX;
        for page in pages {
            let is_full = page.len() == share;
            let page = page.iter().map(|member| kept(member));
            let page = page.collect::<Result<Vec<_>, _>>()?;
            if let (true, Some(last)) = (is_full, page.last()) {
                sure = sure.min(last.number);
            }
            all.extend(page);
        }
        all.retain(|sketch| sketch.number <= sure);
        all.sort_by_key(|sketch| sketch.number);
        found.append(&mut all);
        from = sure.checked_add(1);
    }
    found.truncate(limit);
    Ok(found)
}

/// See [`Store::prune_sketches`](crate::Store::prune_sketches).
pub(super) async fn prune(
    store: &RedisStore,
    before: Millis,
    most: u64,
    step: u64,
) -> Result<u64, StoreError> {
    let mut removed = remove_below(store, first_of(before)).await?;
    let calls =
        Bucket::all().map(|bucket| Call::read("ZCARD").key(store.names.part(bucket, SKETCHES)));
    let counts: Vec<u64> = store.link.wave(calls).await?;
    let mut over = counts.iter().sum::<u64>().saturating_sub(most);
    while over > 0 {
        let limit = u32::try_from(over.min(step)).unwrap_or(u32::MAX);
        let oldest = list(store, 0, Millis(0), limit).await?;
        let Some(last) = oldest.last() else { break };
        let gone = remove_below(store, last.number.saturating_add(1)).await?;
        removed += gone;
        over = over.saturating_sub(gone.max(1));
    }
    Ok(removed)
}

async fn remove_below(store: &RedisStore, first: u64) -> Result<u64, StoreError> {
    let calls = Bucket::all().map(|bucket| {
        Call::write("ZREMRANGEBYLEX")
            .key(store.names.part(bucket, SKETCHES))
            .arg("-")
            .arg([b"(", &first.to_be_bytes()[..]].concat())
    });
    let removed: Vec<u64> = store.link.wave(calls).await?;
    Ok(removed.iter().sum())
}

/// The lowest number that a sketch of this time can have.
fn first_of(time: Millis) -> u64 {
    time.0.min((1 << 48) - 1) << 16
}

pub(super) fn kept(member: &[u8]) -> Result<KeptSketch, StoreError> {
    let (number, bytes) = member
        .split_first_chunk()
        .ok_or_else(|| corrupt("a sketch is too short".into()))?;
    Ok(KeptSketch {
        number: u64::from_be_bytes(*number),
        bytes: bytes.to_vec(),
    })
}
