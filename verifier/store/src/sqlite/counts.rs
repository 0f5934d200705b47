//! What is counted per site key and day.

use rusqlite::{Connection, params};

use crate::{
    AssessmentRecord, COUNT_LIFE_DAYS, ChallengeCounts, Counts, Day, MAX_COUNTED_ACTIONS,
    ScoreCount, SiteKeyId, StoreError,
};

/// Counts a valid assessment. Runs inside its transaction.
pub(super) fn count_score(
    connection: &Connection,
    record: &AssessmentRecord,
    day: Day,
) -> Result<(), StoreError> {
    // In range: the record's own row was accepted, which checks the score.
    let bucket = (record.score * 100.0).round() as u8;
    let key = &record.site_key;
    let sql = "UPDATE score_count SET count = count + 1 \
               WHERE site_key = ?1 AND day = ?2 AND action = ?3 AND bucket = ?4";
    let mut add = connection.prepare_cached(sql)?;
    if add.execute(params![key, day.0, record.action, bucket])? > 0 {
        return Ok(());
    }
    let action = match is_told_apart(connection, key, day, &record.action)? {
        true => &record.action,
        false => "",
    };
    let sql = "INSERT INTO score_count (site_key, day, action, bucket, count) VALUES (?1, ?2, ?3, ?4, 1) \
               ON CONFLICT DO UPDATE SET count = count + 1";
    connection
        .prepare_cached(sql)?
        .execute(params![key, day.0, action, bucket])?;
    Ok(())
}

/// See [`Store::count_challenges`](crate::Store::count_challenges).
pub(super) fn count_challenges(
    connection: &Connection,
    key: &SiteKeyId,
    day: Day,
    more: ChallengeCounts,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO challenge_count (site_key, day, page_loads, no_captcha, failed, passed) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET \
               page_loads = page_loads + excluded.page_loads, no_captcha = no_captcha + excluded.no_captcha, \
               failed = failed + excluded.failed, passed = passed + excluded.passed";
    let ChallengeCounts {
        page_loads,
        no_captcha,
        failed,
        passed,
    } = more;
    connection
        .prepare_cached(sql)?
        .execute(params![key, day.0, page_loads, no_captcha, failed, passed])?;
    Ok(())
}

pub(super) fn get(connection: &Connection, key: &SiteKeyId) -> Result<Counts, StoreError> {
    let sql = "SELECT day, action, bucket, count FROM score_count WHERE site_key = ?1 ORDER BY day, action, bucket";
    let mut statement = connection.prepare_cached(sql)?;
    let scores = statement.query_map([key], |row| {
        let count: i64 = row.get(3)?;
        Ok(ScoreCount {
            day: Day(row.get(0)?),
            action: row.get(1)?,
            bucket: row.get(2)?,
            count: count.unsigned_abs(),
        })
    })?;
    let scores = scores.collect::<Result<_, _>>()?;
    let sql = "SELECT day, page_loads, no_captcha, failed, passed FROM challenge_count WHERE site_key = ?1 ORDER BY day";
    let mut statement = connection.prepare_cached(sql)?;
    let challenges = statement.query_map([key], |row| {
        let counts = ChallengeCounts {
            page_loads: row.get(1)?,
            no_captcha: row.get(2)?,
            failed: row.get(3)?,
            passed: row.get(4)?,
        };
        Ok((Day(row.get(0)?), counts))
    })?;
    Ok(Counts {
        scores,
        challenges: challenges.collect::<Result<_, _>>()?,
    })
}

/// Removes up to `limit` counts of days whose life is over on `today`.
pub(super) fn prune(connection: &Connection, today: Day, limit: u32) -> Result<u64, StoreError> {
    let first = today.0.saturating_sub(COUNT_LIFE_DAYS);
    let sql = "DELETE FROM score_count WHERE (site_key, day, action, bucket) IN \
               (SELECT site_key, day, action, bucket FROM score_count WHERE day < ?1 LIMIT ?2)";
    let scores = connection
        .prepare_cached(sql)?
        .execute(params![first, limit])?;
    let sql = "DELETE FROM challenge_count WHERE (site_key, day) IN \
               (SELECT site_key, day FROM challenge_count WHERE day < ?1 LIMIT ?2)";
    let challenges = connection
        .prepare_cached(sql)?
        .execute(params![first, limit])?;
    Ok((scores + challenges) as u64)
}

/// Whether an action has counts of its own on this day, or room for them.
fn is_told_apart(
    connection: &Connection,
    key: &SiteKeyId,
    day: Day,
    action: &str,
) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM score_count WHERE site_key = ?1 AND day = ?2 AND action = ?3";
    if connection
        .prepare_cached(sql)?
        .exists(params![key, day.0, action])?
    {
        return Ok(true);
    }
    let sql = "SELECT count(DISTINCT action) FROM score_count WHERE site_key = ?1 AND day = ?2 AND action <> ''";
    let actions: u32 = connection
        .prepare_cached(sql)?
        .query_row(params![key, day.0], |row| row.get(0))?;
    Ok(actions < MAX_COUNTED_ACTIONS)
}
