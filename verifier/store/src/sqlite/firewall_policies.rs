use std::collections::BTreeSet;

use rusqlite::{Connection, Row, params};

use crate::{FirewallPolicy, FirewallPolicyId, MAX_FIREWALL_POLICIES, ProjectId, StoreError};

/// See [`Store::create_firewall_policy`](crate::Store::create_firewall_policy). Runs inside the writer's transaction.
pub(super) fn create(
    connection: &Connection,
    project: &ProjectId,
    id: &FirewallPolicyId,
    policy: &[u8],
) -> Result<(), StoreError> {
    let sql = "SELECT count(*), coalesce(max(position), 0) FROM firewall_policy WHERE project = ?1";
    let (count, last): (u32, u32) = connection
        .prepare_cached(sql)?
        .query_row([project], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if count >= MAX_FIREWALL_POLICIES {
        return Err(StoreError::Full {
            most: MAX_FIREWALL_POLICIES,
        });
    }
    let sql = "INSERT INTO firewall_policy (project, id, position, policy, revision) VALUES (?1, ?2, ?3, ?4, 0)";
    let position = last.saturating_add(1);
    connection
        .prepare_cached(sql)?
        .execute(params![project, id, position, policy])?;
    Ok(())
}

pub(super) fn list(
    connection: &Connection,
    project: &ProjectId,
) -> Result<Vec<FirewallPolicy>, StoreError> {
    let sql = "SELECT * FROM firewall_policy WHERE project = ?1 ORDER BY position";
    let mut statement = connection.prepare_cached(sql)?;
    let policies = statement.query_map([project], from_row)?;
    Ok(policies.collect::<Result<_, _>>()?)
}

/// See [`Store::update_firewall_policy`](crate::Store::update_firewall_policy).
pub(super) fn update(
    connection: &Connection,
    changed: &FirewallPolicy,
) -> Result<bool, StoreError> {
    let sql = "UPDATE firewall_policy SET policy = ?4, revision = revision + 1 \
               WHERE project = ?1 AND id = ?2 AND revision = ?3";
    Ok(connection.prepare_cached(sql)?.execute(params![
        changed.project,
        changed.id,
        changed.revision,
        changed.policy
    ])? > 0)
}

pub(super) fn delete(
    connection: &Connection,
    project: &ProjectId,
    id: &FirewallPolicyId,
) -> Result<bool, StoreError> {
    let sql = "DELETE FROM firewall_policy WHERE project = ?1 AND id = ?2";
    Ok(connection
        .prepare_cached(sql)?
        .execute(params![project, id])?
        > 0)
}

/// See [`Store::reorder_firewall_policies`](crate::Store::reorder_firewall_policies). Runs inside the writer's transaction.
pub(super) fn reorder(
    connection: &Connection,
    project: &ProjectId,
    order: &[FirewallPolicyId],
) -> Result<bool, StoreError> {
    let policies = list(connection, project)?;
    let there: BTreeSet<_> = policies.iter().map(|policy| &policy.id).collect();
    let named: BTreeSet<_> = order.iter().collect();
    if there != named || order.len() != named.len() {
        return Ok(false);
    }
    let sql = "UPDATE firewall_policy SET position = ?3 WHERE project = ?1 AND id = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    for (position, id) in (1_u32..).zip(order) {
        statement.execute(params![project, id, position])?;
    }
    Ok(true)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<FirewallPolicy> {
    Ok(FirewallPolicy {
        id: row.get("id")?,
        project: row.get("project")?,
        position: row.get("position")?,
        policy: row.get("policy")?,
        revision: row.get("revision")?,
    })
}
