use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;
use touchstone_token::{KeyEncryptionKey, KeyRing, Millis};

use super::{CliError, open, print, shown};
use crate::{
    config::{DataConfig, StoreConfig},
    data::{DataDir, Keks, KeySource, SharedKeys, open_redis},
    environment::{Clock, SystemClock, fresh},
};

#[derive(Debug, Subcommand)]
pub(super) enum RingCommand {
    /// Add a new sealing key; running servers take it up by themselves, old tokens stay valid
    ///
    /// Within 70 seconds of a rotation another one adds nothing: several at once are one.
    Rotate(Rotate),
    /// Make a key-encryption key, which wraps the keys in a shared store
    ///
    /// Hand the same one to every verifier by --kek-file or TOUCHSTONE_KEK, and keep a copy apart from the store.
    Kek(Kek),
    /// Put ring.json and vault.key of the data directory into the store named by --store
    ///
    /// For a store that was made when verifiers had these files each: what was sealed and hashed stays valid. The files are not
    /// needed afterwards.
    Import(Import),
    /// Wrap the keys in the store under another key-encryption key
    ///
    /// First give every verifier both keys, one a line in its --kek-file, and restart it; then rewrap; then take the old line
    /// away. Nothing that was sealed changes.
    Rewrap(Rewrap),
}

#[derive(Debug, Args)]
pub(super) struct Rotate {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Kek {
    /// A new file, for its owner alone; without one, the key is printed
    file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Import {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Rewrap {
    /// The key to wrap under; the first one, if the file has several
    #[arg(long, value_name = "FILE")]
    new_kek_file: PathBuf,
}

pub(super) async fn run(command: RingCommand, config: &DataConfig) -> Result<(), CliError> {
    let now = SystemClock.now();
    match command {
        RingCommand::Rotate(command) => rotate(&command, config, now).await,
        RingCommand::Kek(command) => make_kek(command.file),
        RingCommand::Import(command) => import(&command, config, now).await,
        RingCommand::Rewrap(command) => rewrap(&command, config, now).await,
    }
}

async fn rotate(command: &Rotate, config: &DataConfig, now: Millis) -> Result<(), CliError> {
    let source = match &config.store {
        StoreConfig::Sqlite(file) => {
            KeySource::Files(DataDir::open(&config.data, file.as_deref(), now)?)
        }
        StoreConfig::Redis(_) => open(config).await?.keys.source,
    };
    let ring = source.rotate(now).await?;
    let newest = ring.keys().last();
    let (id, seals_from) = newest.map_or((0, now), |key| (key.id.0, key.seals_from));
    let text = format!(
        "key {id} seals in {} seconds; keys in the ring: {:?}",
        seals_from.saturating_sub(now).div_ceil(1_000),
        ids(&ring)
    );
    let value = json!({"newest": id, "keys": ids(&ring), "sealsFrom": seals_from});
    print(command.json, &value, &text);
    Ok(())
}

fn make_kek(file: Option<PathBuf>) -> Result<(), CliError> {
    let key = KeyEncryptionKey::new(fresh()?);
    match file {
        None => println!("{}", *key.text()),
        Some(file) => {
            Keks::write_file(&file, &key)?;
            println!(
                "made key-encryption key {:08x} in {}",
                key.id().0,
                shown(&file)
            );
        }
    }
    Ok(())
}

async fn import(command: &Import, config: &DataConfig, now: Millis) -> Result<(), CliError> {
    let shared = shared(config, now).await?;
    let ring = shared.import(&DataDir::existing(&config.data)?).await?;
    let text = format!(
        "the store has the keys now: {:?}; those in {} are not needed any more",
        ids(&ring),
        shown(&config.data)
    );
    print(command.json, &json!({"keys": ids(&ring)}), &text);
    Ok(())
}

async fn rewrap(command: &Rewrap, config: &DataConfig, now: Millis) -> Result<(), CliError> {
    let new = Keks::read_file(&command.new_kek_file)?;
    shared(config, now).await?.rewrap(new).await?;
    println!(
        "the keys in the store are wrapped under the first key of {}",
        shown(&command.new_kek_file)
    );
    Ok(())
}

/// The keys of the store, whatever state they are in.
async fn shared(config: &DataConfig, now: Millis) -> Result<SharedKeys, CliError> {
    let StoreConfig::Redis(options) = &config.store else {
        return Err(
            "this is for stores that verifiers share; name one by --store redis://HOST".into(),
        );
    };
    let keks = Keks::read(&config.kek)?;
    let store = open_redis(options, now).await?;
    Ok(SharedKeys::new(store, keks, options.prefix.clone()))
}

fn ids(ring: &KeyRing) -> Vec<u32> {
    ring.keys().map(|key| key.id.0).collect()
}
