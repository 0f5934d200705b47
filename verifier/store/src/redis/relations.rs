//! Accounts that share identifiers, and the groups that come of it: a project's in the slot of its name, because one script
//! follows links from account to account. What a script does is bounded by the sizes of a group and of an identifier.

use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{RedisStore, forms::corrupt, link::Call, scripts, whole};
use crate::{
    GroupId, GroupStanding, LATELY_MS, MAX_GROUP_MEMBERS, MAX_IDENTIFIERS, MAX_RELATED_NAME_BYTES,
    Member, Millis, NewRelation, ProjectId, RelatedAccountId, StoreError,
};

/// See [`Store::relate`](crate::Store::relate).
pub(super) async fn relate(
    store: &RedisStore,
    new: &NewRelation,
) -> Result<Option<GroupStanding>, StoreError> {
    if new.name.len() > MAX_RELATED_NAME_BYTES {
        let what = format!("a name of {} bytes", new.name.len());
        return Err(StoreError::Rejected(what));
    }
    if !new.identifiers.is_empty() {
        enlist(store, &new.project).await?;
    }
    let call = with_keys(store, Call::run(&scripts::RELATE), &new.project)
        .arg(new.fresh.0)
        .arg(new.account.0)
        .arg(&new.name[..])
        .number(whole(new.now))
        .number(whole(new.now.before(LATELY_MS)))
        .number(whole(new.now.before(SEEN_STEP_MS)))
        .number(MAX_IDENTIFIERS)
        .number(MAX_GROUP_MEMBERS);
    let call = new
        .identifiers
        .iter()
        .fold(call, |call, shared| call.arg(shared.id).number(shared.most));
    let standing: Option<(Vec<u8>, u32, u32)> = store.link.call(call).await?;
    let standing = standing.map(|(group, members, lately)| {
        Ok(GroupStanding {
            group: GroupId(sixteen(&group)?),
            members,
            lately,
        })
    });
    standing.transpose()
}

pub(super) async fn groups(
    store: &RedisStore,
    project: &ProjectId,
    after: Option<GroupId>,
    limit: u32,
) -> Result<Vec<GroupId>, StoreError> {
    let first = after.map_or(b"-".to_vec(), |after| [b"(", &after.0[..]].concat());
    let call = Call::read("ZRANGEBYLEX")
        .key(store.names.related(project, ORDER))
        .arg(first)
        .arg("+")
        .arg("LIMIT")
        .number(0)
        .number(limit);
    let groups: Vec<Vec<u8>> = store.link.call(call).await?;
    groups.iter().map(|id| sixteen(id).map(GroupId)).collect()
}

pub(super) async fn members(
    store: &RedisStore,
    project: &ProjectId,
    group: GroupId,
    after: Option<RelatedAccountId>,
    limit: u32,
) -> Result<Option<Vec<Member>>, StoreError> {
    let call = Call::read("HGET")
        .key(store.names.related(project, GROUPS))
        .arg(group.0);
    let packed: Option<Vec<u8>> = store.link.call(call).await?;
    let Some(packed) = packed else {
        return Ok(None);
    };
    let members = packed.get(BIRTH..).unwrap_or_default();
    let accounts = members.chunks(MEMBER).map(|member| {
        let account = member.get(..ID).unwrap_or_default();
        sixteen(account).map(RelatedAccountId)
    });
    let mut accounts = accounts.collect::<Result<Vec<_>, _>>()?;
    accounts.retain(|account| after.is_none_or(|after| *account > after));
    accounts.sort();
    accounts.truncate(limit as usize);
    if accounts.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let call = Call::read("HMGET").key(store.names.related(project, NAMES));
    let call = accounts
        .iter()
        .fold(call, |call, account| call.arg(account.0));
    let names: Vec<Option<Vec<u8>>> = store.link.call(call).await?;
    // Whoever was forgotten between the two has no name.
    let members = accounts.into_iter().zip(names);
    let members = members.filter_map(|(account, name)| {
        Some(Member {
            account,
            name: name?,
        })
    });
    Ok(Some(members.collect()))
}

