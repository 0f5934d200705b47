use std::{
    fs::{File, OpenOptions},
    io,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{
    migrations,
    open::{Durability, OpenError, SqliteOptions},
};
use crate::StoreError;

/// Makes the file if it is not there, readable and writable by its owner alone. SQLite gives the files beside it (the
/// log and its index) the same permissions.
pub(super) fn create_file(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(file) => {
            file.sync_all()?;
            sync_folder_of(path)
        }
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(e) => Err(e),
    }
}

/// Waits until the file and its name are on the disk.
pub(super) fn sync_file(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()?;
    sync_folder_of(path)
}

/// Opens connections to one file, alike each time.
pub(super) struct Opener {
    path: PathBuf,
    busy_timeout: Duration,
    synchronous: &'static str,
}

impl Opener {
    pub(super) fn new(path: &Path, options: &SqliteOptions) -> Self {
        let synchronous = match options.durability {
            Durability::Full => "FULL",
            Durability::Off => "OFF",
        };
        Self {
            path: path.to_owned(),
            busy_timeout: options.busy_timeout,
            synchronous,
        }
    }

    /// The connection of the start: checks whose file it is before changing anything in it, then turns on the
    /// write-ahead log, which the file remembers.
    pub(super) fn open_first(&self) -> Result<Connection, OpenError> {
        let connection = self.connect()?;
        migrations::check(&connection)?;
        self.use_write_ahead_log(&connection)?;
        self.prepare_writer(&connection)?;
        Ok(connection)
    }

    /// A connection for the writer. Never creates the file: an empty one would have forgotten every spent token.
    pub(super) fn open_writer(&self) -> Result<Connection, StoreError> {
        let connection = self.connect()?;
        if migrations::version(&connection)? != migrations::NEWEST {
            return Err(StoreError::Unavailable(
                "another release changed the schema".into(),
            ));
        }
        self.prepare_writer(&connection)?;
        Ok(connection)
    }

    /// A connection that cannot write. It is opened for writing all the same, because SQLite needs that to recover the
    /// log after a crash.
    pub(super) fn open_reader(&self) -> Result<Connection, StoreError> {
        let connection = self.connect()?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    }

    /// A connection as it is opened for any use. Changes nothing in the file.
    pub(super) fn connect(&self) -> rusqlite::Result<Connection> {
        // Each connection stays on one thread, hence no mutex. No URI names: the path is a path.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(self.busy_timeout)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        Ok(connection)
    }

    fn prepare_writer(&self, connection: &Connection) -> rusqlite::Result<()> {
        connection.pragma_update(None, "synchronous", self.synchronous)?;
        // On Apple systems a plain fsync does not reach the disk; elsewhere this changes nothing.
        connection.pragma_update(None, "fullfsync", self.synchronous == "FULL")?;
        // Savepoints keep what they may undo in memory instead of in a file.
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        connection
            .pragma_update_and_check(None, "wal_autocheckpoint", CHECKPOINT_PAGES, |_| Ok(()))?;
        connection.pragma_update_and_check(None, "journal_size_limit", LOG_LIMIT_BYTES, |_| Ok(()))
    }

    /// Two processes that open a new file together collide here, and SQLite does not apply its busy timeout to a
    /// change of the journal mode.
    fn use_write_ahead_log(&self, connection: &Connection) -> Result<(), OpenError> {
        let mut waited = Duration::ZERO;
        loop {
            match connection
                .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0))
            {
                Ok(mode) if mode == "wal" => return Ok(()),
                Ok(_) => return Err(OpenError::NoWriteAheadLog),
                Err(e)
                    if e.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                        && waited < self.busy_timeout =>
                {
                    thread::sleep(RETRY);
                    waited += RETRY;
                }
                Err(e) => return Err(e.into()),
            }
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::{Error, ffi};
        match &error {
            Error::SqliteFailure(e, _) if e.code == ErrorCode::ConstraintViolation => {
                match e.extended_code {
                    ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_UNIQUE => {
                        Self::AlreadyExists
                    }
                    _ => Self::Rejected(error.to_string()),
                }
            }
            Error::SqliteFailure(e, _) if matches!(e.code, ErrorCode::TooBig) => {
                Self::Rejected(error.to_string())
            }
            Error::ToSqlConversionFailure(_) => Self::Rejected(error.to_string()),
            Error::FromSqlConversionFailure(..)
            | Error::IntegralValueOutOfRange(..)
            | Error::Utf8Error(..)
            | Error::InvalidColumnType(..) => Self::Corrupt(error.to_string()),
            _ => Self::Unavailable(error.to_string()),
        }
    }
}

/// A new file is safe once the folder that names it is.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|f| !f.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}

/// More than the distinct statements of this backend, so that none is ever prepared twice.
const STATEMENTS: usize = 64;
/// Page cache of the writer.
const CACHE_KIB: i32 = 16 * 1024;
/// The log is folded into the file when it has grown by this many 4 KiB pages: 16 MB.
const CHECKPOINT_PAGES: i32 = 4_000;
/// A log that a burst has stretched is cut back to 64 MB.
const LOG_LIMIT_BYTES: i32 = 64 << 20;
const RETRY: Duration = Duration::from_millis(5);
