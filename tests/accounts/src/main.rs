//! `simulate-accounts calibrate` prints the constants of `verifier/accounts/src/calibration.rs`;
//! `simulate-accounts report` prints the table of `docs/accounts.md`. Both in minutes, with `--release`.

use clap::{Parser, ValueEnum};
use touchstone_simulation::{Annotates, CountedBy, Family, Size, Trial, calibration, table};

/// A simulated site, which the account defender is measured on.
#[derive(Debug, Parser)]
struct Cli {
    /// What is to be printed.
    what: What,
    /// Worlds of the family.
    #[arg(long, default_value_t = 16)]
    seeds: u64,
    /// People of each world.
    #[arg(long, default_value_t = 4_000)]
    people: usize,
    /// Days before anything is measured.
    #[arg(long, default_value_t = 60)]
    warm_up: u64,
    /// Count across accounts as a verifier does; takes ten times as long.
    #[arg(long)]
    as_verifier: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// Constants, from the seeds that are for it.
    Calibrate,
    /// A table of the seeds that the constants come from.
    Try,
    /// The table, from seeds that no constant comes from.
    Report,
}

fn main() {
    let cli = Cli::parse();
    let family = match cli.what {
        What::Calibrate | What::Try => Family::Calibration,
        What::Report => Family::Report,
    };
    let by = match cli.as_verifier {
        true => CountedBy::Verifier,
        false => CountedBy::Simulation,
    };
    let size = Size {
        people: cli.people,
        warm_up: cli.warm_up,
    };
    let arms = [Annotates::Nothing, Annotates::All].map(|annotates| {
        let run = |number| Trial::run(family, number, annotates, by, size);
        (annotates, (0..cli.seeds).map(run).collect::<Vec<_>>())
    });
    match cli.what {
        What::Calibrate => print!("{}", calibration(&arms)),
        What::Try | What::Report => print!("{}", table(&arms)),
    }
}
