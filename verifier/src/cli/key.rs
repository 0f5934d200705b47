use clap::{Args, Subcommand, ValueEnum};
use prost::Message;
use serde_json::json;
use touchstone_api::v1::{
    Key, TestingOptions, WafSettings,
    waf_settings::{WafFeature, WafService},
};
use touchstone_store::{Integration, ProjectId, SiteKey, SiteKeyId};

use super::{CliError, open, print};
use crate::{
    config::DataConfig,
    data::Opened,
    environment::{Clock, SystemClock},
    keys::{check_domain, new_site_key},
};

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Make a site key and its siteverify secret; the secret is shown this once
    Create(Create),
    /// List site keys
    List(List),
    /// Delete a site key: pages that use it get no more tokens
    Delete(Delete),
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// Project that the key belongs to: 1 to 63 of a-z, 0-9 and -
    #[arg(long, value_name = "P")]
    project: ProjectId,
    /// What you call it
    #[arg(long, value_name = "N")]
    name: String,
    /// Host of the pages that may use it, with its subdomains (repeatable)
    #[arg(long, value_name = "D", value_parser = parse_domain)]
    domain: Vec<String>,
    /// Accept pages of any host
    #[arg(long, conflicts_with = "domain")]
    allow_all_domains: bool,
    /// How pages use it
    #[arg(long = "type", value_enum, default_value_t = Type::Score)]
    integration: Type,
    /// Answer this score to every assessment, for tests: 0.0 to 1.0
    #[arg(long, value_name = "SCORE")]
    testing_score: Option<f32>,
    /// Firewall that the key is used behind
    #[arg(long, value_enum, requires = "waf_feature")]
    waf_service: Option<Service>,
    /// What it is used for there
    #[arg(long, value_enum, requires = "waf_service")]
    waf_feature: Option<Feature>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// How a key is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Type {
    /// Scores, without anything to see
    Score,
    /// A box to tick
    Checkbox,
    /// A question when one is needed, without a box
    Invisible,
    /// A question when the score is below the threshold of the action
    Policy,
    /// In back ends, without a token
    Express,
    /// Everywhere, steered by the key's policy
    Universal,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Service {
    /// Google Cloud Armor
    Ca,
    Fastly,
    Cloudflare,
    Akamai,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Feature {
    /// A page that asks in between
    ChallengePage,
    /// A token for the whole session, in a cookie
    SessionToken,
    /// A token for each action, in a header
    ActionToken,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Only of this project
    #[arg(long, value_name = "P")]
    project: Option<ProjectId>,
    /// Print JSON, one object a line
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Delete {
    /// Project of the key
    #[arg(long, value_name = "P")]
    project: ProjectId,
    /// The site key
    site_key: SiteKeyId,
}

pub(super) async fn run(command: KeyCommand, config: &DataConfig) -> Result<(), CliError> {
    match command {
        KeyCommand::Create(command) => create(command, config).await,
        KeyCommand::List(command) => list(command, config).await,
        KeyCommand::Delete(command) => delete(command, config).await,
    }
}

async fn create(command: Create, config: &DataConfig) -> Result<(), CliError> {
    let has_pages = command.integration != Type::Express;
    if has_pages && command.domain.is_empty() && !command.allow_all_domains {
        return Err("a site key needs --domain HOST (repeatable) or --allow-all-domains".into());
    }
    if !has_pages && (!command.domain.is_empty() || command.allow_all_domains) {
        return Err(
            "an express key has no pages; leave out --domain and --allow-all-domains".into(),
        );
    }
    let settings = command.settings()?;
    let Opened { keys, store } = open(config).await?;
    let mut minted = new_site_key(
        &keys.vault,
        command.project,
        command.name,
        command.integration.into(),
        command.domain,
        command.allow_all_domains,
        touchstone_store::Millis(SystemClock.now()),
    )?;
    minted.record.settings = settings.encode_to_vec();
    store.create_site_key(minted.record.clone()).await?;
    store.close().await;
    let mut value = described(&minted.record);
    value["secret"] = json!(*minted.secret);
    let text = format!(
        "site key  {}\nsecret    {}\n\nThe site key goes into your pages, the secret (for siteverify) into your backend. The secret is not shown again.",
        minted.record.id, *minted.secret
    );
    print(command.json, &value, &text);
    Ok(())
}

async fn list(command: List, config: &DataConfig) -> Result<(), CliError> {
    let Opened { store, .. } = open(config).await?;
    let mut after: Option<SiteKeyId> = None;
    let mut any = false;
    loop {
        let page = store
            .site_keys(command.project.as_ref(), after.as_ref(), PAGE)
            .await?;
        for key in &page {
            any = true;
            let domains = match key.allow_all_domains {
                true => "any host".to_owned(),
                false => key.domains.join(", "),
            };
            let text = format!(
                "{}  {}  {}  {domains}",
                key.id, key.project, key.display_name
            );
            print(command.json, &described(key), &text);
        }
        match page.last() {
            Some(last) if page.len() == PAGE as usize => after = Some(last.id.clone()),
            _ => break,
        }
    }
    if !any && !command.json {
        println!("no site keys; make one with: touchstone key create");
    }
    store.close().await;
    Ok(())
}

async fn delete(command: Delete, config: &DataConfig) -> Result<(), CliError> {
    let Opened { store, .. } = open(config).await?;
    let deleted = store
        .delete_site_key(&command.project, &command.site_key)
        .await?;
    store.close().await;
    match deleted {
        true => {
            println!("deleted {}", command.site_key);
            Ok(())
        }
        false => Err(format!(
            "project {} has no site key {}",
            command.project, command.site_key
        )
        .into()),
    }
}

impl Create {
    /// The settings that have no column of their own.
    fn settings(&self) -> Result<Key, CliError> {
        if let Some(score) = self.testing_score
            && !(0.0..=1.0).contains(&score)
        {
            return Err("--testing-score must be 0.0 to 1.0".into());
        }
        let testing_options = self.testing_score.map(|testing_score| TestingOptions {
            testing_score,
            ..TestingOptions::default()
        });
        let waf = self.waf_service.zip(self.waf_feature);
        let waf_settings = waf.map(|(service, feature)| WafSettings {
            waf_service: match service {
                Service::Ca => WafService::Ca,
                Service::Fastly => WafService::Fastly,
                Service::Cloudflare => WafService::Cloudflare,
                Service::Akamai => WafService::Akamai,
            }
            .into(),
            waf_feature: match feature {
                Feature::ChallengePage => WafFeature::ChallengePage,
                Feature::SessionToken => WafFeature::SessionToken,
                Feature::ActionToken => WafFeature::ActionToken,
            }
            .into(),
        });
        Ok(Key {
            testing_options,
            waf_settings,
            ..Key::default()
        })
    }
}

impl From<Type> for Integration {
    fn from(integration: Type) -> Self {
        match integration {
            Type::Score => Self::Score,
            Type::Checkbox => Self::Checkbox,
            Type::Invisible => Self::Invisible,
            Type::Policy => Self::Policy,
            Type::Express => Self::Express,
            Type::Universal => Self::Universal,
        }
    }
}

/// As `--type` has it; keys for applications are made by the API alone.
fn type_name(integration: Integration) -> &'static str {
    match integration {
        Integration::Score => "score",
        Integration::Checkbox => "checkbox",
        Integration::Invisible => "invisible",
        Integration::Policy => "policy",
        Integration::Express => "express",
        Integration::Universal => "universal",
        Integration::Android => "android",
        Integration::Ios => "ios",
    }
}

fn described(key: &SiteKey) -> serde_json::Value {
    json!({
        "siteKey": key.id.as_str(),
        "project": key.project.as_str(),
        "name": key.display_name,
        "type": type_name(key.integration),
        "domains": key.domains,
        "allowAllDomains": key.allow_all_domains,
        "createdAt": key.created_at.0,
    })
}

fn parse_domain(text: &str) -> Result<String, String> {
    check_domain(text).map_err(|error| error.to_string())
}

const PAGE: u32 = 500;
