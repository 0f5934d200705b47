mod import;
mod meter;
mod remove;
mod stats;
mod verify;

use std::sync::Arc;

use clap::Subcommand;

use super::{CliError, open, print};
use crate::{config::DataConfig, leaks::VaultSafe};

#[derive(Debug, Subcommand)]
pub(super) enum LeaksCommand {
    /// Import lists of leaked passwords; a running server knows them at once
    ///
    /// Lists are files of lines, plain or packed by gzip or Zstandard; - is standard input. What cannot be read on a line is counted
    /// and passed over. An import that ends at any moment, even by a power cut, goes on where it was when it is started again with
    /// the same files. Each pair of user name and password takes some 10 to 20 ms of one core.
    Import(import::Import),
    /// Print how many passwords are known; reads the whole file
    Stats(stats::Stats),
    /// Check that the file is whole, and whether a pair is in it; reads the whole file
    Verify(verify::Verify),
    /// Forget all that was imported; the next import starts with a new key
    Remove,
}

pub(super) async fn run(command: LeaksCommand, config: &DataConfig) -> Result<(), CliError> {
    match command {
        LeaksCommand::Import(command) => {
            import::run(command, safe(config).await?, config.data.clone()).await
        }
        LeaksCommand::Stats(command) => stats::run(&command, &config.data),
        LeaksCommand::Verify(command) => verify::run(&command, &safe(config).await?, &config.data),
        LeaksCommand::Remove => remove::run(&config.data),
    }
}

/// What opens the key of the file.
async fn safe(config: &DataConfig) -> Result<VaultSafe, CliError> {
    let opened = open(config).await?;
    opened.store.close().await;
    Ok(VaultSafe(Arc::new(opened.keys.vault)))
}

const NOTHING: &str = "nothing was imported; import lists with: touchstone leaks import FILES";
