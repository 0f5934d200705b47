use std::{fmt::Write, io::Read, sync::Arc};

use clap::Args;
use serde_json::{Value, json};
use touchstone_api::Evidence;

use super::{CliError, open, print, shown};
use crate::{
    Verifier,
    config::{DataConfig, StoreConfig},
    data::Opened,
    environment::SystemClock,
    steps::{Explained, explain},
};

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The token's text, or - to read it from standard input
    token: String,

    /// Print the facts that the token carries, too
    #[arg(long)]
    facts: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(command: Explain, config: &DataConfig) -> Result<(), CliError> {
    // A token cannot belong to a data directory that is yet to be made.
    if matches!(config.store, StoreConfig::Sqlite(_)) && !config.data.is_dir() {
        return Err(format!("there is no data directory {}", shown(&config.data)).into());
    }
    let text = match command.token.as_str() {
        "-" => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text)?;
            text
        }
        text => text.to_owned(),
    };
    let Opened { keys, store } = open(config).await?;
    let verifier = Verifier::with_keys(keys, store.clone(), Arc::new(SystemClock))?;
    let explained = explain(&verifier, text.trim());
    store.close().await;
    let explained = explained?;
    print(
        command.json,
        &as_json(&explained, command.facts),
        as_text(&explained, command.facts).trim_end(),
    );
    Ok(())
}

fn as_json(explained: &Explained, facts: bool) -> Value {
    let Explained {
        token, evaluation, ..
    } = explained;
    let mut value = json!({
        "token": token.id().to_string(),
        "siteKey": token.site_key,
        "project": token.project,
        "action": token.action,
        "hostname": token.hostname,
        "userIpAddress": token.address,
        "userAgent": token.user_agent,
        "issuedAt": token.issued_at,
        "expiresInMs": explained.expires_in,
        "clientSignalsFailed": token.client_signals_failed,
        "challenge": token.challenge.name(),
        "score": (f64::from(evaluation.score.level()) / 10.0),
        "reasons": explained.reasons(),
        "touchstone": explained.explanation(),
    });
    if facts {
        value["facts"] = columns(explained)
            .into_iter()
            .map(|(name, number)| (name.to_owned(), json!(number)))
            .collect();
    }
    value
}

fn as_text(explained: &Explained, facts: bool) -> String {
    let Explained {
        token, evaluation, ..
    } = explained;
    let reasons = explained.reasons();
    let or_none = |text: &str| match text {
        "" => "none".to_owned(),
        text => printable(text),
    };
    let mut out = String::new();
    for (name, value) in [
        ("token", token.id().to_string()),
        (
            "expires in",
            format!("{} s", explained.expires_in.div_ceil(1_000)),
        ),
        ("project", token.project.clone()),
        ("site key", token.site_key.clone()),
        ("action", or_none(&token.action)),
        (
            "host",
            or_none(token.hostname.as_deref().unwrap_or_default()),
        ),
        ("address", token.address.to_string()),
        ("user agent", or_none(&token.user_agent)),
        ("challenge", token.challenge.name().to_owned()),
        ("score", evaluation.score.to_string()),
        ("reasons", or_none(&reasons.join(", "))),
    ] {
        line(&mut out, format_args!("{name:<12}{value}"));
    }
    let evidence = explained.explanation().evidence;
    out.push('\n');
    out.push_str(&table(&evidence));
    let (prior, sum) = (evaluation.prior, evaluation.sum);
    line(
        &mut out,
        format_args!("\nprior {prior:+.2} and the weights make {sum:+.2} (log-odds of a person)"),
    );
    if facts {
        out.push('\n');
        let columns = columns(explained);
        let width = columns.iter().map(|(name, _)| name.len()).max();
        for (name, number) in columns {
            line(
                &mut out,
                format_args!("{name:<width$}  {number}", width = width.unwrap_or(0)),
            );
        }
    }
    out
}

fn table(evidence: &[Evidence]) -> String {
    let width = |of: fn(&Evidence) -> &str, least: usize| {
        let widths = evidence.iter().map(|finding| of(finding).len());
        widths.fold(least, usize::max)
    };
    let (names, causes) = (width(|e| &e.name, 8), width(|e| &e.cause, 5));
    let mut out = String::new();
    line(
        &mut out,
        format_args!(
            "tier  weight  {:<names$}  {:<causes$}  what was seen",
            "detector", "cause"
        ),
    );
    for finding in evidence {
        let Evidence {
            name,
            cause,
            tier,
            weight,
            detail,
            ..
        } = finding;
        // A weight that the rules took away may be a negative zero.
        let weight = weight + 0.0;
        line(
            &mut out,
            format_args!("{tier:<4}  {weight:>+6.2}  {name:<names$}  {cause:<causes$}  {detail}"),
        );
    }
    if evidence.is_empty() {
        line(&mut out, format_args!("nothing was found either way"));
    }
    out
}

fn columns(explained: &Explained) -> Vec<(&'static str, f32)> {
    explained
        .facts
        .as_ref()
        .map(|facts| facts.columns())
        .unwrap_or_default()
}

/// What a page or a visitor chose, without what a terminal would obey.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    let _ = writeln!(out, "{text}");
}
