//! The second factor: challenges, addresses that were proved, and how often things may happen.

use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    CodeKept, FactorId, FactorState, Guess, MAX_PROVED, Millis, NewCode, PROVED_LIFE_MS, Proved,
    Quota, StoreError,
};

/// A row of a challenge.
struct Row {
    code: [u8; 32],
    state: FactorState,
    met_by: Option<[u8; 16]>,
}

/// See [`Store::keep_code`](crate::Store::keep_code). Runs inside the writer's transaction.
pub(super) fn keep_code(
    connection: &Connection,
    new: &NewCode,
    now: Millis,
) -> Result<CodeKept, StoreError> {
    let FactorId { account, request } = &new.id;
    let Some(row) = row(connection, &new.id, now)? else {
        let sql = "INSERT OR REPLACE INTO factor (account, request, code, attempts_left, sent_at, ends_at) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let NewCode {
            code,
            attempts,
            ends_at,
            ..
        } = new;
        connection
            .prepare_cached(sql)?
            .execute(params![account, request, code, attempts, now, ends_at])?;
        return Ok(CodeKept::Kept {
            attempts_left: new.attempts,
        });
    };
    let state = row.state;
    if row.met_by.is_some() || state.attempts_left == 0 {
        return Ok(CodeKept::Over);
    }
    if state.sent_at.after(new.again_after_ms) > now {
        return Ok(CodeKept::TooSoon(state));
    }
    let sql = "UPDATE factor SET code = ?3, sent_at = ?4 WHERE account = ?1 AND request = ?2";
    connection
        .prepare_cached(sql)?
        .execute(params![account, request, new.code, now])?;
    Ok(CodeKept::Kept {
        attempts_left: state.attempts_left,
    })
}

pub(super) fn unsend_code(connection: &Connection, id: &FactorId) -> Result<(), StoreError> {
    let sql = "UPDATE factor SET sent_at = 0 WHERE account = ?1 AND request = ?2";
    connection
        .prepare_cached(sql)?
        .execute(params![id.account, id.request])?;
    Ok(())
}

pub(super) fn state(
    connection: &Connection,
    id: &FactorId,
    now: Millis,
) -> Result<Option<FactorState>, StoreError> {
    let row = row(connection, id, now)?;
    let row = row.filter(|row| row.met_by.is_none() && row.state.attempts_left > 0);
    Ok(row.map(|row| row.state))
}

/// See [`Store::guess_code`](crate::Store::guess_code). Runs inside the writer's transaction.
pub(super) fn guess(
    connection: &Connection,
    id: &FactorId,
    now: Millis,
) -> Result<Guess, StoreError> {
    let Some(row) = row(connection, id, now)? else {
        return Ok(Guess::Over);
    };
    if let Some(by) = row.met_by {
        return Ok(Guess::Met { code: row.code, by });
    }
    let Some(attempts_left) = row.state.attempts_left.checked_sub(1) else {
        return Ok(Guess::Exhausted);
    };
    let sql = "UPDATE factor SET attempts_left = ?3 WHERE account = ?1 AND request = ?2";
    connection
        .prepare_cached(sql)?
        .execute(params![id.account, id.request, attempts_left])?;
    Ok(Guess::Counted {
        code: row.code,
        attempts_left,
    })
}

/// See [`Store::prove`](crate::Store::prove). Runs inside the writer's transaction.
pub(super) fn prove(
    connection: &Connection,
    id: &FactorId,
    address: &[u8; 32],
    by: &[u8; 16],
    now: Millis,
) -> Result<bool, StoreError> {
    let sql = "UPDATE factor SET met_by = ?4 \
               WHERE account = ?1 AND request = ?2 AND met_by IS NULL AND ends_at > ?3";
    let met = connection
        .prepare_cached(sql)?
        .execute(params![id.account, id.request, now, by])?;
    if met == 0 {
        return Ok(false);
    }
    let sql = "INSERT INTO proved (account, address, at) VALUES (?1, ?2, ?3) \
               ON CONFLICT DO UPDATE SET at = max(at, ?3)";
    connection
        .prepare_cached(sql)?
        .execute(params![id.account, address, now])?;
    let sql = "DELETE FROM proved WHERE account = ?1 AND address IN \
               (SELECT address FROM proved WHERE account = ?1 ORDER BY at DESC LIMIT -1 OFFSET ?2)";
    connection
        .prepare_cached(sql)?
        .execute(params![id.account, MAX_PROVED])?;
    Ok(true)
}

