use std::{path::Path, sync::Arc, time::Duration};

use super::{
    SqliteStore,
    connection::{Opener, create_file},
    lane::Lane,
    migrations, reader,
    writer::Writer,
};
use crate::Millis;

/// How a SQLite file is used. The default suits a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqliteOptions {
    /// What an answered write survives.
    pub durability: Durability,
    /// How long to wait for another process that is writing, before the operation is unavailable. Default 5 s.
    pub busy_timeout: Duration,
    /// How many operations may wait for the writer, and again for the readers, before further ones are refused as
    /// overloaded. Default 4,096; at least 1.
    pub queue: usize,
    /// Threads that read. Default 2; at least 1.
    pub readers: usize,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self {
            durability: Durability::Full,
            busy_timeout: Duration::from_secs(5),
            queue: 4_096,
            readers: 2,
        }
    }
}

/// What an answered write survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// A crash of the machine: the disk has confirmed the write.
    Full,
    /// A crash of the process only. For tests and benches; a power cut may revive spent tokens.
    Off,
}

/// Why a SQLite store could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The file was written by a newer release. Nothing was changed in it.
    #[error(
        "the database has schema version {found}, this release knows up to {known}: use a newer release"
    )]
    Newer {
        /// The version of the file.
        found: u32,
        /// The newest version that this release reads.
        known: u32,
    },
    /// The file is not a Touchstone store. Nothing was changed in it.
    #[error("the file is not a Touchstone store")]
    NotAStore,
    /// The file system cannot hold a write-ahead log (some network file systems).
    #[error("the file system does not support SQLite's write-ahead log")]
    NoWriteAheadLog,
    /// The file could not be made, or a thread not started.
    #[error("cannot open the store: {0}")]
    Io(#[from] std::io::Error),
    /// SQLite refused, such as a file without permission or of another format.
    #[error("cannot open the store: {0}")]
    Sqlite(#[from] rusqlite::Error),
}

impl SqliteStore {
    /// Opens the file, which is made readable for its owner alone if it is not there, and brings its schema up to
    /// date. The folder must exist. `now` becomes the low-water mark of a new store.
    ///
    /// Blocks on the disk; meant for the start of the program.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(path: &Path, options: &SqliteOptions, now: Millis) -> Result<Self, OpenError> {
        create_file(path)?;
        let opener = Arc::new(Opener::new(path, options));
        let connection = opener.open_first()?;
        migrations::migrate(&connection, now)?;

        let writer = Lane::start("store-writer", options.queue, 1, |jobs| {
            // There is one writer, so this runs once.
            Writer::new(Arc::clone(&opener)).into_thread(jobs)
        })?;
        let readers = Lane::start("store-reader", options.queue, options.readers, |jobs| {
            reader::into_thread(Arc::clone(&opener), jobs)
        })?;
        Ok(Self { writer, readers })
    }
}
