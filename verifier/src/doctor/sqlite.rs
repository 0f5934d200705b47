use std::path::Path;

use touchstone_store::sqlite::{OpenError, SqliteState, examine};

use super::{Finding, Setup};
use crate::config::StoreConfig;

/// The database file: whose it is, whether it is sound, whether it can be written now.
pub(super) async fn check(setup: &Setup) -> Vec<Finding> {
    let path = match &setup.data.store {
        StoreConfig::Sqlite(Some(path)) => path.clone(),
        StoreConfig::Sqlite(None) => setup.data.data.join("touchstone.db"),
        StoreConfig::Redis(_) => return Vec::new(),
    };
    if !path.exists() {
        return vec![Finding::ok(
            "no database yet; the first `touchstone serve` makes it",
        )];
    }
    let file = path.clone();
    let examined = tokio::task::spawn_blocking(move || examine(&file, CHECK_UP_TO)).await;
    match examined {
        Ok(Ok(state)) => told(&path, &state),
        Ok(Err(error)) => vec![refused(&path, &error)],
        Err(error) => vec![Finding::problem(error.to_string(), "try again")],
    }
}

fn told(path: &Path, state: &SqliteState) -> Vec<Finding> {
    let mut found = Vec::new();
    let megabytes = state.bytes / 1_000_000;
    match &state.damage {
        Some(lines) if !lines.is_empty() => found.push(Finding::problem(
            format!("the database is damaged: {}", lines.join("; ")),
            "stop the server, restore the last backup, then run: touchstone store restored",
        )),
        Some(_) => found.push(Finding::ok(format!("{megabytes} MB, sound"))),
        None => found.push(Finding::ok(format!(
            "{megabytes} MB, too large to be read whole here; \
             sqlite3 {} 'PRAGMA quick_check' does while it is quiet",
            path.display()
        ))),
    }
    if let Some(error) = &state.unwritable {
        found.push(Finding::problem(
            format!("it cannot be written: {error}"),
            "look for another process that holds it, and at its owner",
        ));
    }
    if state.schema < state.newest {
        found.push(Finding::warning(
            format!("schema {}, this release writes {}", state.schema, state.newest),
            "the next start of this release brings it up to date, after which older ones refuse it: back it up first",
        ));
    }
    found
}

fn refused(path: &Path, error: &OpenError) -> Finding {
    let advice = match error {
        OpenError::Newer { .. } => "run the release that wrote it, or a newer one",
        OpenError::NotAStore => "name another file with --store sqlite:FILE",
        _ => "look at its owner and permissions; if it is damaged, restore a backup",
    };
    Finding::problem(format!("{}: {error}", path.display()), advice)
}

/// Reading a file of this size takes a second or two: 1 GB.
const CHECK_UP_TO: u64 = 1_000_000_000;
