//! Files with secrets: whole or not there, synced, for their owner's eyes alone.

use std::{fs, io, io::Write, os::unix::fs::PermissionsExt, path::Path};

use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use super::DataError;

/// Creates a file that is not there yet, whole or not at all, readable by its owner alone. `false` if it was there:
/// two processes that start together agree on the first one's.
pub(super) fn create(path: &Path, content: &[u8]) -> Result<bool, DataError> {
    if path.exists() {
        return Ok(false);
    }
    match write_whole(path, content)?.persist_noclobber(path) {
        Ok(_) => {
            sync_folder(folder(path))?;
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
pub(super) fn write_whole(path: &Path, content: &[u8]) -> Result<NamedTempFile, DataError> {
    let mut file = NamedTempFile::new_in(folder(path)).map_err(io_error(path))?;
    file.write_all(content).map_err(io_error(path))?;
    file.as_file().sync_all().map_err(io_error(path))?;
    Ok(file)
}

/// A bare name lies in the working directory.
fn folder(path: &Path) -> &Path {
    let parent = path.parent().filter(|parent| *parent != Path::new(""));
    parent.unwrap_or(Path::new("."))
}

pub(super) fn sync_folder(path: &Path) -> Result<(), DataError> {
    fs::File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(io_error(path))
}

pub(super) fn read_secret(path: &Path) -> Result<Zeroizing<String>, DataError> {
    let data = fs::metadata(path).map_err(io_error(path))?;
    if data.permissions().mode() & 0o077 != 0 {
        return Err(DataError::Readable(path.to_path_buf()));
    }
    fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(io_error(path))
}

pub(super) fn io_error(path: &Path) -> impl FnOnce(io::Error) -> DataError + use<> {
    let path = path.to_path_buf();
    move |source| DataError::Io { path, source }
}
