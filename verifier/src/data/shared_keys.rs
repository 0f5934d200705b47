//! Ring and vault key in the store that several verifiers share, wrapped under a key-encryption key.
//!
//! They are one value that is replaced whole, and only by who read the one before: of several verifiers that start at once on
//! an empty store one makes the keys, and of several rotations at once one adds a key.

use std::{path::Path, sync::Arc};

use touchstone_store::redis::{RedisStore, WrappedKeys};
use touchstone_token::{KeyId, KeyRing, Millis, RingKey, Vault, VaultKey};

use super::{DataDir, DataError, Keks, KeySet};
use crate::environment::fresh;

/// The keys of one shared store.
#[derive(Clone)]
pub struct SharedKeys {
    store: Arc<RedisStore>,
    keks: Keks,
    place: String,
}

impl SharedKeys {
    /// `place` tells the stores in one Redis apart: its prefix.
    pub fn new(store: Arc<RedisStore>, keks: Keks, place: String) -> Self {
        Self { store, keks, place }
    }

    /// The store that they are in.
    pub fn store(&self) -> Arc<RedisStore> {
        self.store.clone()
    }

    /// Makes the keys of a store that has none yet.
    ///
    /// # Errors
    /// The store has lost its keys, or `directory` has keys that are to be imported.
    pub async fn create_if_new(&self, directory: &Path, now: Millis) -> Result<(), DataError> {
        if self.store.wrapped_keys().await?.is_some() {
            if DataDir::has_keys(directory) {
                tracing::info!(data = %directory.display(), "the key files in the data directory are not used: the store has its keys");
            }
            return Ok(());
        }
        if self.store.has_owner().await? {
            return Err(DataError::NoSharedKeys);
        }
        if DataDir::has_keys(directory) {
            return Err(DataError::NotImported(directory.to_path_buf()));
        }
        let first = RingKey {
            id: KeyId(1),
            secret: fresh()?,
            created_at: now,
            seals_from: now,
        };
        let set = KeySet {
            vault: VaultKey(fresh()?),
            ring: KeyRing::new(vec![first])
                .map_err(|error| DataError::SharedDamaged(error.to_string()))?,
        };
        if self.replace(None, &set, &self.keks).await? {
            tracing::info!("created key ring and vault key in the store");
        }
        Ok(())
    }

    /// The keys as they are now, and what tells them from later ones.
    pub async fn read(&self) -> Result<(KeySet, Vec<u8>), DataError> {
        let kept = self.kept().await?;
        let set = self.open(&kept)?;
        let vault = Vault::new(&set.vault);
        if !self.store.belongs_to(vault.hash(OWNER)).await? {
            return Err(DataError::OtherVault);
        }
        Ok((set, kept.bytes))
    }

    /// The keys, if they are not those with this stamp.
    pub async fn read_if_changed(
        &self,
        stamp: &[u8],
    ) -> Result<Option<(KeySet, Vec<u8>)>, DataError> {
        let kept = self.kept().await?;
        if kept.bytes == stamp {
            return Ok(None);
        }
        self.read().await.map(Some)
    }

    /// Adds a key to the ring and drops those that nothing alive is sealed under, unless a new key is about to seal anyway.
    /// Answers the ring as it is then.
    pub async fn rotate(&self, now: Millis) -> Result<KeyRing, DataError> {
        for _ in 0..MOST_TRIES {
            let kept = self.kept().await?;
            let KeySet { vault, ring } = self.open(&kept)?;
            if ring.coming(now).is_some() {
                return Ok(ring);
            }
            let ring = KeyRing::new(ring.rotated(fresh()?, now))
                .map_err(|error| DataError::SharedDamaged(error.to_string()))?;
            let set = KeySet { vault, ring };
            if self.replace(Some(kept.revision), &set, &self.keks).await? {
                return Ok(set.ring);
            }
        }
        Err(DataError::KeysBusy)
    }

    /// Wraps the keys under the first of `new`.
    pub async fn rewrap(&self, new: Keks) -> Result<(), DataError> {
        let all = Self {
            keks: new.clone().and(self.keks.clone()),
            ..self.clone()
        };
        for _ in 0..MOST_TRIES {
            let kept = all.kept().await?;
            if all
                .replace(Some(kept.revision), &all.open(&kept)?, &new)
                .await?
            {
                return Ok(());
            }
        }
        Err(DataError::KeysBusy)
    }

    /// Takes over the keys of a data directory, whose verifier made the store or stands beside it.
    ///
    /// # Errors
    /// The store has keys already, or its records were made under another vault key.
    pub async fn import(&self, directory: &DataDir) -> Result<KeyRing, DataError> {
        let set = directory.key_set()?;
        if self.store.wrapped_keys().await?.is_some() {
            return Err(DataError::HasKeys);
        }
        let owner = Vault::new(&set.vault).hash(OWNER);
        if !self.store.belongs_to(owner).await? {
            return Err(DataError::ForeignVault(directory.path().to_path_buf()));
        }
        match self.replace(None, &set, &self.keks).await? {
            true => Ok(set.ring),
            false => Err(DataError::HasKeys),
        }
    }

    async fn kept(&self) -> Result<WrappedKeys, DataError> {
        let kept = self.store.wrapped_keys().await?;
        kept.ok_or(DataError::NoSharedKeys)
    }

    fn open(&self, kept: &WrappedKeys) -> Result<KeySet, DataError> {
        self.keks.open_keys(&kept.bytes, &self.place)
    }

    async fn replace(
        &self,
        before: Option<u64>,
        set: &KeySet,
        keks: &Keks,
    ) -> Result<bool, DataError> {
        let wrapped = keks.wrap(set.text().as_bytes(), &self.place, fresh()?);
        Ok(self.store.replace_wrapped_keys(before, wrapped).await?)
    }
}

/// Never changed: stores are recognised by its hash.
const OWNER: &str = "the owner of a store";
/// Each lost try is another one's success.
const MOST_TRIES: usize = 16;
