//! What is over is removed, in steps that let others in between.

use rusqlite::Connection;

use super::{SqliteStore, assessments, counts, factors, first_answers, marks, taken};
use crate::{Millis, Pruned, StoreError};

/// See [`Store::prune`](crate::Store::prune).
pub(super) async fn prune(
    store: &SqliteStore,
    now: Millis,
    retention_ms: u64,
) -> Result<Pruned, StoreError> {
    let cutoff = now.before(retention_ms);
    Ok(Pruned {
        spent_marks: in_steps(store, move |c, step| marks::prune(c, now, step)).await?,
        first_answers: in_steps(store, move |c, step| first_answers::prune(c, now, step)).await?,
        taken: in_steps(store, move |c, step| taken::prune(c, now, step)).await?,
        factors: in_steps(store, move |c, step| factors::prune(c, now, step)).await?,
        counts: in_steps(store, move |c, step| counts::prune(c, now.day(), step)).await?,
        assessments: in_steps(store, move |c, step| assessments::prune(c, cutoff, step)).await?,
    })
}

/// Repeats a step that removes at most so many rows until it finds fewer. Each step is a write of its own, so others get in between.
pub(super) async fn in_steps<F>(store: &SqliteStore, remove: F) -> Result<u64, StoreError>
where
    F: Fn(&Connection, u32) -> Result<u64, StoreError> + Copy + Send + 'static,
{
    let mut total = 0;
    loop {
        let removed = store.write(move |c| remove(c, PRUNE_STEP)).await?;
        total += removed;
        if removed < u64::from(PRUNE_STEP) {
            return Ok(total);
        }
    }
}

/// Rows removed in one step of pruning: some 10 ms of the writer's time (see the bench).
pub(super) const PRUNE_STEP: u32 = 5_000;
