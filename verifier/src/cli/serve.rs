use std::sync::Arc;

use touchstone_store::Millis;

use super::{CliError, open, shown};
use crate::{
    Verifier,
    bots::{Bots, Crawlers},
    config::{DataConfig, FactorConfig, ServeConfig, StoreConfig},
    data::Opened,
    environment::{Clock, SystemClock},
    factors::Factors,
    keys::TEST_PROJECT,
    serve::{self, Shutdown},
};

pub(super) async fn serve(data: DataConfig, config: ServeConfig) -> Result<(), CliError> {
    if matches!(data.store, StoreConfig::Sqlite(_)) {
        tracing::info!(data = shown(&data.data), "opening the data directory");
    }
    let Opened { keys, store } = open(&data).await?;
    if store.low_water_mark().await? == Millis::NEVER {
        store
            .raise_low_water_mark(Millis(SystemClock.now()))
            .await?;
        tracing::warn!("serving from a backup: tokens and sessions from before now are refused");
    }
    let bots = config.bot_keys.as_deref().map(Bots::read).transpose()?;
    let verifier = Verifier::with_keys(keys, store, Arc::new(SystemClock))?;
    let verifier = verifier
        .with_bots(bots.unwrap_or_default())
        .with_leaks(&data.data);
    let crawlers = { config.verify_bots }
        .then(|| Crawlers::new(config.dns_server, config.trusted_proxies.clone()))
        .transpose()?;
    let factors = Factors::new(FactorConfig::of(config.factors.clone())?)?;
    let verifier = verifier.with_factors(factors);
    let mut verifier = verifier.with_crawlers(crawlers).with_pow(config.pow);
    if config.allow_test_keys {
        tracing::warn!(
            project = TEST_PROJECT,
            "test keys are accepted: their secrets are public, so no real site may use them"
        );
        verifier = verifier.with_test_keys();
    }
    verifier.load_replays(config.replays).await?;
    let verifier = Arc::new(verifier);
    serve::run(verifier.clone(), config, Shutdown::on_signal()?).await?;
    verifier.page_loads.write(&*verifier.store).await?;
    verifier.store.close().await;
    tracing::info!("stopped");
    Ok(())
}
