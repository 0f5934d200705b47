//! A copy of a data directory, made while a server works on it.

use std::{
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use touchstone_store::sqlite::{OpenError, back_up};

use super::{
    DATABASE_FILE, DataDir, DataError,
    files::{create, io_error, read_secret, sync_folder},
};

/// Why there is no backup.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Nothing is ever overwritten.
    #[error("{0} is there already; name a folder that is not")]
    Exists(PathBuf),
    /// A key file cannot be read or written.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The database cannot be copied.
    #[error("{0}: {1}")]
    Database(PathBuf, OpenError),
}

impl DataDir {
    /// Copies key ring, vault key and database into the new folder `to`, which only its owner may enter. It is there whole or not
    /// at all, and can be served from as it is; no token from before that is valid there.
    ///
    /// # Errors
    /// There is such a folder already; something cannot be read or written.
    pub fn back_up(&self, to: &Path) -> Result<(), BackupError> {
        if to.exists() {
            return Err(BackupError::Exists(to.to_path_buf()));
        }
        let to = std::path::absolute(to).map_err(io_error(to))?;
        let parent = to.parent().unwrap_or(Path::new("/"));
        // Removed when anything below fails.
        let unfinished = tempfile::Builder::new()
            .prefix(".touchstone-backup-")
            .permissions(fs::Permissions::from_mode(0o700))
            .tempdir_in(parent)
            .map_err(io_error(parent))?;
        let copy = Self {
            path: unfinished.path().to_path_buf(),
            database: unfinished.path().join(DATABASE_FILE),
        };
        back_up(&self.database, &copy.database)
            .map_err(|error| BackupError::Database(self.database.clone(), error))?;
        // Last, so that the ring has every key that what is in the database may need.
        create(
            &copy.vault_path(),
            read_secret(&self.vault_path())?.as_bytes(),
        )?;
        create(
            &copy.ring_path(),
            read_secret(&self.ring_path())?.as_bytes(),
        )?;
        fs::rename(&copy.path, &to).map_err(|error| match error.kind() {
            io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::NotADirectory => {
                BackupError::Exists(to.clone())
            }
            _ => io_error(&to)(error).into(),
        })?;
        // It has another name by now; there is nothing to remove.
        let _ = unfinished.keep();
        Ok(sync_folder(parent)?)
    }
}

#[cfg(test)]
mod tests {
    use touchstone_store::{Millis, sqlite::SqliteOptions};

    use super::*;

    #[tokio::test]
    async fn a_backup_is_the_owners_alone_and_overwrites_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(&folder.path().join("data"), None, 1_000).unwrap();
        let _store = data.store(SqliteOptions::default(), 1_000).unwrap();
        let to = folder.path().join("backup");
        data.back_up(&to).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&to), 0o700);
        let files: Vec<PathBuf> = { fs::read_dir(&to).unwrap() }
            .map(|file| file.unwrap().path())
            .collect();
        assert_eq!(files.len(), 3, "{files:?}");
        assert!(files.iter().all(|file| mode(file) == 0o600));
        assert!(matches!(data.back_up(&to), Err(BackupError::Exists(_))));
        let others = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(others, 2, "something unfinished is left");

        let copy = DataDir::open(&to, None, 2_000).unwrap();
        assert!(copy.vault().is_ok() && copy.ring().is_ok());
        let store = copy.store(SqliteOptions::default(), 2_000).unwrap();
        assert_eq!(store.low_water_mark().await, Ok(Millis::NEVER));
        store.raise_low_water_mark(Millis(3_000)).await.unwrap();
        assert_eq!(store.low_water_mark().await, Ok(Millis(3_000)));
    }

    #[test]
    fn without_a_database_there_is_nothing_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(&folder.path().join("data"), None, 1_000).unwrap();
        let to = folder.path().join("backup");
        let error = data.back_up(&to).unwrap_err();
        assert!(error.to_string().contains("touchstone.db"), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
