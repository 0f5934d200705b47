//! Opening a store with the keys that belong to it.

use std::sync::Arc;

use touchstone_store::{
    Store,
    redis::{RedisOptions, RedisStore},
    sqlite::{SqliteOptions, SqliteStore},
};
use touchstone_token::Millis;

use super::{DataDir, DataError, Keks, KeySource, LoadedKeys, SharedKeys};
use crate::{
    config::{DataConfig, StoreConfig},
    environment::fresh,
};

/// A store and its keys.
pub struct Opened {
    /// The keys.
    pub keys: LoadedKeys,
    /// The store.
    pub store: Arc<dyn Store>,
}

impl Opened {
    /// Opens what `--store`, `--data` and `--kek-file` name, creating what is missing.
    pub async fn open(config: &DataConfig, now: Millis) -> Result<Self, DataError> {
        match &config.store {
            StoreConfig::Sqlite(file) => {
                let dir = DataDir::open(&config.data, file.as_deref(), now)?;
                let store = dir.store(SqliteOptions::default(), now)?;
                let keys = LoadedKeys::from_files(dir)?;
                Ok(Self { keys, store })
            }
            StoreConfig::Redis(options) => {
                let keks = Keks::read(&config.kek)?;
                let store = open_redis(options, now).await?;
                let shared = SharedKeys::new(store.clone(), keks, options.prefix.clone());
                shared.create_if_new(&config.data, now).await?;
                let keys = KeySource::Shared(shared).load().await?;
                Ok(Self { keys, store })
            }
        }
    }
}

/// Opens a shared store without its keys.
pub async fn open_redis(options: &RedisOptions, now: Millis) -> Result<Arc<RedisStore>, DataError> {
    let now = touchstone_store::Millis(now);
    let store = RedisStore::open(options, fresh()?, now).await?;
    if !store.keeps_a_log() {
        tracing::warn!(
            "Redis keeps no append-only file: when it ends, it forgets what was answered since its last snapshot; set \
             appendonly to yes"
        );
    }
    Ok(Arc::new(store))
}

impl DataDir {
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
