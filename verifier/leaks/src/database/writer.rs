use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::{
    DatabaseError, EpochId, KeySafe,
    connection::{check, connect, create_file, epoch_key, initialize, io_error, sqlite},
};
use crate::EpochKey;

/// A database that is imported into, by this process alone.
pub struct Database {
    path: PathBuf,
    connection: Connection,
    key: EpochKey,
    _lock: File,
}

/// What a new file starts with. One that is there keeps its own.
pub struct NewEpoch {
    /// Its name.
    pub id: EpochId,
    /// Its key, as the safe opens it.
    pub sealed_key: Vec<u8>,
}

impl Database {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// See [`DatabaseError`].
    pub fn open(path: &Path, safe: &dyn KeySafe, epoch: &NewEpoch) -> Result<Self, DatabaseError> {
        let lock = lock(path)?;
        if !path.exists() {
            // What an earlier file left behind would be taken for this one's.
            remove_log(path)?;
        }
        create_file(path).map_err(io_error(path))?;
        let connection = connect(path)?;
        if !check(&connection, path)? {
            use_write_ahead_log(&connection, path)?;
            initialize(&connection, epoch).map_err(sqlite(path))?;
        }
        prepare(&connection).map_err(sqlite(path))?;
        let key = epoch_key(&connection, path, safe)?;
        Ok(Self {
            path: path.to_owned(),
            connection,
            key,
            _lock: lock,
        })
    }

    /// Ends an import: the file can be copied then, without its log.
    ///
    /// # Errors
    /// Somebody keeps reading, or the disk fails. Nothing is lost: the log is read together with the file.
    pub fn finish(self) -> Result<(), DatabaseError> {
        fold_log(&self.connection).map_err(sqlite(&self.path))
    }

    /// Removes a database; whether there was one. Who is reading it reads on, until the next question.
    ///
    /// # Errors
    /// Another process imports, or the disk fails.
    pub fn remove(path: &Path) -> Result<bool, DatabaseError> {
        let _lock = lock(path)?;
        if !path.exists() {
            return Ok(false);
        }
        // A log that outlived its file could be taken for that of the next one. A damaged file has no log worth keeping.
        if let Ok(connection) = connect(path) {
            let _ = fold_log(&connection);
        }
        fs::remove_file(path).map_err(io_error(path))?;
        remove_log(path)?;
        Ok(true)
    }

    pub(crate) fn key(&self) -> &EpochKey {
        &self.key
    }

    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, DatabaseError> {
        work(&self.connection).map_err(sqlite(&self.path))
    }

    /// Writes all of it or nothing.
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, DatabaseError> {
        let write = || {
            let transaction =
                Transaction::new_unchecked(&self.connection, TransactionBehavior::Immediate)?;
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        };
        write().map_err(sqlite(&self.path))
    }
}

/// Held as long as the file is. A file of its own, because closing a second handle of the database would drop SQLite's locks.
fn lock(path: &Path) -> Result<File, DatabaseError> {
    let lock_path = path.with_extension("lock");
    let lock = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&lock_path)
        .map_err(io_error(&lock_path))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(DatabaseError::Busy(path.to_owned())),
        Err(TryLockError::Error(error)) => Err(io_error(&lock_path)(error)),
    }
}

/// Moves the log into the file.
fn fold_log(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
}

fn remove_log(path: &Path) -> Result<(), DatabaseError> {
    for extension in ["db-wal", "db-shm"] {
        let path = path.with_extension(extension);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(io_error(&path)(error));
            }
            _ => (),
        }
    }
    Ok(())
}

fn use_write_ahead_log(connection: &Connection, path: &Path) -> Result<(), DatabaseError> {
    let mode: String = connection
        .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))
        .map_err(sqlite(path))?;
    match mode.as_str() {
        "wal" => Ok(()),
        _ => Err(DatabaseError::NoWriteAheadLog(path.to_owned())),
    }
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    // A power cut may take the last transactions back, pairs and progress alike: the import does them again.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update_and_check(None, "journal_size_limit", LOG_LIMIT_BYTES, |_| Ok(()))
}

/// Page cache of an import, which writes all over the tree.
const CACHE_KIB: i32 = 64 * 1024;
/// A log that a burst has stretched is cut back to 64 MB.
const LOG_LIMIT_BYTES: i32 = 64 << 20;
