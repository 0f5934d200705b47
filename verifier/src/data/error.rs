use std::{io, path::PathBuf};

use touchstone_store::{StoreError, redis::RedisOpenError, sqlite::OpenError};

/// Why keys or store cannot be used. Every message names the file or the option, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// The file cannot be made, read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// A key file is readable by others.
    #[error("{0} holds secrets but others may read it; run: chmod 600 {0}")]
    Readable(PathBuf),
    /// A key file is gone, but the database that belongs to it is there.
    #[error(
        "{path} is missing, but the database {database} exists: restore it from a backup. A new one would not open what the \
         old one sealed and hashed; to start over, move the database away"
    )]
    Missing {
        /// The key file.
        path: PathBuf,
        /// The database.
        database: PathBuf,
    },
    /// A key file does not say what it should.
    #[error(
        "{path} is damaged ({reason}); restore it from a backup: what was sealed under it is lost with it"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The operating system gives no random bytes.
    #[error("the operating system's random generator cannot be reached: {0}")]
    Entropy(#[from] getrandom::Error),
    /// The database cannot be opened.
    #[error("{path}: {source}")]
    Store {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        source: OpenError,
    },
    /// Redis cannot be used.
    #[error("--store: {0}")]
    Redis(#[from] RedisOpenError),
    /// The keys in Redis could not be read or replaced.
    #[error("--store: {0}")]
    Shared(#[from] StoreError),
    /// Keys are to be shared, but nothing wraps them.
    #[error(
        "verifiers on Redis share their keys through it, wrapped under a key-encryption key, and none is given. Make one with \
         `touchstone ring kek FILE`, hand the same to every verifier by --kek-file FILE (or its text in TOUCHSTONE_KEK), and \
         keep a copy apart from Redis: without it the keys cannot be read"
    )]
    NoKek,
    /// What should be a key-encryption key is none.
    #[error(
        "{place} (--kek-file or TOUCHSTONE_KEK): {reason}; `touchstone ring kek FILE` makes a key"
    )]
    Kek {
        /// The file or variable.
        place: String,
        /// What is wrong with it; does not quote it.
        reason: String,
    },
    /// A new key must not take the place of another one.
    #[error("{0} exists; choose another file, since the key in it may be in use")]
    KekExists(PathBuf),
    /// The keys in the store are wrapped under a key that was not given.
    #[error(
        "the keys in the store are wrapped under key-encryption key {wrapped_under:08x}, but --kek-file or TOUCHSTONE_KEK has \
         {given}: give that key too, one a line (`touchstone ring rewrap` changes the key)"
    )]
    OtherKek {
        /// The id of the key that wraps them.
        wrapped_under: u32,
        /// The ids of the keys that were given.
        given: String,
    },
    /// The wrapped keys do not open.
    #[error(
        "the keys in the store are damaged or those of a store with another prefix ({0}); restore Redis from a backup"
    )]
    SharedDamaged(String),
    /// The store has records, but no keys.
    #[error(
        "the store's records were made under keys that are not in it. If they are in a data directory (ring.json and \
         vault.key), put them in: touchstone ring import --data DIR. If Redis lost them, restore it from a backup, or start \
         over with another ?prefix=NAME behind the URL of --store"
    )]
    NoSharedKeys,
    /// Keys in the data directory would be left behind.
    #[error(
        "{0} holds ring.json and vault.key, but the store has no keys yet. Put them in, so that what was sealed and hashed \
         under them stays valid: touchstone ring import. For a new store with keys of its own, name another directory by --data"
    )]
    NotImported(PathBuf),
    /// The store has keys, so none can be imported.
    #[error("the store has its keys already; those in the data directory are not needed")]
    HasKeys,
    /// Others replace the keys all the time.
    #[error("others changed the keys in the store again and again; try once more")]
    KeysBusy,
    /// The store's records were hashed and sealed under another vault key than the one in it.
    #[error(
        "the vault key in the store is not the one that its records were made with; restore Redis from one backup as a whole"
    )]
    OtherVault,
    /// The keys of a directory are not those of the store.
    #[error(
        "the vault.key in {0} is not the key that this store was made with; name the data directory of a verifier that used it"
    )]
    ForeignVault(PathBuf),
    /// There are no keys to import.
    #[error("there are no ring.json and vault.key in {0}; name the directory by --data")]
    NothingToImport(PathBuf),
}
