//! The schema and its history. Version N of a file is the number of steps applied to it, kept in `user_version`.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::open::OpenError;
use crate::Millis;

/// The newest schema version that this release knows.
pub(super) const NEWEST: u32 = STEPS.len() as u32;

/// Refuses a file that is not ours or is newer than this release, without changing it.
pub(super) fn check(connection: &Connection) -> Result<(), OpenError> {
    // One snapshot for all of it: another process may be making the schema right now.
    let snapshot = Transaction::new_unchecked(connection, TransactionBehavior::Deferred)?;
    judge(&snapshot)
}

/// Applies the steps that the file lacks, all or none. `now` becomes the low-water mark of a new store.
pub(super) fn migrate(connection: &Connection, now: Millis) -> Result<(), OpenError> {
    // Two processes may come here together. The lock is taken first and the version read inside it, so that the second
    // finds the work done.
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    judge(&transaction)?;
    let found = version(&transaction)?;
    for step in &STEPS[found as usize..] {
        transaction.execute_batch(step)?;
    }
    if found == 0 {
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.execute(
            "INSERT INTO store (one, low_water_mark) VALUES (1, ?1)",
            [now],
        )?;
    }
    if found < NEWEST {
        transaction.pragma_update(None, "user_version", NEWEST)?;
    }
    transaction.commit()?;
    Ok(())
}

/// The schema version of the file; 0 for an empty one.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn judge(connection: &Connection) -> Result<(), OpenError> {
    let found = version(connection)?;
    let ours: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let empty: bool =
        connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| {
            row.get(0)
        })?;
    match (found, ours) {
        (0, 0) if empty => Ok(()),
        (1.., APPLICATION_ID) if found <= NEWEST => Ok(()),
        (1.., APPLICATION_ID) => Err(OpenError::Newer {
            found,
            known: NEWEST,
        }),
        _ => Err(OpenError::NotAStore),
    }
}

/// One step a version. A published step is never edited: a file may have it already.
const STEPS: &[&str] = &[
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
    include_str!("schema/5.sql"),
    include_str!("schema/6.sql"),
];

/// Marks the file as ours, for this program and for `file(1)`: "tchS".
const APPLICATION_ID: i32 = i32::from_be_bytes(*b"tchS");
