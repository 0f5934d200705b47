use std::{io, path::Path};

use super::{
    SqliteOptions,
    connection::{Opener, create_file, sync_file},
    migrations,
    open::OpenError,
};
use crate::Millis;

/// Copies a database that others may be using, as it is at one moment, to a new file that only its owner may read.
///
/// Whoever writes is not held up; the log beside the database grows until the copy is whole. What was removed before is not in the
/// copy. Its low-water mark is [`Millis::NEVER`]: the copy will have forgotten what is spent from now on, so it refuses every token
/// until [`Store::raise_low_water_mark`](crate::Store::raise_low_water_mark) says when it began to serve.
///
/// # Errors
/// The database is none of ours or cannot be read; the copy cannot be written. What there is of it then is to be removed.
pub fn back_up(database: &Path, copy: &Path) -> Result<(), OpenError> {
    let connect = |path| Opener::new(path, &SqliteOptions::default()).connect();
    let source = connect(database)?;
    migrations::check(&source)?;
    create_file(copy)?;
    // The name as a parameter: it may hold anything. SQLite takes an empty file as a new one.
    let name = copy
        .to_str()
        .ok_or_else(|| io::Error::from(io::ErrorKind::InvalidFilename))?;
    source.execute("VACUUM INTO ?1", [name])?;
    drop(source);
    let copied = connect(copy)?;
    copied.execute("UPDATE store SET low_water_mark = ?1", [Millis::NEVER])?;
    copied.close().map_err(|(_, error)| error)?;
    // SQLite does not sync what it vacuums into.
    Ok(sync_file(copy)?)
}
