use rusqlite::{Connection, OptionalExtension, params};

use crate::{FIRST_ANSWER_LIFE_MS, FirstAnswer, IdempotencyKey, Millis, RequestHash, StoreError};

pub(super) fn get(
    connection: &Connection,
    key: &IdempotencyKey,
    now: Millis,
) -> Result<Option<FirstAnswer>, StoreError> {
    let sql = "SELECT request, answer FROM first_answer WHERE key = ?1 AND expires_at > ?2";
    let answer = connection
        .prepare_cached(sql)?
        .query_row(params![key, now], |row| {
            Ok(FirstAnswer {
                request: row.get("request")?,
                answer: row.get("answer")?,
            })
        });
    Ok(answer.optional()?)
}

/// Keeps an answer. The caller has seen that no live one is there; one whose life is over gives way.
pub(super) fn put(
    connection: &Connection,
    key: &IdempotencyKey,
    request: &RequestHash,
    answer: &[u8],
    now: Millis,
) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO first_answer (key, request, answer, expires_at) VALUES (?1, ?2, ?3, ?4)";
    let expires_at = now.after(FIRST_ANSWER_LIFE_MS);
    connection
        .prepare_cached(sql)?
        .execute(params![key, request, answer, expires_at])?;
    Ok(())
}

/// Removes up to `limit` of the answers whose life is over.
pub(super) fn prune(connection: &Connection, now: Millis, limit: u32) -> Result<u64, StoreError> {
    let sql = "DELETE FROM first_answer WHERE rowid IN \
               (SELECT rowid FROM first_answer WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)";
    Ok(connection
        .prepare_cached(sql)?
        .execute(params![now, limit])? as u64)
}
