use clap::Subcommand;
use touchstone_store::Millis;

use super::{CliError, open};
use crate::{
    config::DataConfig,
    data::Opened,
    environment::{Clock, SystemClock},
};

#[derive(Debug, Subcommand)]
pub(super) enum StoreCommand {
    /// Say that the database was restored from a backup: tokens and sessions from before now are not valid any more
    ///
    /// A backup has forgotten the tokens that were spent since it was made. Run this after restoring and before serving.
    Restored,
}

pub(super) async fn run(command: StoreCommand, config: &DataConfig) -> Result<(), CliError> {
    let StoreCommand::Restored = command;
    let Opened { store, .. } = open(config).await?;
    store
        .raise_low_water_mark(Millis(SystemClock.now()))
        .await?;
    store.close().await;
    println!("tokens of sessions opened before now are refused");
    Ok(())
}