pub(super) async fn group_of(
    store: &RedisStore,
    project: &ProjectId,
    account: RelatedAccountId,
) -> Result<Option<GroupId>, StoreError> {
    let call = Call::read("HGET")
        .key(store.names.related(project, LINKS))
        .arg(account.0);
    let packed: Option<Vec<u8>> = store.link.call(call).await?;
    let group = packed.map(|packed| sixteen(packed.get(..ID).unwrap_or_default()));
    let group = group.transpose()?.filter(|group| *group != [0; ID]);
    Ok(group.map(GroupId))
}

/// See [`Store::forget_relations`](crate::Store::forget_relations).
pub(super) async fn forget(
    store: &RedisStore,
    project: &ProjectId,
    account: RelatedAccountId,
    fresh: GroupId,
) -> Result<bool, StoreError> {
    let beside = store.names.related(project, NAMES);
    let first =
        Call::run(&scripts::FORGET_RELATED).key(store.names.answer(&beside, store.link.attempt()));
    let call = with_keys(store, first, project).arg(fresh.0).arg(account.0);
    store.link.call(call).await.map(super::is_yes)
}

/// See [`Store::prune_relations`](crate::Store::prune_relations).
pub(super) async fn prune(
    store: &RedisStore,
    before: Millis,
    fresh: GroupId,
) -> Result<u64, StoreError> {
    let enlisted = Call::read("SMEMBERS").key(store.names.related_projects());
    let projects: Vec<String> = store.link.call(enlisted).await?;
    let mut removed = 0;
    for project in projects {
        let call = with_keys(store, Call::run(&scripts::PRUNE_RELATED), &project.parse()?)
            .arg(fresh.0)
            .number(whole(before))
            .number(STEP);
        removed += store.link.call::<u64>(call).await?;
    }
    Ok(removed)
}

/// The projects that this process has enlisted as having related accounts. Pruning has to find them all, and none is ever taken
/// back, so once is enough.
#[derive(Default)]
pub(super) struct Enlisted(Mutex<HashSet<ProjectId>>);

impl Enlisted {
    fn lock(&self) -> MutexGuard<'_, HashSet<ProjectId>> {
        // Nothing that holds the lock can panic half-way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn enlist(store: &RedisStore, project: &ProjectId) -> Result<(), StoreError> {
    if store.enlisted.lock().contains(project) {
        return Ok(());
    }
    let call = Call::write("SADD")
        .key(store.names.related_projects())
        .arg(project.as_str());
    let _: u8 = store.link.call(call).await?;
    store.enlisted.lock().insert(project.clone());
    Ok(())
}

/// A call of a script that has `related.lua` in front.
fn with_keys(store: &RedisStore, call: Call, project: &ProjectId) -> Call {
    let kinds = [NAMES, LINKS, HOLDERS, GROUPS, ORDER, SEEN];
    let keys = kinds.map(|kind| store.names.related(project, kind));
    keys.into_iter().fold(call, Call::key)
}

fn sixteen(bytes: &[u8]) -> Result<[u8; ID], StoreError> {
    let wrong = |_| corrupt(format!("an id of {} bytes", bytes.len()));
    bytes.try_into().map_err(wrong)
}

const NAMES: &str = "names";
const LINKS: &str = "links";
const HOLDERS: &str = "holders";
const GROUPS: &str = "groups";
const ORDER: &str = "order";
const SEEN: &str = "seen";
/// Bytes of an id; in front of a group's members, its birth; of a member with its time.
const ID: usize = 16;
const BIRTH: usize = 8;
const MEMBER: usize = ID + 8;
/// How exactly it is known when something was last seen: what is seen all the time is written once a day.
const SEEN_STEP_MS: u64 = 24 * 60 * 60_000;
/// Accounts of a project that one call of pruning forgets, each of which may make a group fall apart.
const STEP: u32 = 64;
