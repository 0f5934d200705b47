//! Messages that wait to be sent.

use rusqlite::{Connection, params};

use crate::{MAX_WAITING_MESSAGES, Millis, StoreError, WaitingMessage};

/// See [`Store::queue_message`](crate::Store::queue_message). Runs inside the writer's transaction.
pub(super) fn queue(
    connection: &Connection,
    message: &WaitingMessage,
    due_at: Millis,
) -> Result<(), StoreError> {
    let sql = "SELECT count(*) FROM message WHERE id <> ?1";
    let waiting: u32 = connection
        .prepare_cached(sql)?
        .query_row([message.id], |row| row.get(0))?;
    if waiting >= MAX_WAITING_MESSAGES {
        return Err(StoreError::Full {
            most: MAX_WAITING_MESSAGES,
        });
    }
    let sql =
        "INSERT OR REPLACE INTO message (id, sealed, due_at, dead_at) VALUES (?1, ?2, ?3, ?4)";
    connection.prepare_cached(sql)?.execute(params![
        message.id,
        message.sealed,
        due_at,
        message.dead_at
    ])?;
    Ok(())
}

/// See [`Store::claim_messages`](crate::Store::claim_messages). Runs inside the writer's transaction.
pub(super) fn claim(
    connection: &Connection,
    now: Millis,
    lease_ms: u64,
    limit: u32,
) -> Result<Vec<WaitingMessage>, StoreError> {
    let sql = "DELETE FROM message WHERE dead_at <= ?1";
    connection.prepare_cached(sql)?.execute([now])?;
    let sql = "SELECT id, sealed, dead_at FROM message WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let due = statement.query_map(params![now, limit], |row| {
        Ok(WaitingMessage {
            id: row.get(0)?,
            sealed: row.get(1)?,
            dead_at: row.get(2)?,
        })
    })?;
    let due: Vec<WaitingMessage> = due.collect::<Result<_, _>>()?;
    for message in &due {
        postpone(connection, &message.id, now.after(lease_ms))?;
    }
    Ok(due)
}

pub(super) fn postpone(
    connection: &Connection,
    id: &[u8; 16],
    due_at: Millis,
) -> Result<bool, StoreError> {
    let sql = "UPDATE message SET due_at = ?2 WHERE id = ?1";
    Ok(connection
        .prepare_cached(sql)?
        .execute(params![id, due_at])?
        > 0)
}

pub(super) fn drop_one(connection: &Connection, id: &[u8; 16]) -> Result<bool, StoreError> {
    let sql = "DELETE FROM message WHERE id = ?1";
    Ok(connection.prepare_cached(sql)?.execute([id])? > 0)
}
