use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, ToSql, params};

use super::is_old;
use crate::{
    GroupId, MAX_IDENTIFIERS, Millis, NewRelation, ProjectId, RelatedAccountId, SharedIdentifier,
    StoreError,
};

/// What new links mean for groups.
pub(super) struct Change {
    /// Those who share with the account what it did not have before.
    pub related: BTreeSet<RelatedAccountId>,
    /// Groups of those who were linked by what has become common.
    pub loosened: BTreeSet<GroupId>,
}

/// Whether there is anything to write.
pub(super) fn is_news(connection: &Connection, new: &NewRelation) -> Result<bool, StoreError> {
    let seen_at = seen_at(connection, new)?;
    if seen_at.is_some_and(|seen_at| is_old(seen_at, new.now)) {
        return Ok(true);
    }
    if new.identifiers.is_empty() {
        return Ok(false);
    }
    let had = identifiers(connection, &new.project, new.account)?;
    let is_full = had.len() >= MAX_IDENTIFIERS as usize;
    for SharedIdentifier { id, .. } in &new.identifiers {
        if had.contains(id) {
            continue;
        }
        match common_since(connection, &new.project, id)? {
            Some(seen_at) if is_old(seen_at, new.now) => return Ok(true),
            None if !is_full => return Ok(true),
            _ => {}
        }
    }
    Ok(false)
}

/// Links the account to its identifiers.
pub(super) fn link(connection: &Connection, new: &NewRelation) -> Result<Change, StoreError> {
    let mut change = Change {
        related: BTreeSet::new(),
        loosened: BTreeSet::new(),
    };
    let project = &new.project;
    let mut had = identifiers(connection, project, new.account)?;
    let is_known = seen_at(connection, new)?.is_some();
    if is_known {
        let sql = "UPDATE related_account SET seen_at = ?3 WHERE project = ?1 AND account = ?2";
        run(connection, sql, params![project, new.account, new.now])?;
    }
    for shared in &new.identifiers {
        let is_full = had.len() >= MAX_IDENTIFIERS as usize;
        if had.contains(&shared.id) {
            continue;
        }
        if common_since(connection, project, &shared.id)?.is_some() {
            mark_common(connection, new, shared)?;
            continue;
        }
        if is_full {
            continue;
        }
        let others = accounts_with(connection, project, &shared.id)?;
        if others.len() >= usize::from(shared.most) {
            mark_common(connection, new, shared)?;
            change.loosened.extend(loosen(connection, project, shared)?);
            continue;
        }
        if had.is_empty() && !is_known {
            let sql = "INSERT INTO related_account (project, account, name, seen_at) \
                       VALUES (?1, ?2, ?3, ?4)";
            run(
                connection,
                sql,
                params![project, new.account, new.name, new.now],
            )?;
        }
        let sql =
            "INSERT INTO shared_identifier (project, identifier, account) VALUES (?1, ?2, ?3)";
        run(connection, sql, params![project, shared.id, new.account])?;
        had.insert(shared.id);
        change.related.extend(others);
    }
    Ok(change)
}

/// The identifiers that an account has.
pub(super) fn identifiers(
    connection: &Connection,
    project: &ProjectId,
    account: RelatedAccountId,
) -> Result<BTreeSet<[u8; 16]>, StoreError> {
    let sql = "SELECT identifier FROM shared_identifier WHERE project = ?1 AND account = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map(params![project, account], |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn accounts_with(
    connection: &Connection,
    project: &ProjectId,
    identifier: &[u8; 16],
) -> Result<Vec<RelatedAccountId>, StoreError> {
    let sql = "SELECT account FROM shared_identifier WHERE project = ?1 AND identifier = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_map(params![project, identifier], |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Removes the links of an identifier; answers the groups of those whom it linked.
fn loosen(
    connection: &Connection,
    project: &ProjectId,
    shared: &SharedIdentifier,
) -> Result<BTreeSet<GroupId>, StoreError> {
    let sql = "SELECT DISTINCT a.group_id FROM shared_identifier AS s \
               JOIN related_account AS a ON a.project = s.project AND a.account = s.account \
               WHERE s.project = ?1 AND s.identifier = ?2 AND a.group_id IS NOT NULL";
    let mut statement = connection.prepare_cached(sql)?;
    let groups = statement.query_map(params![project, shared.id], |row| row.get(0))?;
    let groups = groups.collect::<Result<_, _>>()?;
    let sql = "DELETE FROM shared_identifier WHERE project = ?1 AND identifier = ?2";
    run(connection, sql, params![project, shared.id])?;
    Ok(groups)
}

fn mark_common(
    connection: &Connection,
    new: &NewRelation,
    shared: &SharedIdentifier,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO common_identifier (project, identifier, seen_at) VALUES (?1, ?2, ?3) \
               ON CONFLICT DO UPDATE SET seen_at = excluded.seen_at";
    run(connection, sql, params![new.project, shared.id, new.now])
}

/// When a common identifier was last seen; none for one that is not common.
fn common_since(
    connection: &Connection,
    project: &ProjectId,
    identifier: &[u8; 16],
) -> Result<Option<Millis>, StoreError> {
    let sql = "SELECT seen_at FROM common_identifier WHERE project = ?1 AND identifier = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let seen_at = statement.query_row(params![project, identifier], |row| row.get(0));
    Ok(seen_at.optional()?)
}

fn seen_at(connection: &Connection, new: &NewRelation) -> Result<Option<Millis>, StoreError> {
    let sql = "SELECT seen_at FROM related_account WHERE project = ?1 AND account = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let seen_at = statement.query_row(params![new.project, new.account], |row| row.get(0));
    Ok(seen_at.optional()?)
}

pub(super) fn run(
    connection: &Connection,
    sql: &str,
    parameters: &[&dyn ToSql],
) -> Result<(), StoreError> {
    connection.prepare_cached(sql)?.execute(parameters)?;
    Ok(())
}
