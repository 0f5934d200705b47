//! Pages that loaded a widget, for the counts of their site key. They are counted in memory and written now and then, since a
//! page must not cost a write: whoever could cause one would cause many.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use touchstone_store::{ChallengeCounts, Day, SiteKeyId, Store, StoreError};

/// What was counted since it was last written. Only keys that exist are counted, which bounds it.
#[derive(Debug, Default)]
pub struct PageLoads(Mutex<BTreeMap<(SiteKeyId, Day), u32>>);

impl PageLoads {
    /// Counts a page.
    pub fn count(&self, key: &SiteKeyId, day: Day) {
        self.add(key.clone(), day, 1);
    }

    /// Writes what was counted.
    ///
    /// # Errors
    /// The store cannot be written; what is not written yet is kept for the next time.
    pub async fn write(&self, store: &dyn Store) -> Result<(), StoreError> {
        let mut counted = {
            let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *counts)
        };
        while let Some(((key, day), page_loads)) = counted.pop_first() {
            let more = ChallengeCounts {
                page_loads,
                ..ChallengeCounts::default()
            };
            if let Err(error) = store.count_challenges(&key, day, more).await {
                self.add(key, day, page_loads);
                for ((key, day), page_loads) in counted {
                    self.add(key, day, page_loads);
                }
                return Err(error);
            }
        }
        Ok(())
    }

    fn add(&self, key: SiteKeyId, day: Day, page_loads: u32) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry((key, day)).or_default();
        *count = count.saturating_add(page_loads);
    }
}

#[cfg(test)]
mod tests {
    use touchstone_store::{
        Millis,
        sqlite::{Durability, SqliteOptions, SqliteStore},
    };

    use super::*;

    #[tokio::test]
    async fn a_page_is_counted_once_even_if_the_store_fails_in_between() {
        let folder = tempfile::tempdir().unwrap();
        let open = || {
            let options = SqliteOptions {
                durability: Durability::Off,
                ..SqliteOptions::default()
            };
            SqliteStore::open(&folder.path().join("store.db"), &options, Millis(0)).unwrap()
        };
        let keys = [1, 2].map(|n| format!("6L{n:038}").parse::<SiteKeyId>().unwrap());
        let loads = PageLoads::default();
        loads.count(&keys[0], Day(1));
        loads.count(&keys[0], Day(1));
        loads.count(&keys[1], Day(2));
        let store = open();
        store.close().await;
        assert!(loads.write(&store).await.is_err());
        let store = open();
        for _ in 0..2 {
            loads.write(&store).await.unwrap();
        }
        let mut found = Vec::new();
        for key in &keys {
            let [(day, counts)] = store.counts(key).await.unwrap().challenges[..] else {
                panic!("one day")
            };
            found.push((day.0, counts.page_loads));
        }
        assert_eq!(found, [(1, 2), (2, 1)]);
    }
}
