use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;
use touchstone_store::Millis;

use super::{CliError, open, print, shown};
use crate::{
    config::{DataConfig, StoreConfig},
    data::{DataDir, Opened},
    environment::{Clock, SystemClock},
};

#[derive(Debug, Subcommand)]
pub(super) enum StoreCommand {
    /// Copy key ring, vault key and database into a new folder, while serving
    ///
    /// To restore, serve from the folder or from a copy of it: `touchstone serve --data DIR`. Tokens and sessions from before that
    /// are not valid there, since a backup has forgotten the tokens that were spent since it was made.
    Backup(Backup),
    /// Say that the database was restored from a backup: tokens and sessions from before now are not valid any more
    ///
    /// A backup has forgotten the tokens that were spent since it was made. Run this after restoring and before serving, unless
    /// `store backup` made the backup: then the first `serve` does it.
    Restored,
}

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The folder that is made; nothing is overwritten
    #[arg(value_name = "DIR")]
    to: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(command: StoreCommand, config: &DataConfig) -> Result<(), CliError> {
    match command {
        StoreCommand::Backup(command) => back_up(&command, config),
        StoreCommand::Restored => restored(config).await,
    }
}

fn back_up(command: &Backup, config: &DataConfig) -> Result<(), CliError> {
    if let StoreConfig::Redis(_) = config.store {
        return Err(
            "records and keys are in Redis: back it up by its own means (BGSAVE, or a copy of its append-only file), and the \
             key-encryption key apart from it. After restoring it, run: touchstone store restored"
                .into(),
        );
    }
    // Opening what is not there would make it.
    if !config.data.is_dir() {
        return Err(format!("there is no data directory {}", shown(&config.data)).into());
    }
    let data = DataDir::open(&config.data, config.store.database(), SystemClock.now())?;
    data.back_up(&command.to)?;
    let to = shown(&command.to);
    let text =
        format!("{to} holds key ring, vault key and database; keep it as secret as they are");
    print(command.json, &json!({ "backup": to }), &text);
    Ok(())
}

async fn restored(config: &DataConfig) -> Result<(), CliError> {
    let Opened { store, .. } = open(config).await?;
    store
        .raise_low_water_mark(Millis(SystemClock.now()))
        .await?;
    store.close().await;
    println!("tokens of sessions opened before now are refused");
    Ok(())
}
