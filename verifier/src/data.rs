//! The data directory: key ring, vault key and database. The first run creates what is missing; there are no default
//! secrets.
//!
//! | file | mode | holds |
//! |---|---|---|
//! | `ring.json` | 0600 | the keys that sessions and tokens are sealed under |
//! | `vault.key` | 0600 | the key that hashes API keys and seals siteverify secrets; never rotated |
//! | `touchstone.db` | 0600 | everything else (SQLite, with `-wal` and `-shm` beside it); not there if Redis holds that |

mod backup;
mod stores;

use std::{
    fs, io,
    io::Write,
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    time::SystemTime,
};

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;
use touchstone_store::{StoreError, redis::RedisOpenError, sqlite::OpenError};
use touchstone_token::{KeyId, KeyRing, Millis, RingError, RingKey, Vault, VaultKey};
use zeroize::Zeroizing;

pub use backup::BackupError;

use crate::environment::fresh;

/// An existing data directory, with its key files in place.
#[derive(Debug, Clone)]
pub struct DataDir {
    path: PathBuf,
    database: PathBuf,
}

/// Why the data directory cannot be used. Every message names the file.
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
    /// Redis could not be asked whose it is.
    #[error("--store: {0}")]
    Owner(StoreError),
    /// What is in Redis was hashed and sealed under another vault key.
    #[error(
        "{0} is not the key that this store was made with: copy vault.key and ring.json from the verifier that made it"
    )]
    ForeignVault(PathBuf),
}

