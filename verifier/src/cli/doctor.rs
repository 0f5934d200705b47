use std::{io::IsTerminal, process::ExitCode};

use clap::Args;
use hyper::Uri;

use super::unknown_variables;
use crate::{
    config::{self, ConfigError, DataOptions, ServeOptions},
    doctor::{self, Report, Setup},
    environment::{Clock, SystemClock},
};

#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// Where visitors reach the verifier, base path included: is asked as a browser would
    #[arg(long, value_name = "URL", value_parser = site)]
    url: Option<Uri>,
    /// Only ask the running server whether it is ready, as a health check does
    #[arg(long, conflicts_with = "url")]
    quick: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    serve: ServeOptions,
}

/// Prints what was found. Fails if there is a problem; a warning is none.
pub(super) async fn run(command: Doctor, common: &DataOptions) -> ExitCode {
    let Doctor {
        url,
        quick,
        json,
        serve,
    } = command;
    let report = match setup(common, serve, url) {
        Ok(setup) if quick => doctor::ask_server(&setup).await,
        Ok(setup) => doctor::examine(&setup).await,
        Err(error) => doctor::refused(&error),
    };
    print(&report, json, quick);
    match report.is_well() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

fn setup(
    common: &DataOptions,
    serve: ServeOptions,
    url: Option<Uri>,
) -> Result<Setup, ConfigError> {
    let (data, serve) = config::resolve(common, super::with_secrets(serve))?;
    Ok(Setup {
        data,
        serve,
        unknown_variables: unknown_variables(),
        url,
        now: SystemClock.now(),
    })
}

/// A health check that finds nothing says nothing.
fn print(report: &Report, json: bool, quick: bool) {
    match (json, quick && report.is_well()) {
        (true, _) => println!("{}", report.json()),
        (false, true) => {}
        (false, false) => print!("{}", report.text(std::io::stdout().is_terminal())),
    }
}

fn site(text: &str) -> Result<Uri, String> {
    let uri: Uri = text.parse().map_err(|_| NO_SITE)?;
    let is_web = matches!(uri.scheme_str(), Some("http" | "https")) && uri.query().is_none();
    is_web.then_some(uri).ok_or_else(|| NO_SITE.to_owned())
}

const NO_SITE: &str = "must be an address such as https://captcha.shop.example";
