//! The file `leaks.db`.

mod connection;
mod lookup;
mod stats;
mod writer;

use std::{io, path::PathBuf};

use crate::EpochKey;

pub use lookup::{Answer, Leaks, MAX_PREFIXES};
pub use stats::{Stats, stats, verify};
pub use writer::{Database, NewEpoch};

/// What opens the key that is kept in the file.
pub trait KeySafe: Send + Sync {
    /// The key of sealed bytes; none if they were sealed by another.
    fn open(&self, sealed: &[u8]) -> Option<EpochKey>;
}

/// Which key a file's match prefixes were made under: 64 random bits.
pub type EpochId = [u8; 8];

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatabaseError {
    /// The file cannot be made, or its lock not be taken.
    #[error("{0}: {1}")]
    Io(PathBuf, io::Error),
    /// Another process imports into the file.
    #[error("{0}: another import is running")]
    Busy(PathBuf),
    /// The file is something else.
    #[error("{0} is no database of leaked passwords")]
    NotOurs(PathBuf),
    /// The file was written by a newer release.
    #[error("{path} has schema version {found}, this release knows {known}: use a newer release")]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version of the file.
        found: u32,
        /// The version that this release reads.
        known: u32,
    },
    /// The key in the file was sealed under another vault key.
    #[error(
        "{0} was made with another vault.key: restore that one, or remove the file and import again"
    )]
    ForeignKey(PathBuf),
    /// The file system cannot hold a write-ahead log.
    #[error("{0}: the file system does not support SQLite's write-ahead log")]
    NoWriteAheadLog(PathBuf),
    /// What is in the file contradicts itself.
    #[error("{0} is damaged: {1}; remove it and import again")]
    Damaged(PathBuf, String),
    /// SQLite refused.
    #[error("{0}: {1}")]
    Sqlite(PathBuf, rusqlite::Error),
}
