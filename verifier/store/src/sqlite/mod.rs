//! Everything in one SQLite file, for one machine.
//!
//! All writes pass through one thread that owns the only writing connection. It takes whatever is waiting, up to a
//! bound, runs it in one transaction, commits once, and only then answers all of it: the disk's slow "it is safe now"
//! is paid once for a group, so the busier the server, the cheaper each write. Reads run on a few threads of their own
//! and never wait for the writer (write-ahead log).
//!
//! Several processes may have the file open, such as the command line beside a running server: nothing is cached
//! above SQLite, so what one process has committed is seen by the next read of another.
//!
//! ```text
//! operation ──▶ lane (bounded queue) ──▶ writer: BEGIN, operation…, COMMIT ──▶ answers
//!          └──▶ lane (bounded queue) ──▶ readers ──────────────────────────────▶ answers
//! ```

mod api_keys;
mod assessments;
mod backup;
mod columns;
mod connection;
mod counts;
mod examine;
mod factors;
mod firewall_policies;
mod first_answers;
mod ip_overrides;
mod lane;
mod marks;
mod messages;
mod migrations;
mod open;
mod operations;
mod probe;
mod profiles;
mod prune;
mod reader;
mod relations;
mod site_keys;
mod sketches;
mod taken;
mod writer;

#[cfg(test)]
mod tests;

use rusqlite::Connection;

pub use backup::back_up;
pub use examine::{SqliteState, examine};
pub use open::{Durability, OpenError, SqliteOptions};

use crate::StoreError;
use lane::Lane;

/// A [`Store`](crate::Store) in one SQLite file; made by [`SqliteStore::open`].
///
/// Dropping it finishes what was accepted and waits for the threads to end.
pub struct SqliteStore {
    writer: Lane,
    readers: Lane,
}

impl SqliteStore {
    async fn write<T, F>(&self, operation: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.writer.run(operation).await
    }

    async fn read<T, F>(&self, operation: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.readers.run(operation).await
    }
}
