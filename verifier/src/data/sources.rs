//! Where a verifier's keys come from, and whether they changed there.

use std::time::SystemTime;

use touchstone_token::{KeyRing, Millis, Vault};

use super::{DataDir, DataError, KeySet, SharedKeys};

/// Where keys are kept.
#[derive(Clone)]
pub enum KeySource {
    /// In the files of a data directory.
    Files(DataDir),
    /// In a store, together with other verifiers.
    Shared(SharedKeys),
}

/// Keys as they were read.
pub struct LoadedKeys {
    /// Where from.
    pub source: KeySource,
    /// What customers' secrets are hashed and sealed under.
    pub vault: Vault,
    /// What sessions and tokens are sealed under.
    pub ring: KeyRing,
    /// Tells this ring from later ones.
    pub stamp: Stamp,
}

/// What changes with the keys at their source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stamp {
    /// Number and time of the ring's file; none if it cannot be looked at.
    File(Option<(u64, SystemTime)>),
    /// The keys as they are wrapped.
    Wrapped(Vec<u8>),
}

impl KeySource {
    /// Reads the keys.
    pub async fn load(self) -> Result<LoadedKeys, DataError> {
        match self {
            Self::Files(dir) => LoadedKeys::from_files(dir),
            Self::Shared(shared) => {
                let (set, wrapped) = shared.read().await?;
                let source = Self::Shared(shared);
                Ok(LoadedKeys::new(source, set, Stamp::Wrapped(wrapped)))
            }
        }
    }

    /// The ring, if it is another than the one with this stamp.
    pub async fn ring_if_changed(
        &self,
        since: &Stamp,
    ) -> Result<Option<(KeyRing, Stamp)>, DataError> {
        match self {
            Self::Files(dir) => {
                let stamp = Stamp::File(dir.ring_stamp());
                match stamp == *since {
                    true => Ok(None),
                    false => Ok(Some((dir.ring()?, stamp))),
                }
            }
            Self::Shared(shared) => {
                let since = match since {
                    Stamp::Wrapped(wrapped) => &wrapped[..],
                    Stamp::File(_) => &[],
                };
                let changed = shared.read_if_changed(since).await?;
                Ok(changed.map(|(set, wrapped)| (set.ring, Stamp::Wrapped(wrapped))))
            }
        }
    }

    /// Adds a key to the ring, unless one is about to seal anyway; answers the ring as it is then.
    pub async fn rotate(&self, now: Millis) -> Result<KeyRing, DataError> {
        match self {
            Self::Files(dir) => dir.rotate_ring(now),
            Self::Shared(shared) => shared.rotate(now).await,
        }
    }
}

impl LoadedKeys {
    /// Reads the files of a data directory.
    pub fn from_files(dir: DataDir) -> Result<Self, DataError> {
        // Before the ring is read, so that a change in between is noticed later.
        let stamp = Stamp::File(dir.ring_stamp());
        let set = dir.key_set()?;
        Ok(Self::new(KeySource::Files(dir), set, stamp))
    }

    fn new(source: KeySource, set: KeySet, stamp: Stamp) -> Self {
        Self {
            source,
            vault: Vault::new(&set.vault),
            ring: set.ring,
            stamp,
        }
    }
}