pub(super) fn proved(
    connection: &Connection,
    account: &[u8; 32],
    now: Millis,
) -> Result<Vec<Proved>, StoreError> {
    let sql = "SELECT address, at FROM proved WHERE account = ?1 AND at >= ?2 ORDER BY at DESC";
    let mut statement = connection.prepare_cached(sql)?;
    let since = now.before(PROVED_LIFE_MS);
    let proved = statement.query_map(params![account, since], |row| {
        Ok(Proved {
            address: row.get(0)?,
            at: row.get(1)?,
        })
    })?;
    Ok(proved.collect::<Result<_, _>>()?)
}

/// See [`Store::forget_factors`](crate::Store::forget_factors). Runs inside the writer's transaction.
pub(super) fn forget(connection: &Connection, account: &[u8; 32]) -> Result<bool, StoreError> {
    let sql = "DELETE FROM factor WHERE account = ?1";
    let challenges = connection.prepare_cached(sql)?.execute([account])?;
    let sql = "DELETE FROM proved WHERE account = ?1";
    let proved = connection.prepare_cached(sql)?.execute([account])?;
    Ok(challenges + proved > 0)
}

/// See [`Store::use_quotas`](crate::Store::use_quotas). Runs inside the writer's transaction.
pub(super) fn use_quotas(
    connection: &Connection,
    quotas: &[Quota],
    now: Millis,
) -> Result<Option<usize>, StoreError> {
    let sql = "SELECT count FROM quota WHERE id = ?1 AND ends_at > ?2";
    let mut counted = connection.prepare_cached(sql)?;
    for (index, quota) in quotas.iter().enumerate() {
        let count: Option<u32> = counted
            .query_row(params![quota.id, now], |row| row.get(0))
            .optional()?;
        if count.unwrap_or(0) >= quota.most {
            return Ok(Some(index));
        }
    }
    let sql = "INSERT INTO quota (id, count, ends_at) VALUES (?1, 1, ?3) ON CONFLICT DO UPDATE SET \
               count = iif(ends_at > ?2, count + 1, 1), ends_at = iif(ends_at > ?2, ends_at, ?3)";
    let mut count = connection.prepare_cached(sql)?;
    for quota in quotas {
        count.execute(params![quota.id, now, now.after(quota.window_ms)])?;
    }
    Ok(None)
}

/// Removes up to `limit` of each kind that are over.
pub(super) fn prune(connection: &Connection, now: Millis, limit: u32) -> Result<u64, StoreError> {
    let mut removed = 0;
    for sql in [
        "DELETE FROM factor WHERE (account, request) IN \
         (SELECT account, request FROM factor WHERE ends_at <= ?1 ORDER BY ends_at LIMIT ?2)",
        "DELETE FROM quota WHERE id IN (SELECT id FROM quota WHERE ends_at <= ?1 ORDER BY ends_at LIMIT ?2)",
        "DELETE FROM message WHERE id IN (SELECT id FROM message WHERE dead_at <= ?1 ORDER BY dead_at LIMIT ?2)",
    ] {
        removed += connection
            .prepare_cached(sql)?
            .execute(params![now, limit])?;
    }
    let sql = "DELETE FROM proved WHERE (account, address) IN \
               (SELECT account, address FROM proved WHERE at < ?1 ORDER BY at LIMIT ?2)";
    removed += connection
        .prepare_cached(sql)?
        .execute(params![now.before(PROVED_LIFE_MS), limit])?;
    Ok(removed as u64)
}

/// A challenge that is not over by its time.
fn row(connection: &Connection, id: &FactorId, now: Millis) -> Result<Option<Row>, StoreError> {
    let sql = "SELECT code, attempts_left, sent_at, met_by FROM factor \
               WHERE account = ?1 AND request = ?2 AND ends_at > ?3";
    let row = connection
        .prepare_cached(sql)?
        .query_row(params![id.account, id.request, now], |row| {
            Ok(Row {
                code: row.get(0)?,
                state: FactorState {
                    attempts_left: row.get(1)?,
                    sent_at: row.get(2)?,
                },
                met_by: row.get(3)?,
            })
        })
        .optional()?;
    Ok(row)
}
