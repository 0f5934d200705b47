use std::path::Path;

use super::{
    connection::Opener,
    migrations,
    open::{OpenError, SqliteOptions},
};

/// What a SQLite store looks like from outside; see [`examine`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqliteState {
    /// Size of the file, without its log.
    pub bytes: u64,
    /// Schema version of the file.
    pub schema: u32,
    /// Newest schema version that this release knows; a file below it is brought up to it when it is opened for serving.
    pub newest: u32,
    /// Why it cannot be written now, if so.
    pub unwritable: Option<String>,
    /// What SQLite's quick check found, empty for a sound file; none for a file that was too large to check.
    pub damage: Option<Vec<String>>,
}

/// Looks at the file of a store that may be in use, and changes nothing in it: neither its schema nor a record. Files up to
/// `check_up_to` bytes are read whole for damage.
///
/// # Errors
/// The file cannot be opened, is no store, or is one of a newer release.
pub fn examine(path: &Path, check_up_to: u64) -> Result<SqliteState, OpenError> {
    let bytes = std::fs::metadata(path)?.len();
    let connection = Opener::new(path, &SqliteOptions::default()).connect()?;
    migrations::check(&connection)?;
    let schema = migrations::version(&connection)?;
    let locked = connection.execute_batch("BEGIN IMMEDIATE; ROLLBACK");
    let damage = (bytes <= check_up_to).then(|| -> rusqlite::Result<_> {
        let mut check = connection.prepare("PRAGMA quick_check(10)")?;
        let lines: Vec<String> = check
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(lines.into_iter().filter(|line| line != "ok").collect())
    });
    Ok(SqliteState {
        bytes,
        schema,
        newest: migrations::NEWEST,
        unwritable: locked.err().map(|error| error.to_string()),
        damage: damage.transpose()?,
    })
}
