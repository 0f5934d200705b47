//! Where keys and records are: in a data directory, or in a store that several verifiers share. The first run creates what
//! is missing; there are no default secrets.
//!
//! The data directory:
//!
//! | file | mode | holds |
//! |---|---|---|
//! | `ring.json` | 0600 | the keys that sessions and tokens are sealed under |
//! | `vault.key` | 0600 | the key that hashes API keys and seals siteverify secrets; never rotated |
//! | `leaks.db` | 0600 | leaked passwords, once a list was imported; here with a shared store, too |
//! | `touchstone.db` | 0600 | everything else (SQLite, with `-wal` and `-shm` beside it) |
//!
//! With Redis there is none: the keys lie in the store, wrapped under a key-encryption key that every verifier is given.

mod backup;
mod error;
mod files;
mod forms;
mod keks;
mod shared_keys;
mod sources;
mod stores;

use std::{
    fs,
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
    time::SystemTime,
};

use touchstone_token::{KeyId, KeyRing, Millis, RingKey, Vault, VaultKey};

use crate::environment::fresh;
use files::{create, io_error, read_secret, sync_folder, write_whole};

pub use backup::BackupError;
pub use error::DataError;
pub use forms::KeySet;
pub use keks::Keks;
pub use shared_keys::SharedKeys;
pub use sources::{KeySource, LoadedKeys, Stamp};
pub use stores::{Opened, open_redis};

/// An existing data directory, with its key files in place.
#[derive(Debug, Clone)]
pub struct DataDir {
    path: PathBuf,
    database: PathBuf,
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
        let database = database.map_or_else(|| path.join(DATABASE_FILE), Path::to_path_buf);
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
        if create(&dir.ring_path(), forms::ring_text(&[first]).as_bytes())? {
            tracing::info!(path = %dir.ring_path().display(), "created the key ring");
        }
        let key = forms::vault_text(&VaultKey(fresh()?));
        if create(&dir.vault_path(), key.as_bytes())? {
            tracing::info!(path = %dir.vault_path().display(), "created the vault key");
        }
        Ok(dir)
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a directory has a key file in it.
    pub fn has_keys(path: &Path) -> bool {
        [RING_FILE, VAULT_FILE]
            .iter()
            .any(|name| path.join(name).exists())
    }

    /// A directory that has its key files; nothing is made.
    pub fn existing(path: &Path) -> Result<Self, DataError> {
        let dir = Self {
            path: path.to_path_buf(),
            database: path.join(DATABASE_FILE),
        };
        match dir.ring_path().exists() && dir.vault_path().exists() {
            true => Ok(dir),
            false => Err(DataError::NothingToImport(path.to_path_buf())),
        }
    }

    /// Reads the vault key.
    pub fn vault(&self) -> Result<Vault, DataError> {
        self.vault_key().map(|key| Vault::new(&key))
    }

    /// Reads the key ring.
    pub fn ring(&self) -> Result<KeyRing, DataError> {
        let path = self.ring_path();
        let text = read_secret(&path)?;
        forms::ring_from(&text).map_err(|reason| damaged(&path, &reason))
    }

    /// Reads both.
    pub fn key_set(&self) -> Result<KeySet, DataError> {
        Ok(KeySet {
            vault: self.vault_key()?,
            ring: self.ring()?,
        })
    }

    /// Adds a key to the ring file and drops those that nothing alive is sealed under, unless a new key is about to seal
    /// anyway. A running server picks it up by itself. Answers the ring as it is then.
    pub fn rotate_ring(&self, now: Millis) -> Result<KeyRing, DataError> {
        let path = self.ring_path();
        let ring = self.ring()?;
        if ring.coming(now).is_some() {
            return Ok(ring);
        }
        let keys = ring.rotated(fresh()?, now);
        write_whole(&path, forms::ring_text(&keys).as_bytes())?
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

    fn vault_key(&self) -> Result<VaultKey, DataError> {
        let path = self.vault_path();
        let text = read_secret(&path)?;
        forms::vault_from(&text).map_err(|reason| damaged(&path, &reason))
    }

    fn ring_path(&self) -> PathBuf {
        self.path.join(RING_FILE)
    }

    fn vault_path(&self) -> PathBuf {
        self.path.join(VAULT_FILE)
    }
}

fn damaged(path: &Path, reason: &str) -> DataError {
    DataError::Damaged {
        path: path.to_path_buf(),
        reason: reason.to_owned(),
    }
}

const RING_FILE: &str = "ring.json";
const VAULT_FILE: &str = "vault.key";
const DATABASE_FILE: &str = "touchstone.db";

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

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
