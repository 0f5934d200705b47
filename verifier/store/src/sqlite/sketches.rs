//! Sketches of visits, in the order in which they were kept.

use rusqlite::{Connection, params};

use crate::{KeptSketch, Millis, StoreError};

/// Keeps one. Runs inside the transaction of its assessment.
pub(super) fn put(connection: &Connection, bytes: &[u8], now: Millis) -> Result<(), StoreError> {
    let sql = "INSERT INTO sketch (kept_at, bytes) VALUES (?1, ?2)";
    connection
        .prepare_cached(sql)?
        .execute(params![now, bytes])?;
    Ok(())
}

pub(super) fn list(
    connection: &Connection,
    after: u64,
    since: Millis,
    limit: u32,
) -> Result<Vec<KeptSketch>, StoreError> {
    let sql = "SELECT number, bytes FROM sketch WHERE number > ?1 AND kept_at >= ?2 \
               ORDER BY number LIMIT ?3";
    let mut statement = connection.prepare_cached(sql)?;
    // Beyond the largest number there is nothing.
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let sketches = statement.query_map(params![after, since, limit], |row| {
        let number: i64 = row.get(0)?;
        Ok(KeptSketch {
            number: number.unsigned_abs(),
            bytes: row.get(1)?,
        })
    })?;
    Ok(sketches.collect::<Result<_, _>>()?)
}

/// Removes up to `limit` of those kept before `before`, or with `most` newer ones.
pub(super) fn prune(
    connection: &Connection,
    before: Millis,
    most: u64,
    limit: u32,
) -> Result<u64, StoreError> {
    let sql = "DELETE FROM sketch WHERE number IN \
               (SELECT number FROM sketch WHERE kept_at < ?1 ORDER BY kept_at LIMIT ?2)";
    let old = connection
        .prepare_cached(sql)?
        .execute(params![before, limit])?;
    let sql = "DELETE FROM sketch WHERE number IN (SELECT number FROM sketch WHERE number <= \
               (SELECT number FROM sketch ORDER BY number DESC LIMIT 1 OFFSET ?1) ORDER BY number LIMIT ?2)";
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let room = i64::from(limit) - old as i64;
    let many = connection
        .prepare_cached(sql)?
        .execute(params![most, room])?;
    Ok((old + many) as u64)
}
