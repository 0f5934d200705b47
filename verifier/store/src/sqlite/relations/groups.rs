use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};

use super::{
    group_of,
    links::{identifiers, run},
};
use crate::{
    GroupId, MAX_GROUP_MEMBERS, Millis, NewRelation, ProjectId, RelatedAccountId, StoreError,
};

/// Ids of the groups that one call makes: the random one that the caller gave, numbered in its last two bytes.
pub(super) struct FreshIds {
    base: GroupId,
    given: u16,
}

impl FreshIds {
    pub(super) fn new(base: GroupId) -> Self {
        Self { base, given: 0 }
    }

    fn next(&mut self) -> GroupId {
        let mut id = self.base;
        id.0[14..].copy_from_slice(&self.given.to_be_bytes());
        self.given = self.given.wrapping_add(1);
        id
    }
}

/// Makes one group of an account and those who are related to it, and of all who are in a group with them; the oldest group's id
/// stays. What would be more than [`MAX_GROUP_MEMBERS`] stays apart.
pub(super) fn unite(
    connection: &Connection,
    new: &NewRelation,
    related: BTreeSet<RelatedAccountId>,
    fresh: &mut FreshIds,
) -> Result<(), StoreError> {
    let mut groups = BTreeSet::new();
    let mut pieces = Vec::new();
    for account in std::iter::once(new.account).chain(related) {
        match group_of(connection, &new.project, account)? {
            Some(group) => _ = groups.insert((born_at(connection, &new.project, group)?, group)),
            None => pieces.push(Piece::Account(account)),
        }
    }
    let groups = groups.into_iter().map(|(_, group)| Piece::Group(group));
    let mut pieces: Vec<_> = groups.chain(pieces).collect();
    while pieces.len() > 1 {
        pieces = gather(connection, new, pieces, fresh)?;
    }
    Ok(())
}

/// Groups the members of a group anew by what they share. The largest part keeps its id, and an account that shares nothing
/// with another leaves. The other parts are as old as the group was.
pub(super) fn regroup(
    connection: &Connection,
    project: &ProjectId,
    group: GroupId,
    fresh: &mut FreshIds,
) -> Result<(), StoreError> {
    let parts = parts(connection, project, group)?;
    let born_at = born_at(connection, project, group)?;
    let mut keeps_id = true;
    for part in parts {
        if let [single] = part[..] {
            let sql = "UPDATE related_account SET group_id = NULL, joined_at = NULL \
                       WHERE project = ?1 AND account = ?2";
            run(connection, sql, params![project, single])?;
        } else if keeps_id {
            keeps_id = false;
        } else {
            let id = create(connection, project, fresh, born_at)?;
            for account in part {
                let sql =
                    "UPDATE related_account SET group_id = ?3 WHERE project = ?1 AND account = ?2";
                run(connection, sql, params![project, account, id])?;
            }
        }
    }
    match keeps_id {
        true => delete(connection, project, group),
        false => Ok(()),
    }
}

enum Piece {
    Group(GroupId),
    Account(RelatedAccountId),
}

/// Adds to the first piece all that it has room for; answers the others. A first piece that is an account becomes a group.
fn gather(
    connection: &Connection,
    new: &NewRelation,
    pieces: Vec<Piece>,
    fresh: &mut FreshIds,
) -> Result<Vec<Piece>, StoreError> {
    let project = &new.project;
    let mut left = Vec::new();
    let mut target = None;
    for piece in pieces {
        match (target, piece) {
            (None, Piece::Group(group)) => {
                target = Some((group, size(connection, project, group)?))
            }
            (None, Piece::Account(account)) => {
                let group = create(connection, project, fresh, new.now)?;
                join(connection, project, account, group, new.now)?;
                target = Some((group, 1));
            }
            (Some((group, members)), Piece::Group(younger)) => {
                let more = size(connection, project, younger)?;
                if members + more <= MAX_GROUP_MEMBERS {
                    let sql = "UPDATE related_account SET group_id = ?3 WHERE project = ?1 AND group_id = ?2";
                    run(connection, sql, params![project, younger, group])?;
                    delete(connection, project, younger)?;
                    target = Some((group, members + more));
                } else {
                    left.push(Piece::Group(younger));
                }
            }
            (Some((group, members)), Piece::Account(account)) if members < MAX_GROUP_MEMBERS => {
                join(connection, project, account, group, new.now)?;
                target = Some((group, members + 1));
            }
            (Some(_), piece) => left.push(piece),
        }
    }
    Ok(left)
}

