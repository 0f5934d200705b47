//! Measures a whole verifier on loopback, beside a server that does nothing but HTTP.
//!
//! `cargo run --release -p touchstone-load` measures everything; a subcommand measures one thing. The server under test is
//! this same program, started again: what runs then is `touchstone serve`, with its own data in a temporary directory, on a
//! processor of its own. Requests are made beforehand, each with a token or an envelope of its own.
//!
//! ```text
//! compare, rows, latency, memory, profile ─▶ site (keys, requests) ─▶ visits
//!                                         ├▶ server (child process) ─▶ touchstone, hello, a peer
//!                                         └▶ client (connections) ─▶ run (figures)
//! ```

mod client;
mod compare;
mod disk;
mod hello;
mod latency;
mod memory;
mod peers;
mod pin;
mod profile;
mod rows;
mod run;
mod server;
mod site;
mod visits;

use std::{env, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use serde_json::{Value, json};

use server::Role;

/// Measures a whole verifier on loopback.
#[derive(Debug, Parser)]
#[command(name = "touchstone-load")]
struct Options {
    #[command(subcommand)]
    what: Option<What>,
    /// How often everything is measured, by turns
    #[arg(long, default_value_t = 5, global = true)]
    rounds: usize,
    /// Requests in each measurement
    #[arg(long, default_value_t = 20_000, global = true)]
    requests: usize,
    /// Writes all figures to this file, too
    #[arg(long, global = true)]
    json: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum What {
    /// Requests a second: assessments, tokens, nothing but HTTP, and peers
    Compare,
    /// Assessments a second with 2,000 to 1,000,000 spent tokens in the store
    Rows,
    /// Latency at 32 connections, against the disk's own, and without a disk
    Latency,
    /// Memory of the server: idle, and by token
    Memory,
    /// Instructions of an assessment and of a token, and where they go (needs valgrind)
    Profile,
}

/// What ends a run early: a sentence for whoever started it.
type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    match env::var(server::ROLE).as_deref() {
        Ok(Role::TOUCHSTONE) => return touchstone::cli::run(),
        Ok(Role::HELLO) => return told(hello::run()),
        _ => {}
    }
    told(measure(&Options::parse()))
}

fn measure(options: &Options) -> Result<(), Failure> {
    // Leaves one processor to the servers, and keeps the client on another.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let all = [What::Compare, What::Rows, What::Latency, What::Memory];
        let wanted = options.what.map_or(all.to_vec(), |what| vec![what]);
        let mut figures = serde_json::Map::new();
        for what in wanted {
            let (name, value): (_, Value) = match what {
                What::Compare => ("compare", compare::measure(options).await?),
                What::Rows => ("rows", rows::measure(options).await?),
                What::Latency => ("latency", latency::measure(options).await?),
                What::Memory => ("memory", memory::measure(options).await?),
                What::Profile => ("profile", profile::measure(options).await?),
            };
            figures.insert(name.to_owned(), value);
            println!();
        }
        if let Some(file) = &options.json {
            std::fs::write(file, format!("{:#}\n", json!(figures)))?;
        }
        Ok(())
    })
}

fn told(ended: Result<(), Failure>) -> ExitCode {
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("touchstone-load: {error}");
            ExitCode::FAILURE
        }
    }
}
