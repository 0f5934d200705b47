//! What accounts are used to, and how an account is erased.

use rusqlite::{Connection, OptionalExtension, params};

use super::SqliteStore;
use crate::{
    AccountHash, AssessmentId, Forgotten, KeptProfile, Millis, NewProfile, Revision, StoreError,
};

pub(super) fn get(
    connection: &Connection,
    account: &AccountHash,
) -> Result<Option<KeptProfile>, StoreError> {
    let sql = "SELECT profile, revision FROM profile WHERE account = ?1";
    let kept = connection.prepare_cached(sql)?.query_row([account], |row| {
        Ok(KeptProfile {
            profile: row.get(0)?,
            revision: row.get(1)?,
        })
    });
    Ok(kept.optional()?)
}

/// Whether it was written over the one that it was made from.
pub(super) fn write(
    connection: &Connection,
    new: &NewProfile,
    now: Millis,
) -> Result<bool, StoreError> {
    let NewProfile {
        account,
        profile,
        over,
    } = new;
    let revision = Revision::next(*over, now);
    let changed = match over {
        None => {
            let sql = "INSERT INTO profile (account, profile, revision) VALUES (?1, ?2, ?3) \
                       ON CONFLICT (account) DO NOTHING";
            connection
                .prepare_cached(sql)?
                .execute(params![account, profile, revision])?
        }
        Some(over) => {
            let sql = "UPDATE profile SET profile = ?2, revision = ?3 WHERE account = ?1 AND revision = ?4";
            connection
                .prepare_cached(sql)?
                .execute(params![account, profile, revision, over])?
        }
    };
    Ok(changed > 0)
}

/// Removes up to `limit` of those that were written last before `before`.
pub(super) fn prune(
    connection: &Connection,
    before: Millis,
    limit: u32,
) -> Result<u64, StoreError> {
    let sql = "DELETE FROM profile WHERE account IN \
               (SELECT account FROM profile WHERE revision < ?1 ORDER BY revision LIMIT ?2)";
    Ok(connection
        .prepare_cached(sql)?
        .execute(params![before, limit])? as u64)
}

/// See [`Store::forget_account`](crate::Store::forget_account). Reads beside other reads, and writes `step` assessments at a time.
pub(super) async fn forget(
    store: &SqliteStore,
    account: AccountHash,
    step: u32,
) -> Result<Forgotten, StoreError> {
    let mut forgotten = Forgotten {
        profile: store.write(move |c| delete(c, &account)).await?,
        ..Forgotten::default()
    };
    let ids = store.read(move |c| assessments(c, &account)).await?;
    for ids in ids.chunks(step as usize) {
        let ids = ids.to_vec();
        let erased = store.write(move |c| erase(c, &account, &ids)).await?;
        forgotten.assessments += erased.0;
        forgotten.annotations += erased.1;
    }
    Ok(forgotten)
}

/// Whether there was one.
fn delete(connection: &Connection, account: &AccountHash) -> Result<bool, StoreError> {
    let sql = "DELETE FROM profile WHERE account = ?1";
    Ok(connection.prepare_cached(sql)?.execute([account])? > 0)
}

/// The assessments that name the account, or have an annotation that does. There is no index, which each assessment would pay
/// for: this reads all of them.
fn assessments(
    connection: &Connection,
    account: &AccountHash,
) -> Result<Vec<AssessmentId>, StoreError> {
    let sql = "SELECT id FROM assessment WHERE account_hash = ?1 \
               UNION SELECT assessment FROM annotation WHERE account_hash = ?1";
    let mut statement = connection.prepare(sql)?;
    let ids = statement.query_map([account], |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// Erases the account from these assessments and their annotations; answers from how many of each.
fn erase(
    connection: &Connection,
    account: &AccountHash,
    assessments: &[AssessmentId],
) -> Result<(u64, u64), StoreError> {
    let sql = "UPDATE assessment SET account_hash = NULL, visit = NULL WHERE id = ?1 AND account_hash = ?2";
    let mut of_assessment = connection.prepare_cached(sql)?;
    let sql =
        "UPDATE annotation SET account_hash = NULL WHERE assessment = ?1 AND account_hash = ?2";
    let mut of_annotations = connection.prepare_cached(sql)?;
    let mut erased = (0, 0);
    for id in assessments {
        erased.0 += of_assessment.execute(params![id, account])? as u64;
        erased.1 += of_annotations.execute(params![id, account])? as u64;
    }
    Ok(erased)
}