/// The parts of a group that what its members share still holds together, the largest first.
fn parts(
    connection: &Connection,
    project: &ProjectId,
    group: GroupId,
) -> Result<Vec<Vec<RelatedAccountId>>, StoreError> {
    let sql =
        "SELECT account FROM related_account WHERE project = ?1 AND group_id = ?2 ORDER BY account";
    let mut statement = connection.prepare_cached(sql)?;
    let members = statement.query_map(params![project, group], |row| row.get(0))?;
    let members: Vec<RelatedAccountId> = members.collect::<Result<_, _>>()?;
    let (mut has, mut who) = (BTreeMap::new(), BTreeMap::<_, Vec<_>>::new());
    for account in &members {
        let identifiers = identifiers(connection, project, *account)?;
        for identifier in &identifiers {
            who.entry(*identifier).or_default().push(*account);
        }
        has.insert(*account, identifiers);
    }
    let mut parts = Vec::new();
    for account in members {
        let mut part = BTreeSet::new();
        let mut next = vec![account];
        while let Some(account) = next.pop() {
            // Whoever was reached has no identifiers any more: each is followed once.
            if let Some(identifiers) = has.remove(&account) {
                part.insert(account);
                let reached = identifiers
                    .iter()
                    .filter_map(|identifier| who.remove(identifier));
                next.extend(reached.flatten());
            }
        }
        if !part.is_empty() {
            parts.push(part.into_iter().collect::<Vec<_>>());
        }
    }
    // Stable: of equal ones, that with the smallest account comes first.
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    Ok(parts)
}

fn join(
    connection: &Connection,
    project: &ProjectId,
    account: RelatedAccountId,
    group: GroupId,
    now: Millis,
) -> Result<(), StoreError> {
    let sql = "UPDATE related_account SET group_id = ?3, joined_at = ?4 WHERE project = ?1 AND account = ?2";
    run(connection, sql, params![project, account, group, now])
}

fn create(
    connection: &Connection,
    project: &ProjectId,
    fresh: &mut FreshIds,
    born_at: Millis,
) -> Result<GroupId, StoreError> {
    let id = fresh.next();
    let sql = "INSERT INTO related_group (project, id, born_at) VALUES (?1, ?2, ?3)";
    run(connection, sql, params![project, id, born_at])?;
    Ok(id)
}

fn delete(connection: &Connection, project: &ProjectId, group: GroupId) -> Result<(), StoreError> {
    let sql = "DELETE FROM related_group WHERE project = ?1 AND id = ?2";
    run(connection, sql, params![project, group])
}

fn size(connection: &Connection, project: &ProjectId, group: GroupId) -> Result<u32, StoreError> {
    let sql = "SELECT count(*) FROM related_account WHERE project = ?1 AND group_id = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row(params![project, group], |row| row.get(0))?)
}

fn born_at(
    connection: &Connection,
    project: &ProjectId,
    group: GroupId,
) -> Result<Millis, StoreError> {
    let sql = "SELECT born_at FROM related_group WHERE project = ?1 AND id = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let born_at = statement.query_row(params![project, group], |row| row.get(0));
    let missing = || StoreError::Corrupt("an account is in a group that is not there".into());
    born_at.optional()?.ok_or_else(missing)
}
