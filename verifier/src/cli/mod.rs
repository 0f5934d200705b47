//! The command line: one verb a file. Every command takes `--data` and `--store`; what a program reads comes by `--json`.

mod account;
mod api_key;
mod doctor;
mod explain;
mod key;
mod leaks;
mod ring;
mod score;
mod serve;
mod store;

use std::{env, io::IsTerminal, path::PathBuf, process::ExitCode};

use clap::{CommandFactory, Parser, Subcommand};
use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt, util::SubscriberInitExt};

use crate::{
    config::{
        self, DataConfig, DataOptions, FactorOptions, KekConfig, KekText, LogFormat, ServeOptions,
    },
    data::{DataError, Opened},
    demo::DemoOptions,
    environment::{Clock, SystemClock},
    spans::Spans,
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
    #[command(flatten)]
    Work(Work),
    /// Look for what keeps a verifier from serving well, and say what to do
    ///
    /// Takes the options of `serve`, so that it looks at what would be served. Changes nothing. Fails if it finds a problem.
    Doctor(Box<doctor::Doctor>),
}

/// What needs a configuration that holds.
#[derive(Debug, Subcommand)]
enum Work {
    /// Serve the agent and answer assessments
    ///
    /// The first run creates the data directory with a key ring, a vault key and a database, and says where; with Redis, the keys
    /// are made in there. Stops on SIGTERM or Ctrl-C, after the requests under way are answered.
    Serve(Box<ServeOptions>),
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
    /// Erase what is kept of accounts
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// Print the evidence of a token that has not expired; it is neither spent nor counted
    Explain(explain::Explain),
    /// Change the keys that tokens are sealed under, and share them between verifiers
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
        Ok(code) => code,
        Err(error) => {
            eprintln!("touchstone: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What ends a command early: a sentence for the operator.
type CliError = Box<dyn std::error::Error + Send + Sync>;

fn execute(cli: Cli) -> Result<ExitCode, CliError> {
    let common = DataOptions {
        kek: env::var(KekConfig::VARIABLE)
            .ok()
            .map(|text| KekText(text.into())),
        ..cli.common
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    match cli.command {
        Command::Work(work) => {
            runtime.block_on(do_work(work, &common))?;
            Ok(ExitCode::SUCCESS)
        }
        // What is wrong with the configuration is the first thing that it tells.
        Command::Doctor(command) => Ok(runtime.block_on(doctor::run(*command, &common))),
    }
}

async fn do_work(work: Work, common: &DataOptions) -> Result<(), CliError> {
    let serve = match &work {
        Work::Serve(options) => with_secrets((**options).clone()),
        _ => ServeOptions::default(),
    };
    let (data, serve) = config::resolve(common, serve)?;
    let endpoint = data.otlp_endpoint.as_ref();
    let spans = endpoint.map(Spans::to).transpose()?;
    log_to_stderr(&data, spans.as_ref())?;
    for name in unknown_variables() {
        tracing::warn!(name, "this variable is not known and has no effect");
    }
    let done = match work {
        Work::Serve(_) => serve::serve(data, serve).await,
        Work::Demo(options) => Ok(crate::demo::run(options, &data).await?),
        Work::Key(command) => key::run(command, &data).await,
        Work::ApiKey(command) => api_key::run(command, &data).await,
        Work::Account(command) => account::run(command, &data).await,
        Work::Explain(command) => explain::run(command, &data).await,
        Work::Ring(command) => ring::run(command, &data).await,
        Work::Leaks(command) => leaks::run(command, &data).await,
        Work::Store(command) => store::run(command, &data).await,
        Work::Score(options) => score::run(&options),
    };
    if let Some(spans) = spans {
        spans.end().await;
    }
    done
}

/// The store and its keys, for one command.
async fn open(config: &DataConfig) -> Result<Opened, DataError> {
    Opened::open(config, SystemClock.now()).await
}

/// Prints one record for a program or for a person.
fn print(json: bool, value: &serde_json::Value, text: &str) {
    if json {
        println!("{value}")
    } else {
        println!("{text}")
    }
}

fn log_to_stderr(config: &DataConfig, spans: Option<&Spans>) -> Result<(), CliError> {
    let filter = EnvFilter::try_new(&config.log)
        .map_err(|error| format!("--log {:?}: {error}", config.log))?;
    let terminal = std::io::stderr().is_terminal();
    let form = config.log_format.unwrap_or(if terminal {
        LogFormat::Pretty
    } else {
        LogFormat::Json
    });
    let log = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let log = match form {
        LogFormat::Pretty => log.with_ansi(terminal).boxed(),
        LogFormat::Json => log.json().flatten_event(true).boxed(),
    };
    let started = tracing_subscriber::registry()
        .with(log.with_filter(filter))
        .with(spans.map(Spans::layer))
        .try_init();
    started.map_err(|error| format!("the log cannot be started: {error}").into())
}

/// With what only variables may hold.
fn with_secrets(options: ServeOptions) -> ServeOptions {
    let factors = options.factors.with_secrets(|name| env::var(name).ok());
    ServeOptions { factors, ..options }
}

/// Variables `TOUCHSTONE_…` that no option reads.
fn unknown_variables() -> Vec<String> {
    let command = Cli::command();
    let commands = std::iter::once(&command).chain(command.get_subcommands());
    let known: Vec<String> = commands
        .flat_map(|command| command.get_arguments())
        .filter_map(|argument| argument.get_env())
        .map(|name| name.to_string_lossy().into_owned())
        .chain([KekConfig::VARIABLE.to_owned()])
        .chain(FactorOptions::VARIABLES.map(str::to_owned))
        .collect();
    let set: Vec<String> = env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .collect();
    let unknown = config::unknown_variables(&known, set.iter().map(String::as_str));
    unknown.into_iter().map(str::to_owned).collect()
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
