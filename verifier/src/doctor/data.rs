use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
};

use rustix::process::geteuid;
use tempfile::NamedTempFile;

use super::{Finding, Setup, existing};
use crate::config::StoreConfig;

/// The data directory, and who may read what is secret in it.
pub(super) async fn check(setup: &Setup) -> Vec<Finding> {
    let folder = &setup.data.data;
    if !folder.is_dir() && matches!(setup.data.store, StoreConfig::Redis(_)) {
        return vec![Finding::ok("not needed: everything is in the store")];
    }
    if !folder.is_dir() {
        return vec![absent(folder)];
    }
    let mut found = Vec::new();
    let database = match &setup.data.store {
        StoreConfig::Sqlite(Some(path)) => Some(path.clone()),
        StoreConfig::Sqlite(None) => Some(folder.join("touchstone.db")),
        StoreConfig::Redis(_) => None,
    };
    let secrets = ["ring.json", "vault.key"].map(|name| folder.join(name));
    for path in secrets.into_iter().chain(database) {
        found.extend(secret(&path));
    }
    if let Err(error) = NamedTempFile::new_in(folder) {
        found.push(Finding::problem(
            format!("{} cannot be written: {error}", folder.display()),
            "run the doctor as the user that serves; if that is this one, give it the directory with chown",
        ));
    }
    if found.is_empty() {
        found.push(Finding::ok(format!(
            "{}, its secrets readable by their owner alone",
            folder.display()
        )));
    }
    found
}

fn absent(folder: &Path) -> Finding {
    let above = existing(folder);
    match NamedTempFile::new_in(&above) {
        Ok(_) => Finding::warning(
            format!("{} is not there yet", folder.display()),
            "the first `touchstone serve` makes it; if it should be there, look at --data",
        ),
        Err(error) => Finding::problem(
            format!(
                "{} is not there, and {} cannot be written: {error}",
                folder.display(),
                above.display()
            ),
            "make it, and give it to the user that serves: install -d -m 700 -o USER DIR",
        ),
    }
}

/// A file that others must not read. One that is not there is the business of those who need it.
fn secret(path: &Path) -> Option<Finding> {
    let data = fs::metadata(path).ok()?;
    let mode = data.permissions().mode() & 0o777;
    let (shown, user) = (path.display(), geteuid().as_raw());
    if mode & 0o077 != 0 {
        return Some(Finding::problem(
            format!("{shown} may be read by others (mode {mode:o})"),
            format!("chmod 600 {shown}"),
        ));
    }
    if data.uid() != user && user != 0 {
        return Some(Finding::problem(
            format!(
                "{shown} belongs to user {}, this is user {user}",
                data.uid()
            ),
            "run the doctor as the user that serves, or give that user the file with chown",
        ));
    }
    None
}
