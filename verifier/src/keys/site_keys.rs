use std::{sync::Arc, time::Duration};

use moka::sync::Cache;
use touchstone_store::{SecretHash, SiteKey, SiteKeyId, Store, StoreError};
use touchstone_token::Vault;

use super::{KnownKey, TEST_KEYS};

/// Site keys, remembered for four seconds: a key made or deleted by another process takes effect within that time.
pub struct SiteKeys {
    store: Arc<dyn Store>,
    by_id: Cache<SiteKeyId, Option<Arc<KnownKey>>>,
    by_secret: Cache<SecretHash, Option<Arc<KnownKey>>>,
    familiar: Cache<SiteKeyId, ()>,
    /// Never in the store; empty unless they are allowed.
    tests: Vec<Arc<KnownKey>>,
}

impl SiteKeys {
    /// Reads through to the store.
    pub fn new(store: Arc<dyn Store>) -> Self {
        let by_id = Cache::builder()
            .max_capacity(MOST)
            .time_to_live(REMEMBERED)
            .build();
        let by_secret = Cache::builder()
            .max_capacity(MOST)
            .time_to_live(REMEMBERED)
            .build();
        let familiar = Cache::builder().max_capacity(MOST).build();
        Self {
            store,
            familiar,
            by_id,
            by_secret,
            tests: Vec::new(),
        }
    }

    /// The same with the test keys.
    pub fn with_test_keys(self, vault: &Vault) -> Self {
        let tests = TEST_KEYS.iter().filter_map(|key| key.known(vault));
        Self {
            tests: tests.map(Arc::new).collect(),
            ..self
        }
    }

    /// The key, if it exists. A text that cannot be a site key is one that does not exist.
    pub async fn get(&self, id: &str) -> Result<Option<Arc<KnownKey>>, StoreError> {
        let Ok(id) = id.parse::<SiteKeyId>() else {
            return Ok(None);
        };
        if let Some(test) = self.tests.iter().find(|test| test.id == id) {
            return Ok(Some(test.clone()));
        }
        if let Some(known) = self.by_id.get(&id) {
            return Ok(known);
        }
        let found = known(self.store.site_key(&id).await?)?;
        if found.is_some() {
            self.familiar.insert(id.clone(), ());
        }
        self.by_id.insert(id, found.clone());
        Ok(found)
    }

    /// Whether the key existed when this process last asked for it, or the answer is known anyway.
    pub fn is_familiar(&self, id: &str) -> bool {
        let id = id.parse::<SiteKeyId>();
        id.is_ok_and(|id| {
            self.familiar.contains_key(&id)
                || self.by_id.contains_key(&id)
                || self.tests.iter().any(|test| test.id == id)
        })
    }

    /// The key whose siteverify secret has this hash.
    pub async fn by_secret(&self, hash: SecretHash) -> Result<Option<Arc<KnownKey>>, StoreError> {
        if let Some(test) = self.tests.iter().find(|test| test.secret_hash == hash) {
            return Ok(Some(test.clone()));
        }
        if let Some(known) = self.by_secret.get(&hash) {
            return Ok(known);
        }
        let found = known(self.store.site_key_by_secret(&hash).await?)?;
        self.by_secret.insert(hash, found.clone());
        Ok(found)
    }

    /// Forgets a key that this process has changed, so that the change takes effect at once.
    pub fn forget(&self, key: &SiteKey) {
        self.by_id.invalidate(&key.id);
        self.by_secret.invalidate(&key.secret_hash);
    }
}

fn known(record: Option<SiteKey>) -> Result<Option<Arc<KnownKey>>, StoreError> {
    let key = record.map(KnownKey::read).transpose()?;
    Ok(key.map(Arc::new))
}

/// Absent keys are remembered too, bounded like the others: a page with a wrong key does not ask the store each time.
pub(super) const MOST: u64 = 10_000;
pub(super) const REMEMBERED: Duration = Duration::from_secs(4);
