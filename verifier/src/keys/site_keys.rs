use std::{sync::Arc, time::Duration};

use moka::sync::Cache;
use touchstone_store::{SecretHash, SiteKey, SiteKeyId, Store, StoreError};
use touchstone_token::Vault;

use super::{KnownKey, TEST_KEYS};

/// Site keys, remembered for four seconds: a key made or deleted by another process takes effect within that time. While the store
/// does not answer, a key that it knew within the last hour still holds, so that pages get tokens; none of them is valid before the
/// store is back.
pub struct SiteKeys {
    store: Arc<dyn Store>,
    by_id: Cache<SiteKeyId, Option<Arc<KnownKey>>>,
    by_secret: Cache<SecretHash, Option<Arc<KnownKey>>>,
    /// As they were when the store was last asked.
    familiar: Cache<SiteKeyId, Arc<KnownKey>>,
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
        let familiar = Cache::builder()
            .max_capacity(MOST)
            .time_to_live(HOLDS_WITHOUT_STORE)
            .build();
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
        let found = match self.store.site_key(&id).await {
            Ok(record) => {
                let found = known(record)?;
                match &found {
                    Some(key) => self.familiar.insert(id.clone(), key.clone()),
                    None => self.familiar.invalidate(&id),
                }
                found
            }
            Err(error) => match self.familiar.get(&id) {
                Some(key) => Some(key),
                None => return Err(error),
            },
        };
        // After a failure, too: not every page is to wait for a store that is gone.
        self.by_id.insert(id, found.clone());
        Ok(found)
    }

    /// Whether the key existed when this process last asked for it, in the last hour, or the answer is known anyway.
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
        self.familiar.invalidate(&key.id);
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
const HOLDS_WITHOUT_STORE: Duration = Duration::from_secs(3_600);
