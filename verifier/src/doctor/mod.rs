//! Whether a verifier will serve well where it is, or why not, and what to do: one check a file, all of them in one table.
//!
//! Nothing is changed: no file, no record, no schema. A temporary file is written and removed to see how the disk does, and the keys of
//! the health probe where the store is Redis. Nothing is asked but the store, the mail server, the server of this configuration, and `--url`.

mod address;
mod certificate;
mod clock;
mod codes;
mod configuration;
mod data;
mod disk;
mod listen;
mod open_files;
mod proxies;
mod redis;
mod report;
mod ring;
mod server;
mod site;
mod sqlite;
mod visit;

use std::{future::Future, path::PathBuf, pin::Pin};

use hyper::Uri;
use touchstone_token::Millis;

use crate::config::{DataConfig, ServeConfig};

pub use report::Report;

/// What is looked at.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Where data are kept.
    pub data: DataConfig,
    /// How it is served.
    pub serve: ServeConfig,
    /// Variables `TOUCHSTONE_…` that no option reads.
    pub unknown_variables: Vec<String>,
    /// Where visitors reach it, base path included.
    pub url: Option<Uri>,
    /// The time.
    pub now: Millis,
}

/// What a check has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub level: Level,
    /// What is so.
    pub what: String,
    /// What to do about it; none where there is nothing to do.
    pub advice: Option<String>,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// As it should be.
    Ok,
    /// It serves, but worse or less safely than it could.
    Warning,
    /// It does not serve, or not everybody.
    Problem,
}

impl Finding {
    fn ok(what: impl Into<String>) -> Self {
        Self::new(Level::Ok, what, None)
    }

    fn warning(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::new(Level::Warning, what, Some(advice.into()))
    }

    fn problem(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::new(Level::Problem, what, Some(advice.into()))
    }

    fn new(level: Level, what: impl Into<String>, advice: Option<String>) -> Self {
        let what = what.into();
        Self {
            level,
            what,
            advice,
        }
    }
}

/// Makes all checks, one after the other.
pub async fn examine(setup: &Setup) -> Report {
    let mut report = Report::default();
    for (name, check) in CHECKS {
        report.add(name, check(setup).await);
    }
    report
}

/// Asks the running server alone, as a container's health check does.
pub async fn ask_server(setup: &Setup) -> Report {
    let mut report = Report::default();
    report.add("server", server::is_ready(setup).await);
    report
}

/// A configuration that does not hold leaves nothing else to look at.
pub fn refused(error: &crate::config::ConfigError) -> Report {
    let mut report = Report::default();
    let advice = "correct the option; `touchstone serve --help` lists all of them";
    let finding = Finding::problem(error.to_string(), advice);
    report.add("configuration", vec![finding]);
    report
}

type Check = for<'a> fn(&'a Setup) -> Pin<Box<dyn Future<Output = Vec<Finding>> + Send + 'a>>;

const CHECKS: &[(&str, Check)] = &[
    ("configuration", |setup| {
        Box::pin(configuration::check(setup))
    }),
    ("data", |setup| Box::pin(data::check(setup))),
    ("disk", |setup| Box::pin(disk::check(setup))),
    ("clock", |setup| Box::pin(clock::check(setup))),
    ("sqlite", |setup| Box::pin(sqlite::check(setup))),
    ("redis", |setup| Box::pin(redis::check(setup))),
    ("ring", |setup| Box::pin(ring::check(setup))),
    ("certificate", |setup| Box::pin(certificate::check(setup))),
    ("listen", |setup| Box::pin(listen::check(setup))),
    ("proxies", |setup| Box::pin(proxies::check(setup))),
    ("codes", |setup| Box::pin(codes::check(setup))),
    ("open files", |setup| Box::pin(open_files::check(setup))),
    ("server", |setup| Box::pin(server::check(setup))),
    ("site", |setup| Box::pin(site::check(setup))),
];

/// The nearest folder above that exists, for what is not made yet.
fn existing(path: &std::path::Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let found = absolute.ancestors().find(|folder| folder.is_dir());
    found.map_or_else(|| "/".into(), Into::into)
}
