use std::{
    fs::{File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::Path,
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior};

use super::{DatabaseError, EpochId, KeySafe, NewEpoch};
use crate::EpochKey;

/// Makes the file if it is not there, readable and writable by its owner alone. SQLite gives the files beside it the same
/// permissions.
pub(super) fn create_file(path: &Path) -> io::Result<()> {
    match open_new(path) {
        Ok(file) => file.sync_all(),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

fn open_new(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

/// A connection to a file that is there.
pub(super) fn connect(path: &Path) -> Result<Connection, DatabaseError> {
    // Each connection is used by one thread at a time, hence no mutex. No URI names: the path is a path.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || {
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        Ok(connection)
    };
    open().map_err(sqlite(path))
}

/// Refuses a file that is not ours or of another version, without changing it. An empty file is neither.
///
/// # Errors
/// See [`DatabaseError`].
pub(super) fn check(connection: &Connection, path: &Path) -> Result<bool, DatabaseError> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let read = || {
        let is_empty =
            connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| {
                row.get::<_, bool>(0)
            })?;
        Ok((number("application_id")?, number("user_version")?, is_empty))
    };
    let (application, found, is_empty) = read().map_err(sqlite(path))?;
    match (application, found) {
        (0, 0) if is_empty => Ok(false),
        (APPLICATION_ID, VERSION) => Ok(true),
        (APPLICATION_ID, found) => Err(DatabaseError::Newer {
            path: path.to_owned(),
            found: u32::try_from(found).unwrap_or(u32::MAX),
            known: VERSION as u32,
        }),
        _ => Err(DatabaseError::NotOurs(path.to_owned())),
    }
}

/// Makes the tables of a new file, with its epoch, all or nothing.
pub(super) fn initialize(connection: &Connection, epoch: &NewEpoch) -> rusqlite::Result<()> {
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    transaction.execute_batch(include_str!("schema.sql"))?;
    transaction.execute(
        "INSERT INTO epoch (one, id, sealed_key) VALUES (1, ?1, ?2)",
        (epoch.id, &epoch.sealed_key),
    )?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}

/// The epoch of the file, as the connection sees it now.
pub(super) fn epoch_id(connection: &Connection) -> rusqlite::Result<Option<EpochId>> {
    connection
        .prepare_cached("SELECT id FROM epoch WHERE one = 1")?
        .query_row([], |row| row.get(0))
        .optional()
}

/// The key of the file.
///
/// # Errors
/// There is none, or the safe does not open it.
pub(super) fn epoch_key(
    connection: &Connection,
    path: &Path,
    safe: &dyn KeySafe,
) -> Result<EpochKey, DatabaseError> {
    let query = "SELECT sealed_key FROM epoch WHERE one = 1";
    let sealed: Option<Vec<u8>> = connection
        .query_row(query, [], |row| row.get(0))
        .optional()
        .map_err(sqlite(path))?;
    let damaged = || DatabaseError::Damaged(path.to_owned(), "it has no key".to_owned());
    let sealed = sealed.ok_or_else(damaged)?;
    safe.open(&sealed)
        .ok_or_else(|| DatabaseError::ForeignKey(path.to_owned()))
}

/// An error of SQLite about this file.
pub(super) fn sqlite(path: &Path) -> impl Fn(rusqlite::Error) -> DatabaseError + use<'_> {
    |error| DatabaseError::Sqlite(path.to_owned(), error)
}

/// An error of the operating system about this file.
pub(super) fn io_error(path: &Path) -> impl Fn(io::Error) -> DatabaseError + use<'_> {
    |error| DatabaseError::Io(path.to_owned(), error)
}

/// How long to wait for another process that is writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Of the schema.
const VERSION: i64 = 1;
/// Marks the file as ours, for this program and for `file(1)`: "tchL".
const APPLICATION_ID: i64 = i32::from_be_bytes(*b"tchL") as i64;
