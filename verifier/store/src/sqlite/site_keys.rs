use rusqlite::{Connection, OptionalExtension, Row, params};

use super::columns::Texts;
use crate::{ProjectId, SecretHash, SiteKey, SiteKeyId, StoreError};

pub(super) fn create(connection: &Connection, key: &SiteKey) -> Result<(), StoreError> {
    let sql = "INSERT INTO site_key (id, project, display_name, integration, allow_all_domains, domains, settings, \
               policy, sealed_secret, secret_hash, created_at, revision) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    connection.prepare_cached(sql)?.execute(params![
        key.id,
        key.project,
        key.display_name,
        key.integration,
        key.allow_all_domains,
        Texts::encode(&key.domains)?,
        key.settings,
        key.policy,
        key.sealed_secret,
        key.secret_hash,
        key.created_at,
        key.revision,
    ])?;
    Ok(())
}

/// See [`Store::update_site_key`](crate::Store::update_site_key).
pub(super) fn update(connection: &Connection, key: &SiteKey) -> Result<bool, StoreError> {
    let sql = "UPDATE site_key SET display_name = ?4, integration = ?5, allow_all_domains = ?6, domains = ?7, \
               settings = ?8, policy = ?9, revision = revision + 1 \
               WHERE id = ?1 AND project = ?2 AND revision = ?3";
    let changed = connection.prepare_cached(sql)?.execute(params![
        key.id,
        key.project,
        key.revision,
        key.display_name,
        key.integration,
        key.allow_all_domains,
        Texts::encode(&key.domains)?,
        key.settings,
        key.policy,
    ])?;
    Ok(changed > 0)
}

pub(super) fn by_id(
    connection: &Connection,
    id: &SiteKeyId,
) -> Result<Option<SiteKey>, StoreError> {
    let sql = "SELECT * FROM site_key WHERE id = ?1";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([id], from_row)
        .optional()?)
}

pub(super) fn by_secret(
    connection: &Connection,
    hash: &SecretHash,
) -> Result<Option<SiteKey>, StoreError> {
    let sql = "SELECT * FROM site_key WHERE secret_hash = ?1";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([hash], from_row)
        .optional()?)
}

pub(super) fn list(
    connection: &Connection,
    project: Option<&ProjectId>,
    after: Option<&SiteKeyId>,
    limit: u32,
) -> Result<Vec<SiteKey>, StoreError> {
    // Two statements rather than `?1 IS NULL OR …`, which would use no index.
    let sql = match project {
        Some(_) => "SELECT * FROM site_key WHERE project = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
        None => "SELECT * FROM site_key WHERE ?1 IS NULL AND id > ?2 ORDER BY id LIMIT ?3",
    };
    let after = after.map_or("", SiteKeyId::as_str);
    let mut statement = connection.prepare_cached(sql)?;
    let keys = statement.query_map(params![project, after, limit], from_row)?;
    Ok(keys.collect::<Result<_, _>>()?)
}

/// Deletes the key with its overrides and counts.
pub(super) fn delete(
    connection: &Connection,
    project: &ProjectId,
    id: &SiteKeyId,
) -> Result<bool, StoreError> {
    let sql = "DELETE FROM site_key WHERE id = ?1 AND project = ?2";
    let deleted = connection
        .prepare_cached(sql)?
        .execute(params![id, project])?;
    if deleted == 0 {
        return Ok(false);
    }
    for sql in [
        "DELETE FROM ip_override WHERE site_key = ?1",
        "DELETE FROM score_count WHERE site_key = ?1",
        "DELETE FROM challenge_count WHERE site_key = ?1",
    ] {
        connection.prepare_cached(sql)?.execute([id])?;
    }
    Ok(true)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<SiteKey> {
    Ok(SiteKey {
        id: row.get("id")?,
        project: row.get("project")?,
        display_name: row.get("display_name")?,
        integration: row.get("integration")?,
        allow_all_domains: row.get("allow_all_domains")?,
        domains: row.get::<_, Texts>("domains")?.0,
        settings: row.get("settings")?,
        policy: row.get("policy")?,
        sealed_secret: row.get("sealed_secret")?,
        secret_hash: row.get("secret_hash")?,
        created_at: row.get("created_at")?,
        revision: row.get("revision")?,
    })
}
