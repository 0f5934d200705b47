//! Trains and measures Touchstone's behaviour model.
//!
//! ```text
//! cargo xtask train --data DIR            writes verifier/score/src/model/behaviour.model; --check compares instead
//! cargo xtask bench --data DIR            errors on people and scripts left out, as a table; --json FILE, --docs
//! cargo xtask features --data DIR --out FILE.csv
//! ```
//!
//! DIR holds `train/` (people to learn from), `validate/` (people only to measure errors on) and `bots/`.

mod bench;
mod bots;
mod carrier;
mod dice;
mod example;
mod features;
mod fit;
mod hands;
mod law;
mod outliers;
mod people;
mod roc;
mod script;
mod statistics;
mod tables;
mod train;
mod trees;
mod typists;

use std::{error::Error, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

/// Trains and measures Touchstone's behaviour model
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Learn the model from data and seeds
    Train {
        /// Folder with train/ and bots/
        #[arg(long)]
        data: PathBuf,
        /// Compare with the shipped model instead of writing it
        #[arg(long)]
        check: bool,
    },
    /// Measure errors on people and scripts left out
    Bench {
        /// Folder with train/, validate/ and bots/
        #[arg(long)]
        data: PathBuf,
        /// Folder of recorded strokes of generators that nothing is learnt from, in the format of bots/
        #[arg(long)]
        strangers: Option<PathBuf>,
        /// Write every number to this file, too
        #[arg(long)]
        json: Option<PathBuf>,
        /// Write the tables into docs/levels.md and the curves into docs/roc.svg
        #[arg(long)]
        docs: bool,
    },
    /// Write the features of every interaction as comma-separated values
    Features {
        /// Folder with train/, validate/ and bots/
        #[arg(long)]
        data: PathBuf,
        /// The file
        #[arg(long)]
        out: PathBuf,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), Box<dyn Error>> {
    match command {
        Command::Train { data, check } => {
            let bytes = train::train(&train::examples(&data)?)?.encode();
            let file = repository().join(MODEL);
            if !check {
                std::fs::write(&file, &bytes)?;
                println!("{} bytes written to {}", bytes.len(), file.display());
            } else if std::fs::read(&file)? == bytes {
                println!("the shipped model is the one that this data gives");
            } else {
                return Err("the shipped model is not the one that this data gives".into());
            }
        }
        Command::Bench {
            data,
            strangers,
            json,
            docs,
        } => {
            let report = bench::bench(&data, strangers.as_deref())?;
            print!("{}", tables::sources(&report));
            print!("\n{}", tables::operating_points(&report));
            if let Some(file) = json {
                std::fs::write(file, serde_json::to_vec_pretty(&report)?)?;
            }
            if docs {
                std::fs::write(repository().join(LEVELS), tables::levels_document(&report))?;
                roc::draw(&report.curves, &repository().join(CURVES))?;
            }
        }
        Command::Features { data, out } => features::write(&data, &out)?,
    }
    Ok(())
}

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

const MODEL: &str = "verifier/score/src/model/behaviour.model";
const LEVELS: &str = "docs/levels.md";
const CURVES: &str = "docs/roc.svg";
