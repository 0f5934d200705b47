//! Ids that may be taken once.

use rusqlite::{Connection, params};

use crate::{Millis, StoreError, TAKEN_LIFE_MS};

/// `true` for the call that took the id.
pub(super) fn take(
    connection: &Connection,
    id: &[u8; 16],
    now: Millis,
) -> Result<bool, StoreError> {
    let sql = "INSERT INTO taken (id, at) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    Ok(connection
        .prepare_cached(sql)?
        .execute(params![id.as_slice(), now])?
        > 0)
}

/// Removes up to `limit` of the ids whose life is over.
pub(super) fn prune(connection: &Connection, now: Millis, limit: u32) -> Result<u64, StoreError> {
    let sql =
        "DELETE FROM taken WHERE id IN (SELECT id FROM taken WHERE at < ?1 ORDER BY at LIMIT ?2)";
    Ok(connection
        .prepare_cached(sql)?
        .execute(params![now.before(TAKEN_LIFE_MS), limit])? as u64)
}
