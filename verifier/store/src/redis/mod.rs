//! Everything in Redis or Valkey, one server or a cluster, for many verifiers at once.
//!
//! ```text
//! operation ──▶ link (attempt, retry, WAIT) ──▶ slot of the record ──▶ script: all or nothing
//! ```
//!
//! # A token opens once, here too
//!
//! - **Atomic**: the mark of a token, its assessment, what is counted with it and its sketch lie in one slot, and one script
//!   writes them. An assessment is one command, so there is one round trip and nothing to wait for in between.
//! - **Beside it**: the profile of an account lies in another slot. It is written while the token is spent, by a command of its
//!   own that a round trip does not wait for; what comes of it changes no outcome. So the visit of a token that turns out to be
//!   spent, and that of a command that is sent twice while another visit comes in between, may count twice.
//! - **Sent twice, done once**: a command whose answer is lost is sent again. The mark holds the attempt that made it; an
//!   attempt that finds its own has spent the token, whichever sending did it. Other writes keep their answer for a minute.
//! - **Not forgotten**: a Redis whose `maxmemory-policy` may evict is refused. A part of a cluster that comes back empty accepts
//!   no token from before.
//!
//! # What an answered write survives
//!
//! What Redis was told to: with `appendfsync always` a crash of its machine, with `everysec` all but the last second, with
//! snapshots alone all but what came after the last one. Replication is asynchronous, so a replica that takes over may lack
//! the last writes, and a token spent in them can be spent again; `wait=N` in the URL answers a write only once N replicas have
//! it, which leaves that window to the loss of them all together. A write without enough replicas is unavailable, not
//! done: for a token that means "perhaps spent".

mod api_keys;
mod assessments;
mod counts;
mod examine;
mod factors;
mod firewall_policies;
mod first_answers;
mod forms;
mod ip_overrides;
mod link;
mod marks;
mod messages;
mod names;
mod notes;
mod open;
mod operations;
mod options;
mod pointers;
mod profiles;
mod prune;
mod relations;
mod scripts;
mod site_keys;
mod sketches;
mod taken;
mod wrapped_keys;

#[cfg(feature = "fuzzing")]
pub mod fuzzing;
#[cfg(test)]
mod tests;

pub use examine::{RedisServer, RedisState};
pub use notes::NoteWriter;
pub use open::RedisOpenError;
pub use options::{RedisOptions, RedisUrlError};
pub use wrapped_keys::WrappedKeys;

use crate::{Millis, StoreError};
use link::{Call, Link};
use names::Names;

/// A [`Store`](crate::Store) in Redis or Valkey; made by [`RedisStore::open`].
pub struct RedisStore {
    link: Link,
    names: Names,
    keeps_a_log: bool,
    enlisted: relations::Enlisted,
}

impl RedisStore {
    /// Whether every server had an append-only file when the store was opened. Without, a server that ends forgets what it
    /// answered since its last snapshot.
    #[must_use]
    pub fn keeps_a_log(&self) -> bool {
        self.keeps_a_log
    }

    /// Whether the store has an owner.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Overloaded`].
    pub async fn has_owner(&self) -> Result<bool, StoreError> {
        let read = Call::read("EXISTS").key(self.names.owner());
        let there: u8 = self.link.call(read).await?;
        Ok(there == 1)
    }

    /// Whether the store is that of this owner; it becomes the owner's if it has none. For the vault key, under which records
    /// are hashed and sealed: hand in a hash of it. It lies apart from the wrapped keys, so that keys which are lost are not
    /// taken for keys that were never there.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Overloaded`].
    pub async fn belongs_to(&self, owner: [u8; 32]) -> Result<bool, StoreError> {
        let claim = Call::write("SETNX").key(self.names.owner()).arg(owner);
        let _: u8 = self.link.call(claim).await?;
        let read = Call::read("GET").key(self.names.owner());
        let there: Option<Vec<u8>> = self.link.call(read).await?;
        Ok(there.as_deref() == Some(&owner))
    }
}

/// A time as a number that scripts and sorted sets hold exactly.
fn whole(time: Millis) -> u64 {
    time.0.min((1 << 53) - 1)
}

fn is_yes(answer: String) -> bool {
    answer == "yes"
}

/// Records that one script removes: some milliseconds of its server's time.
const PRUNE_STEP: u64 = 1_000;
/// About what an assessment writes.
const PROBE_BYTES: usize = 1_024;
