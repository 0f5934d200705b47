//! Accounts that share identifiers, and the groups that come of it; see [`Store::relate`](crate::Store::relate).

mod groups;
mod links;
mod pruning;

use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    GroupId, GroupStanding, LATELY_MS, MAX_RELATED_NAME_BYTES, Member, Millis, NewRelation,
    ProjectId, RelatedAccountId, StoreError,
};
use groups::{FreshIds, regroup, unite};
use links::{Change, link};
pub(super) use pruning::{forget, prune};

/// What is known of an account, if all that `new` tells was told before; none if there is something to write.
pub(super) fn known(
    connection: &Connection,
    new: &NewRelation,
) -> Result<Option<Option<GroupStanding>>, StoreError> {
    match links::is_news(connection, new)? {
        true => Ok(None),
        false => standing(connection, new).map(Some),
    }
}

/// See [`Store::relate`](crate::Store::relate). Runs inside the writer's transaction.
pub(super) fn relate(
    connection: &Connection,
    new: &NewRelation,
) -> Result<Option<GroupStanding>, StoreError> {
    if new.name.len() > MAX_RELATED_NAME_BYTES {
        let what = format!("a name of {} bytes", new.name.len());
        return Err(StoreError::Rejected(what));
    }
    let mut fresh = FreshIds::new(new.fresh);
    let Change { related, loosened } = link(connection, new)?;
    for group in loosened {
        regroup(connection, &new.project, group, &mut fresh)?;
    }
    if !related.is_empty() {
        unite(connection, new, related, &mut fresh)?;
    }
    standing(connection, new)
}

pub(super) fn group_of(
    connection: &Connection,
    project: &ProjectId,
    account: RelatedAccountId,
) -> Result<Option<GroupId>, StoreError> {
    let sql = "SELECT group_id FROM related_account WHERE project = ?1 AND account = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let group = statement.query_row(params![project, account], |row| row.get(0));
    Ok(group.optional()?.flatten())
}

pub(super) fn groups(
    connection: &Connection,
    project: &ProjectId,
    after: Option<GroupId>,
    limit: u32,
) -> Result<Vec<GroupId>, StoreError> {
    let sql = "SELECT id FROM related_group WHERE project = ?1 AND (?2 IS NULL OR id > ?2) \
               ORDER BY id LIMIT ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let groups = statement.query_map(params![project, after, limit], |row| row.get(0))?;
    Ok(groups.collect::<Result<_, _>>()?)
}

pub(super) fn members(
    connection: &Connection,
    project: &ProjectId,
    group: GroupId,
    after: Option<RelatedAccountId>,
    limit: u32,
) -> Result<Option<Vec<Member>>, StoreError> {
    let sql = "SELECT count(*) FROM related_group WHERE project = ?1 AND id = ?2";
    let there: u32 = connection
        .prepare_cached(sql)?
        .query_row(params![project, group], |row| row.get(0))?;
    if there == 0 {
        return Ok(None);
    }
    let sql = "SELECT account, name FROM related_account WHERE project = ?1 AND group_id = ?2 \
               AND (?3 IS NULL OR account > ?3) ORDER BY account LIMIT ?4";
    let mut statement = connection.prepare_cached(sql)?;
    let members = statement.query_map(params![project, group, after, limit], |row| {
        Ok(Member {
            account: row.get(0)?,
            name: row.get(1)?,
        })
    })?;
    Ok(Some(members.collect::<Result<_, _>>()?))
}

fn standing(
    connection: &Connection,
    new: &NewRelation,
) -> Result<Option<GroupStanding>, StoreError> {
    let Some(group) = group_of(connection, &new.project, new.account)? else {
        return Ok(None);
    };
    let sql = "SELECT count(*), coalesce(sum(joined_at >= ?3), 0) FROM related_account \
               WHERE project = ?1 AND group_id = ?2";
    let since = new.now.before(LATELY_MS);
    let (members, lately) = connection
        .prepare_cached(sql)?
        .query_row(params![new.project, group, since], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    Ok(Some(GroupStanding {
        group,
        members,
        lately,
    }))
}

/// How exactly it is known when something was last seen: what is seen all the time is written once a day.
const SEEN_STEP_MS: u64 = 24 * 60 * 60_000;

/// Whether what was last seen then is to be marked as seen now.
fn is_old(seen_at: Millis, now: Millis) -> bool {
    seen_at < now.before(SEEN_STEP_MS)
}
