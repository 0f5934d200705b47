//! Opening the store that belongs to a data directory.

use std::sync::Arc;

use touchstone_store::{
    Store,
    redis::{RedisOptions, RedisStore},
    sqlite::{SqliteOptions, SqliteStore},
};
use touchstone_token::Millis;

use super::{DataDir, DataError};
use crate::{config::StoreConfig, environment::fresh};

impl DataDir {
    /// Opens what `--store` names.
    pub async fn open_store(
        &self,
        store: &StoreConfig,
        now: Millis,
    ) -> Result<Arc<dyn Store>, DataError> {
        match store {
            StoreConfig::Sqlite(_) => self.store(SqliteOptions::default(), now),
            StoreConfig::Redis(options) => self.redis(options, now).await,
        }
    }

    async fn redis(
        &self,
        options: &RedisOptions,
        now: Millis,
    ) -> Result<Arc<dyn Store>, DataError> {
        let now = touchstone_store::Millis(now);
        let store = RedisStore::open(options, fresh()?, now).await?;
        let owner = self.vault()?.hash("the owner of a store");
        if !store.belongs_to(owner).await.map_err(DataError::Owner)? {
            return Err(DataError::ForeignVault(self.vault_path()));
        }
        if !store.keeps_a_log() {
            tracing::warn!(
                "Redis keeps no append-only file: when it ends, it forgets what was answered since its last snapshot; set \
                 appendonly to yes"
            );
        }
        Ok(Arc::new(store))
    }

    /// Opens the database, creating it if it is missing.
    pub fn store(&self, options: SqliteOptions, now: Millis) -> Result<Arc<dyn Store>, DataError> {
        let is_new = !self.database.exists();
        let store = SqliteStore::open(&self.database, &options, touchstone_store::Millis(now));
        let store = store.map_err(|source| DataError::Store {
            path: self.database.clone(),
            source,
        })?;
        if is_new {
            tracing::info!(path = %self.database.display(), "created the database");
        }
        Ok(Arc::new(store))
    }
}
