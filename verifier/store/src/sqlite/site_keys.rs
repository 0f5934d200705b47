use rusqlite::{Connection, OptionalExtension, Row, params};

use super::columns::Texts;
use crate::{ProjectId, SecretHash, SiteKey, SiteKeyId, StoreError};

pub(super) fn create(connection: &Connection, key: &SiteKey) -> Result<(), StoreError> {
    let sql = "INSERT INTO site_key (id, project, display_name, integration, allow_all_domains, domains, \
               sealed_secret, secret_hash, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    connection.prepare_cached(sql)?.execute(params![
        key.id,
        key.project,
        key.display_name,
        key.integration,
        key.allow_all_domains,
        Texts::encode(&key.domains)?,
        key.sealed_secret,
        key.secret_hash,
        key.created_at,
    ])?;
    Ok(())
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

pub(super) fn delete(
    connection: &Connection,
    project: &ProjectId,
    id: &SiteKeyId,
) -> Result<bool, StoreError> {
    let sql = "DELETE FROM site_key WHERE id = ?1 AND project = ?2";
    Ok(connection
        .prepare_cached(sql)?
        .execute(params![id, project])?
        > 0)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<SiteKey> {
    Ok(SiteKey {
        id: row.get("id")?,
        project: row.get("project")?,
        display_name: row.get("display_name")?,
        integration: row.get("integration")?,
        allow_all_domains: row.get("allow_all_domains")?,
        domains: row.get::<_, Texts>("domains")?.0,
        sealed_secret: row.get("sealed_secret")?,
        secret_hash: row.get("secret_hash")?,
        created_at: row.get("created_at")?,
    })
}
