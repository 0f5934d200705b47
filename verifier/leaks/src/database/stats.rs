use std::path::Path;

use super::{
    DatabaseError, EpochId, KeySafe,
    connection::{check, connect, epoch_id, epoch_key, sqlite},
};
use crate::{Bucket, MATCH_PREFIX_BYTES, PairHash, names};

/// What is in a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    /// Which key its match prefixes were made under.
    pub epoch: EpochId,
    /// Match prefixes: one to five for each leaked pair, as many as its name has forms.
    pub prefixes: u64,
    /// Buckets that have any.
    pub buckets: u64,
    /// The bucket that has most, and how many.
    pub largest: Option<(Bucket, u64)>,
    /// Hashes of passwords alone.
    pub pwned: u64,
    /// Bytes of the file, without its log.
    pub bytes: u64,
    /// Lists that were read to their end.
    pub lists_done: u64,
    /// Lists whose import was interrupted.
    pub lists_open: u64,
}

/// Counts what is in a database; none if there is none. Reads all of it.
///
/// # Errors
/// See [`DatabaseError`].
pub fn stats(path: &Path) -> Result<Option<Stats>, DatabaseError> {
    if !path.exists() {
        return Ok(None);
    }
    let connection = connect(path)?;
    if !check(&connection, path)? {
        return Ok(None);
    }
    let number = |query: &str| connection.query_row(query, [], |row| row.get::<_, u64>(0));
    let count = || {
        let mut stats = Stats {
            epoch: epoch_id(&connection)?.unwrap_or_default(),
            prefixes: 0,
            buckets: 0,
            largest: None,
            pwned: number("SELECT count(*) FROM pwned")?,
            bytes: number(
                "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
            )?,
            lists_done: number("SELECT count(*) FROM list WHERE is_done")?,
            lists_open: number("SELECT count(*) FROM list WHERE NOT is_done")?,
        };
        // In the order of the tree: one pass, nothing sorted.
        let mut statement =
            connection.prepare("SELECT bucket, count(*) FROM pair GROUP BY bucket")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (bucket, count) = (Bucket::from_number(row.get(0)?), row.get::<_, u64>(1)?);
            stats.prefixes += count;
            stats.buckets += 1;
            if stats.largest.is_none_or(|(_, most)| count > most) {
                stats.largest = Some((bucket, count));
            }
        }
        Ok(stats)
    };
    count().map(Some).map_err(sqlite(path))
}

/// Checks that the file is whole and its key opens, and, if a pair is given, whether it is among the leaked ones. Reads all of the
/// file.
///
/// # Errors
/// See [`DatabaseError`]; `Damaged` says what is wrong with the file.
pub fn verify(
    path: &Path,
    safe: &dyn KeySafe,
    pair: Option<(&str, &str)>,
) -> Result<Option<bool>, DatabaseError> {
    let failed = sqlite(path);
    let damaged = |what: String| DatabaseError::Damaged(path.to_owned(), what);
    let connection = connect(path)?;
    if !check(&connection, path)? {
        return Err(damaged("it is empty".to_owned()));
    }
    let key = epoch_key(&connection, path, safe)?;
    let found: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(&failed)?;
    if found != "ok" {
        return Err(damaged(found));
    }
    let query = "SELECT EXISTS (SELECT 1 FROM pair WHERE bucket NOT BETWEEN 0 AND (1 << 26) - 1 OR length(prefix) <> ?1)";
    let is_odd: bool = connection
        .query_row(query, [MATCH_PREFIX_BYTES], |row| row.get(0))
        .map_err(&failed)?;
    if is_odd {
        return Err(damaged("it has rows that no import wrote".to_owned()));
    }
    let Some((user, password)) = pair else {
        return Ok(None);
    };
    let query = "SELECT EXISTS (SELECT 1 FROM pair WHERE bucket = ?1 AND prefix = ?2)";
    for name in names(user) {
        let prefix = key.match_prefix(&PairHash::of(&name.text, password));
        let row = (name.bucket.number(), prefix.0);
        let is_there = connection.query_row(query, row, |row| row.get(0));
        if is_there.map_err(&failed)? {
            return Ok(Some(true));
        }
    }
    Ok(Some(false))
}
