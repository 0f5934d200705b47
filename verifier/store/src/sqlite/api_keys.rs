use rusqlite::{Connection, OptionalExtension, Row, params};

use super::columns::Texts;
use crate::{ApiKey, ApiKeyHash, ApiKeyId, Millis, ProjectId, StoreError};

pub(super) fn create(connection: &Connection, key: &ApiKey) -> Result<(), StoreError> {
    let sql = "INSERT INTO api_key (id, project, name, hash, scopes, created_at, revoked_at) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    connection.prepare_cached(sql)?.execute(params![
        key.id,
        key.project,
        key.name,
        key.hash,
        Texts::encode(&key.scopes)?,
        key.created_at,
        key.revoked_at,
    ])?;
    Ok(())
}

pub(super) fn by_hash(
    connection: &Connection,
    hash: &ApiKeyHash,
) -> Result<Option<ApiKey>, StoreError> {
    let sql = "SELECT * FROM api_key WHERE hash = ?1 AND revoked_at IS NULL";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([hash], from_row)
        .optional()?)
}

pub(super) fn list(
    connection: &Connection,
    project: &ProjectId,
) -> Result<Vec<ApiKey>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT * FROM api_key WHERE project = ?1 ORDER BY id")?;
    let keys = statement.query_map([project], from_row)?;
    Ok(keys.collect::<Result<_, _>>()?)
}

pub(super) fn revoke(
    connection: &Connection,
    id: &ApiKeyId,
    now: Millis,
) -> Result<bool, StoreError> {
    let sql = "UPDATE api_key SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL";
    Ok(connection.prepare_cached(sql)?.execute(params![id, now])? > 0)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<ApiKey> {
    Ok(ApiKey {
        id: row.get("id")?,
        project: row.get("project")?,
        name: row.get("name")?,
        hash: row.get("hash")?,
        scopes: row.get::<_, Texts>("scopes")?.0,
        created_at: row.get("created_at")?,
        revoked_at: row.get("revoked_at")?,
    })
}
