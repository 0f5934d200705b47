//! The command line: one verb a file. Every command takes `--data` and `--store`; what a program reads comes by `--json`.

mod api_key;
mod explain;
mod key;
mod leaks;
mod ring;
mod score;
mod serve;
mod store;

use std::{env, io::IsTerminal, path::PathBuf, process::ExitCode, sync::Arc};

use clap::{CommandFactory, Parser, Subcommand};
use touchstone_store::Store;
use tracing_subscriber::EnvFilter;

use crate::{
    config::{self, DataConfig, DataOptions, LogFormat, ServeOptions},
    data::{DataDir, DataError},
    demo::DemoOptions,
    environment::{Clock, SystemClock},
};

/// Self-hosted, invisible bot scoring with the reCAPTCHA Enterprise contract.
///
/// To look around:      touchstone demo
///
/// To protect a site:   touchstone key create --project shop --name web --domain shop.example
///                      touchstone api-key create --project shop
///                      touchstone serve --listen 0.0.0.0:8080
#[derive(Debug, Parser)]
#[command(name = "touchstone", version, verbatim_doc_comment)]
struct Cli {
    #[command(flatten)]
    common: DataOptions,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the agent and answer assessments
    ///
    /// The first run creates the data directory with a key ring, a vault key and a database, and says where. Stops on
    /// SIGTERM or Ctrl-C, after the requests under way are answered.
    Serve(ServeOptions),
    /// Show a protected login page with everything behind it, on this machine alone
    ///
    /// Serves a small site and, on another port, a verifier with a project, a site key and an API key of their own in a
    /// temporary directory.
    Demo(DemoOptions),
    /// Make, list and delete site keys
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Make, list and revoke API keys
    #[command(subcommand, name = "api-key")]
    ApiKey(api_key::ApiKeyCommand),
    /// Print the evidence of a token that has not expired; it is neither spent nor counted
    Explain(explain::Explain),
    /// Change the keys that tokens are sealed under
    #[command(subcommand)]
    Ring(ring::RingCommand),
    /// Import lists of leaked passwords, and look after them
    #[command(subcommand)]
    Leaks(leaks::LeaksCommand),
    /// Look after the database
    #[command(subcommand)]
    Store(store::StoreCommand),
    Score(score::ScoreOptions),
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match execute(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("touchstone: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What ends a command early: a sentence for the operator.
type CliError = Box<dyn std::error::Error + Send + Sync>;

fn execute(cli: Cli) -> Result<(), CliError> {
    let serve = match &cli.command {
        Command::Serve(options) => options.clone(),
        _ => ServeOptions::default(),
    };
    let (data, serve) = config::resolve(&cli.common, serve)?;
    log_to_stderr(&data)?;
    warn_of_unknown_variables();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match cli.command {
            Command::Serve(_) => serve::serve(data, serve).await,
            Command::Demo(options) => Ok(crate::demo::run(options, &data).await?),
            Command::Key(command) => key::run(command, &data).await,
            Command::ApiKey(command) => api_key::run(command, &data).await,
            Command::Explain(command) => explain::run(command, &data).await,
            Command::Ring(command) => ring::run(command, &data),
            Command::Leaks(command) => leaks::run(command, &data).await,
            Command::Store(command) => store::run(command, &data).await,
            Command::Score(options) => score::run(&options),
        }
    })
}

/// The data directory and its store, for one command.
async fn open(config: &DataConfig) -> Result<(DataDir, Arc<dyn Store>), DataError> {
    let now = SystemClock.now();
    let data = DataDir::open(&config.data, config.store.database(), now)?;
    let store = data.open_store(&config.store, now).await?;
    Ok((data, store))
}

/// Prints one record for a program or for a person.
fn print(json: bool, value: &serde_json::Value, text: &str) {
    if json {
        println!("{value}")
    } else {
        println!("{text}")
    }
}

fn log_to_stderr(config: &DataConfig) -> Result<(), CliError> {
    let filter = EnvFilter::try_new(&config.log)
        .map_err(|error| format!("--log {:?}: {error}", config.log))?;
    let terminal = std::io::stderr().is_terminal();
    let form = config.log_format.unwrap_or(if terminal {
        LogFormat::Pretty
    } else {
        LogFormat::Json
    });
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let started = match form {
        LogFormat::Pretty => log.with_ansi(terminal).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| format!("the log cannot be started: {error}").into())
}

fn warn_of_unknown_variables() {
    let command = Cli::command();
    let commands = std::iter::once(&command).chain(command.get_subcommands());
    let known: Vec<String> = commands
        .flat_map(|command| command.get_arguments())
        .filter_map(|argument| argument.get_env())
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    let set: Vec<String> = env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .collect();
    for name in config::unknown_variables(&known, set.iter().map(String::as_str)) {
        tracing::warn!(name, "this variable is not known and has no effect");
    }
}

/// Where a command's data directory is, for messages.
fn shown(path: &PathBuf) -> String {
    std::path::absolute(path)
        .unwrap_or_else(|_| path.clone())
        .display()
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
