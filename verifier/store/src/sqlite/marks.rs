//! Spent marks and the low-water mark below which every token counts as spent.

use rusqlite::{Connection, params};

use crate::{Millis, SPENT_MARK_LIFE_MS, StoreError, TokenId};

/// Marks a token as spent. `true` when this call did it; `false` when it was spent before or its time is below the
/// low-water mark.
pub(super) fn spend(connection: &Connection, token: &TokenId) -> Result<bool, StoreError> {
    let sql = "INSERT INTO spent (token_id) SELECT ?1 WHERE ?2 >= (SELECT low_water_mark FROM store) \
               ON CONFLICT DO NOTHING";
    let marked = connection
        .prepare_cached(sql)?
        .execute(params![token, token.time()])?;
    Ok(marked > 0)
}

pub(super) fn low_water_mark(connection: &Connection) -> Result<Millis, StoreError> {
    let sql = "SELECT low_water_mark FROM store";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([], |row| row.get(0))?)
}

pub(super) fn raise_low_water_mark(connection: &Connection, to: Millis) -> Result<(), StoreError> {
    let sql =
        "UPDATE store SET low_water_mark = ?1 WHERE low_water_mark < ?1 OR low_water_mark = ?2";
    connection
        .prepare_cached(sql)?
        .execute([to, Millis::NEVER])?;
    Ok(())
}

/// Removes up to `limit` of the marks whose life is over, the oldest first, and raises the low-water mark just past
/// them, so that their tokens stay refused.
///
/// Not further than needed: after a clock that had jumped ahead is set back, only tokens older than the last removed
/// mark are lost, instead of all until the clock arrives there again.
pub(super) fn prune(connection: &Connection, now: Millis, limit: u32) -> Result<u64, StoreError> {
    let cutoff = TokenId::new(now.before(SPENT_MARK_LIFE_MS), [0; 10]);
    let sql = "SELECT max(token_id) FROM \
               (SELECT token_id FROM spent WHERE token_id < ?1 ORDER BY token_id LIMIT ?2)";
    let last: Option<TokenId> = connection
        .prepare_cached(sql)?
        .query_row(params![cutoff, limit], |row| row.get(0))?;
    let Some(last) = last else { return Ok(0) };
    raise_low_water_mark(connection, last.time().after(1))?;
    let sql = "DELETE FROM spent WHERE token_id <= ?1";
    Ok(connection.prepare_cached(sql)?.execute([last])? as u64)
}