impl DataDir {
    /// Opens the directory, creating it and its key files where they are missing. `database` is the file of the store if
    /// it is to be elsewhere than in the directory.
    pub fn open(path: &Path, database: Option<&Path>, now: Millis) -> Result<Self, DataError> {
        if !path.is_dir() {
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(path)
                .map_err(io_error(path))?;
            tracing::info!(path = %path.display(), "created the data directory");
        }
        let database = database.map_or_else(|| path.join("touchstone.db"), Path::to_path_buf);
        let dir = Self {
            path: path.to_path_buf(),
            database,
        };
        for path in [dir.ring_path(), dir.vault_path()] {
            if dir.database.exists() && !path.exists() {
                let database = dir.database.clone();
                return Err(DataError::Missing { path, database });
            }
        }
        let first = RingKey {
            id: KeyId(1),
            secret: fresh()?,
            created_at: now,
            seals_from: now,
        };
        if create(&dir.ring_path(), ring_text(&[first]).as_bytes())? {
            tracing::info!(path = %dir.ring_path().display(), "created the key ring");
        }
        let key = Zeroizing::new(BASE64.encode(&fresh::<32>()?));
        if create(&dir.vault_path(), key.as_bytes())? {
            tracing::info!(path = %dir.vault_path().display(), "created the vault key");
        }
        Ok(dir)
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the vault key.
    pub fn vault(&self) -> Result<Vault, DataError> {
        let path = self.vault_path();
        let text = read_secret(&path)?;
        let bytes = BASE64
            .decode(text.trim().as_bytes())
            .ok()
            .map(Zeroizing::new);
        let key: Option<[u8; 32]> = bytes.and_then(|bytes| bytes.as_slice().try_into().ok());
        let key = key.ok_or_else(|| damaged(&path, "not 32 bytes in base64"))?;
        Ok(Vault::new(&VaultKey(key)))
    }

    /// Reads the key ring.
    pub fn ring(&self) -> Result<KeyRing, DataError> {
        let path = self.ring_path();
        let text = read_secret(&path)?;
        let file: RingFile =
            serde_json::from_str(&text).map_err(|error| damaged(&path, &error.to_string()))?;
        if file.version != RING_VERSION {
            return Err(damaged(
                &path,
                &format!("version {} is not known", file.version),
            ));
        }
        let keys = file.keys.into_iter().map(RingEntry::into_key);
        let keys: Option<Vec<_>> = keys.collect();
        let keys = keys.ok_or_else(|| damaged(&path, "a secret is not 32 bytes in base64"))?;
        KeyRing::new(keys).map_err(|error: RingError| damaged(&path, &error.to_string()))
    }

    /// Adds a key to the ring file and drops those that nothing alive is sealed under. A running server picks it up by
    /// itself. Answers the new ring.
    pub fn rotate_ring(&self, now: Millis) -> Result<KeyRing, DataError> {
        let path = self.ring_path();
        let keys = self.ring()?.rotated(fresh()?, now);
        write_whole(&path, ring_text(&keys).as_bytes())?
            .persist(&path)
            .map_err(|error| DataError::Io {
                path: path.clone(),
                source: error.error,
            })?;
        sync_folder(&self.path)?;
        self.ring()
    }

    /// Which file the ring is and when it was written, to notice a rotation: two rotations may share a tick of the file
    /// system's clock, but each makes a new file.
    pub fn ring_stamp(&self) -> Option<(u64, SystemTime)> {
        let data = fs::metadata(self.ring_path()).ok()?;
        Some((data.ino(), data.modified().ok()?))
    }

    fn ring_path(&self) -> PathBuf {
        self.path.join("ring.json")
    }

    fn vault_path(&self) -> PathBuf {
        self.path.join("vault.key")
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RingFile {
    version: u32,
    keys: Vec<RingEntry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct RingEntry {
    id: u32,
    secret: Zeroizing<String>,
    created_at: Millis,
    seals_from: Millis,
}

impl RingEntry {
    fn into_key(self) -> Option<RingKey> {
        let bytes = Zeroizing::new(BASE64.decode(self.secret.as_bytes()).ok()?);
        let secret = bytes.as_slice().try_into().ok()?;
        let Self {
            id,
            created_at,
            seals_from,
            ..
        } = self;
        Some(RingKey {
            id: KeyId(id),
            secret,
            created_at,
            seals_from,
        })
    }
}

fn ring_text(keys: &[RingKey]) -> Zeroizing<String> {
    let entry = |key: &RingKey| RingEntry {
        id: key.id.0,
        secret: Zeroizing::new(BASE64.encode(&key.secret)),
        created_at: key.created_at,
        seals_from: key.seals_from,
    };
    let file = RingFile {
        version: RING_VERSION,
        keys: keys.iter().map(entry).collect(),
    };
    // Plain structs always have a JSON form; an empty file would be refused as damaged and never overwrites a good one.
    Zeroizing::new(serde_json::to_string_pretty(&file).unwrap_or_default())
}

/// Creates a file that is not there yet, whole or not at all, readable by its owner alone. `false` if it was there:
/// two processes that start together agree on the first one's.
fn create(path: &Path, content: &[u8]) -> Result<bool, DataError> {
    if path.exists() {
        return Ok(false);
    }
    match write_whole(path, content)?.persist_noclobber(path) {
        Ok(_) => {
            sync_folder(path.parent().unwrap_or(Path::new(".")))?;
            Ok(true)
        }
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(DataError::Io {
            path: path.to_path_buf(),
            source: error.error,
        }),
    }
}

/// A synced temporary file (mode 0600) beside `path`.
fn write_whole(path: &Path, content: &[u8]) -> Result<NamedTempFile, DataError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(folder).map_err(io_error(path))?;
    file.write_all(content).map_err(io_error(path))?;
    file.as_file().sync_all().map_err(io_error(path))?;
    Ok(file)
}

fn sync_folder(path: &Path) -> Result<(), DataError> {
    fs::File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(io_error(path))
}

fn read_secret(path: &Path) -> Result<Zeroizing<String>, DataError> {
    let data = fs::metadata(path).map_err(io_error(path))?;
    if data.permissions().mode() & 0o077 != 0 {
        return Err(DataError::Readable(path.to_path_buf()));
    }
    fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(io_error(path))
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> DataError + use<> {
    let path = path.to_path_buf();
    move |source| DataError::Io { path, source }
}

fn damaged(path: &Path, reason: &str) -> DataError {
    DataError::Damaged {
        path: path.to_path_buf(),
        reason: reason.to_owned(),
    }
}

const RING_VERSION: u32 = 1;

#[cfg(test)]
mod tests {
    use touchstone_store::sqlite::SqliteOptions;

    use super::*;

    #[test]
    fn the_first_run_creates_secrets_of_its_own_and_the_second_keeps_them() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let text = |dir: &tempfile::TempDir| {
            let data = DataDir::open(&dir.path().join("data"), None, 1_000).unwrap();
            let read = |path: PathBuf| fs::read_to_string(path).unwrap();
            (read(data.ring_path()), read(data.vault_path()))
        };
        let first = text(&one);
        assert_eq!(first, text(&one));
        assert_ne!(first.0, text(&two).0);
        assert_ne!(first.1, text(&two).1);
    }

    #[test]
    fn files_with_secrets_belong_to_their_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::open(dir.path(), None, 1_000).unwrap();
        for path in [data.ring_path(), data.vault_path()] {
            assert_eq!(
                fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o600
            );
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        }
        assert!(matches!(data.ring(), Err(DataError::Readable(_))));
        assert!(matches!(data.vault(), Err(DataError::Readable(_))));
    }

    #[test]
    fn a_rotation_adds_a_key_and_keeps_the_old_one() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::open(dir.path(), None, 1_000).unwrap();
        let ids = |ring: KeyRing| ring.keys().map(|key| key.id.0).collect::<Vec<_>>();
        assert_eq!(ids(data.rotate_ring(2_000).unwrap()), [1, 2]);
        assert_eq!(ids(data.ring().unwrap()), [1, 2]);
    }

    #[test]
    fn a_key_file_that_is_gone_is_not_made_anew_beside_a_database() {
        for name in ["ring.json", "vault.key"] {
            let dir = tempfile::tempdir().unwrap();
            let data = DataDir::open(dir.path(), None, 1_000).unwrap();
            drop(data.store(SqliteOptions::default(), 1_000).unwrap());
            fs::remove_file(dir.path().join(name)).unwrap();
            let error = DataDir::open(dir.path(), None, 2_000).unwrap_err();
            assert!(error.to_string().contains(name), "{error}");
            assert!(!dir.path().join(name).exists());
        }
    }

    #[test]
    fn a_damaged_ring_is_named_and_never_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::open(dir.path(), None, 1_000).unwrap();
        fs::write(data.ring_path(), "{}").unwrap();
        let error = DataDir::open(dir.path(), None, 2_000)
            .unwrap()
            .ring()
            .unwrap_err();
        assert!(
            error.to_string().contains("ring.json is damaged"),
            "{error}"
        );
    }
}
