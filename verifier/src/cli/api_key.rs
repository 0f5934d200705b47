use clap::{Args, Subcommand};
use serde_json::json;
use touchstone_store::{ApiKey, ApiKeyId, Millis, ProjectId};

use super::{CliError, open, print};
use crate::{
    config::DataConfig,
    data::Opened,
    environment::{Clock, SystemClock},
    keys::{Scope, new_api_key},
};

#[derive(Debug, Subcommand)]
pub(super) enum ApiKeyCommand {
    /// Make an API key for a backend; it is shown this once
    Create(Create),
    /// List the API keys of a project, without the keys themselves
    List(List),
    /// Revoke an API key; takes effect within five seconds
    Revoke(Revoke),
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// The one project that the key opens
    #[arg(long, value_name = "P")]
    project: ProjectId,
    /// What you call it
    #[arg(long, value_name = "N", default_value = "")]
    name: String,
    /// What it may do: assessments.create, .annotate and .explain; .read and .write of keys, policies and firewallpolicies;
    /// .read of legacysecrets, metrics and relatedaccountgroups (repeatable) [default: all]
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<Scope>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// The project
    #[arg(long, value_name = "P")]
    project: ProjectId,
    /// Print JSON, one object a line
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Revoke {
    /// Its id, as `api-key list` shows it
    id: ApiKeyId,
}

pub(super) async fn run(command: ApiKeyCommand, config: &DataConfig) -> Result<(), CliError> {
    match command {
        ApiKeyCommand::Create(command) => create(command, config).await,
        ApiKeyCommand::List(command) => list(command, config).await,
        ApiKeyCommand::Revoke(command) => revoke(command, config).await,
    }
}

async fn create(command: Create, config: &DataConfig) -> Result<(), CliError> {
    let Opened { keys, store } = open(config).await?;
    let scopes = if command.scope.is_empty() {
        Scope::ALL.to_vec()
    } else {
        command.scope
    };
    let now = Millis(SystemClock.now());
    let minted = new_api_key(&keys.vault, command.project, command.name, &scopes, now)?;
    store.create_api_key(minted.record.clone()).await?;
    store.close().await;
    let mut value = described(&minted.record);
    value["apiKey"] = json!(*minted.text);
    let text = format!(
        "API key  {}\nid       {}\n\nIt goes into your backend (header x-goog-api-key). It is not shown again.",
        *minted.text, minted.record.id
    );
    print(command.json, &value, &text);
    Ok(())
}

async fn list(command: List, config: &DataConfig) -> Result<(), CliError> {
    let Opened { store, .. } = open(config).await?;
    let keys = store.api_keys(&command.project).await?;
    store.close().await;
    for key in &keys {
        let state = if key.revoked_at.is_some() {
            "revoked"
        } else {
            "active"
        };
        let text = format!(
            "{}  {state}  {}  {}",
            key.id,
            key.name,
            key.scopes.join(", ")
        );
        print(command.json, &described(key), &text);
    }
    if keys.is_empty() && !command.json {
        println!(
            "no API keys; make one with: touchstone api-key create --project {}",
            command.project
        );
    }
    Ok(())
}

async fn revoke(command: Revoke, config: &DataConfig) -> Result<(), CliError> {
    let Opened { store, .. } = open(config).await?;
    let revoked = store
        .revoke_api_key(&command.id, Millis(SystemClock.now()))
        .await?;
    store.close().await;
    match revoked {
        true => {
            println!("revoked {}", command.id);
            Ok(())
        }
        false => Err(format!("there is no active API key with id {}", command.id).into()),
    }
}

fn described(key: &ApiKey) -> serde_json::Value {
    json!({
        "id": key.id.as_str(),
        "project": key.project.as_str(),
        "name": key.name,
        "scopes": key.scopes,
        "createdAt": key.created_at.0,
        "revokedAt": key.revoked_at.map(|at| at.0),
    })
}
