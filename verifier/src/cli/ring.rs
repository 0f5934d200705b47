use clap::{Args, Subcommand};
use serde_json::json;
use touchstone_token::PUBLISH_BEFORE_MS;

use super::{CliError, print};
use crate::{
    config::DataConfig,
    data::DataDir,
    environment::{Clock, SystemClock},
};

#[derive(Debug, Subcommand)]
pub(super) enum RingCommand {
    /// Add a new sealing key; running servers take it up by themselves, old tokens stay valid
    Rotate(Rotate),
}

#[derive(Debug, Args)]
pub(super) struct Rotate {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: RingCommand, config: &DataConfig) -> Result<(), CliError> {
    let RingCommand::Rotate(command) = command;
    let now = SystemClock.now();
    let data = DataDir::open(&config.data, config.store.database(), now)?;
    let ring = data.rotate_ring(now)?;
    let ids: Vec<u32> = ring.keys().map(|key| key.id.0).collect();
    let newest = ids.iter().max().copied().unwrap_or_default();
    let text = format!(
        "key {newest} seals in {} seconds; keys in the ring: {ids:?}",
        PUBLISH_BEFORE_MS / 1_000
    );
    print(
        command.json,
        &json!({"newest": newest, "keys": ids, "sealsFrom": now + PUBLISH_BEFORE_MS}),
        &text,
    );
    Ok(())
}
