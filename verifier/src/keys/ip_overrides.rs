use std::{net::IpAddr, sync::Arc};

use moka::sync::Cache;
use touchstone_store::{IpOverride, SiteKeyId, Store, StoreError, Verdict};

use super::site_keys::{MOST, REMEMBERED};

/// The overridden addresses of site keys, remembered for four seconds.
pub struct IpOverrides {
    store: Arc<dyn Store>,
    known: Cache<SiteKeyId, Arc<[IpOverride]>>,
}

impl IpOverrides {
    /// Reads through to the store.
    pub fn new(store: Arc<dyn Store>) -> Self {
        let known = Cache::builder()
            .max_capacity(MOST)
            .time_to_live(REMEMBERED)
            .build();
        Self { store, known }
    }

    /// What was given beforehand for an address, if anything was.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn verdict(
        &self,
        key: &SiteKeyId,
        address: IpAddr,
    ) -> Result<Option<Verdict>, StoreError> {
        let overrides = match self.known.get(key) {
            Some(known) => known,
            None => {
                let found: Arc<[_]> = self.store.ip_overrides(key).await?.into();
                self.known.insert(key.clone(), found.clone());
                found
            }
        };
        let address = address.to_canonical();
        let found = overrides.iter().find(|one| one.net.contains(&address));
        Ok(found.map(|one| one.verdict))
    }

    /// Forgets the overrides of a key that this process has changed, so that the change takes effect at once.
    pub fn forget(&self, key: &SiteKeyId) {
        self.known.invalidate(key);
    }
}
