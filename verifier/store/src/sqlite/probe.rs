use rusqlite::{Connection, OptionalExtension, params};

use crate::StoreError;

/// Writes what an assessment with a large answer would. A probe of one byte finds room in the last page of a full disk
/// and calls healthy what refuses every assessment.
pub(super) fn write(connection: &Connection) -> Result<(), StoreError> {
    let sql = "SELECT count FROM probe";
    let last: Option<u8> = connection
        .prepare_cached(sql)?
        .query_row([], |row| row.get(0))
        .optional()?;
    // SQLite does not write a page whose content stays the same, so the bytes differ from the last ones.
    let count = last.unwrap_or(0).wrapping_add(1);
    let sql = "INSERT OR REPLACE INTO probe (one, count, bytes) VALUES (1, ?1, ?2)";
    connection
        .prepare_cached(sql)?
        .execute(params![count, [count; PROBE_BYTES].as_slice()])?;
    Ok(())
}

const PROBE_BYTES: usize = 32 * 1024;
