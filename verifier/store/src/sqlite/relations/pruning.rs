use std::collections::BTreeSet;

use rusqlite::{Connection, params};

use super::{
    group_of,
    groups::{FreshIds, regroup},
    links::run,
};
use crate::{GroupId, Millis, ProjectId, RelatedAccountId, StoreError};

/// See [`Store::forget_relations`](crate::Store::forget_relations). Runs inside the writer's transaction.
pub(in super::super) fn forget(
    connection: &Connection,
    project: &ProjectId,
    account: RelatedAccountId,
    fresh: GroupId,
) -> Result<bool, StoreError> {
    let group = group_of(connection, project, account)?;
    let is_known = remove(connection, project, account)?;
    if let Some(group) = group {
        regroup(connection, project, group, &mut FreshIds::new(fresh))?;
    }
    Ok(is_known)
}

/// See [`Store::prune_relations`](crate::Store::prune_relations).
pub(in super::super) fn prune(
    connection: &Connection,
    before: Millis,
    fresh: GroupId,
) -> Result<u64, StoreError> {
    let sql = "DELETE FROM common_identifier WHERE (project, identifier) IN \
               (SELECT project, identifier FROM common_identifier WHERE seen_at < ?1 ORDER BY seen_at LIMIT ?2)";
    let common = connection
        .prepare_cached(sql)?
        .execute(params![before, STEP])?;
    let sql =
        "SELECT project, account FROM related_account WHERE seen_at < ?1 ORDER BY seen_at LIMIT ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let old = statement.query_map(params![before, STEP], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let old: Vec<(ProjectId, RelatedAccountId)> = old.collect::<Result<_, _>>()?;
    let mut loosened = BTreeSet::new();
    for (project, account) in &old {
        let group = group_of(connection, project, *account)?;
        loosened.extend(group.map(|group| (project, group)));
        remove(connection, project, *account)?;
    }
    let mut fresh = FreshIds::new(fresh);
    for (project, group) in loosened {
        regroup(connection, project, group, &mut fresh)?;
    }
    Ok((common + old.len()) as u64)
}

fn remove(
    connection: &Connection,
    project: &ProjectId,
    account: RelatedAccountId,
) -> Result<bool, StoreError> {
    let sql = "DELETE FROM shared_identifier WHERE project = ?1 AND account = ?2";
    run(connection, sql, params![project, account])?;
    let sql = "DELETE FROM related_account WHERE project = ?1 AND account = ?2";
    let removed = connection
        .prepare_cached(sql)?
        .execute(params![project, account])?;
    Ok(removed > 0)
}

/// Accounts that one step forgets, each of which may make a group fall apart.
const STEP: u32 = 64;
