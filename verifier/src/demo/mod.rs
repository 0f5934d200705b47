//! `touchstone demo`: a small protected site and a verifier, on two origins of this machine, as a customer would have
//! them. The site's backend asks the verifier over HTTP, with an API key, like any other.

mod backend;
mod site;

use std::{net::SocketAddr, sync::Arc};

use clap::Args;
use tokio::net::TcpListener;
use touchstone_store::{ApiKeyId, Integration, Millis, ProjectId, SiteKeyId, Store, StoreError};

use crate::{
    Verifier,
    config::{DataConfig, FactorOptions, ServeConfig},
    data::{DataError, Opened},
    environment::{Clock, SystemClock},
    keys::{Scope, new_api_key, new_site_key},
    proofs::PowMode,
    replays::ReplayConfig,
    serve::{self, ServeError, Shutdown},
};
use backend::Backend;
pub(crate) use site::Site;

/// Where the demo listens.
#[derive(Debug, Clone, Args)]
pub struct DemoOptions {
    /// Address of the protected site; loopback only
    #[arg(
        long,
        value_name = "ADDR",
        default_value = "127.0.0.1:8080",
        env = "TOUCHSTONE_DEMO_LISTEN"
    )]
    listen: SocketAddr,

    /// Address of the verifier; loopback only
    #[arg(
        long,
        value_name = "ADDR",
        default_value = "127.0.0.1:8081",
        env = "TOUCHSTONE_DEMO_VERIFIER_LISTEN"
    )]
    verifier_listen: SocketAddr,
}

/// Why the demo could not run.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The address is not of this machine alone.
    #[error(
        "{option} {address}: the demo has no secrets worth the name and serves this machine only; use 127.0.0.1 or [::1]"
    )]
    NotLoopback {
        /// The option.
        option: &'static str,
        /// What it was given.
        address: SocketAddr,
    },
    /// A port is taken.
    #[error("cannot listen on {address}: {source}; choose another with {option}")]
    Listen {
        /// The option that names it.
        option: &'static str,
        /// The address.
        address: SocketAddr,
        /// What went wrong.
        source: std::io::Error,
    },
    /// The data directory cannot be used.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The store cannot be written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No random bytes.
    #[error("the operating system's random generator cannot be reached: {0}")]
    Entropy(#[from] getrandom::Error),
    /// The verifier cannot be served.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// No temporary directory, or no signals.
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// Runs the demo until SIGTERM or Ctrl-C, in a temporary directory unless one was named. It leaves nothing of its own
/// behind.
///
/// # Errors
/// A port is taken or not of this machine, or the data directory cannot be used.
pub async fn run(options: DemoOptions, config: &DataConfig) -> Result<(), DemoError> {
    let site_listener = listen(options.listen, "--listen").await?;
    let verifier_listener = listen(options.verifier_listen, "--verifier-listen").await?;
    let (site_address, verifier_address) =
        (site_listener.local_addr()?, verifier_listener.local_addr()?);

    let temporary = tempfile::Builder::new()
        .prefix("touchstone-demo-")
        .tempdir()?;
    let now = SystemClock.now();
    let opened = match config.is_named {
        true => Opened::open(config, now).await?,
        false => {
            let data = temporary.path().join("data");
            Opened::open(
                &DataConfig {
                    data,
                    ..config.clone()
                },
                now,
            )
            .await?
        }
    };
    let store = opened.store;
    let mut verifier = Verifier::with_keys(opened.keys, store.clone(), Arc::new(SystemClock))?;
    verifier.load_replays(ReplayConfig::default()).await?;
    let verifier = Arc::new(verifier);
    let customer = Customer::make(&verifier, &*store).await?;

    let origin = format!("http://{verifier_address}");
    let site_key = customer.site_key.as_str().to_owned();
    let backend = Backend::new(&origin, PROJECT, site_key.clone(), customer.secret.clone());
    let site = Arc::new(Site::new(origin, site_key, backend));
    let shutdown = Shutdown::on_signal()?;
    let config = ServeConfig {
        listen: verifier_address,
        admin_listen: verifier_address,
        trusted_proxies: Vec::new(),
        tls: None,
        base_path: String::new(),
        retention: std::time::Duration::from_secs(24 * 3_600),
        account_retention: std::time::Duration::from_secs(24 * 3_600),
        ja4_header: None,
        bot_keys: None,
        verify_bots: false,
        dns_server: None,
        max_connections: 1_024,
        max_in_flight: 256,
        quota_per_minute: None,
        pow: PowMode::Off,
        replays: ReplayConfig::default(),
        pwned_passwords_range: false,
        allow_test_keys: false,
        factors: FactorOptions::default(),
    };
    eprintln!(
        "\n  The demo is at  http://{site_address}\n  (its verifier at http://{verifier_address}; Ctrl-C stops both)\n"
    );
    let (verifying, ()) = tokio::join!(
        serve::run_on(verifier_listener, None, verifier, config, shutdown.clone()),
        serve::run_site(site_listener, site, shutdown),
    );
    verifying?;
    customer.forget(&*store).await?;
    store.close().await;
    Ok(())
}

async fn listen(address: SocketAddr, option: &'static str) -> Result<TcpListener, DemoError> {
    if !address.ip().is_loopback() {
        return Err(DemoError::NotLoopback { option, address });
    }
    let listener = TcpListener::bind(address).await;
    listener.map_err(|source| DemoError::Listen {
        option,
        address,
        source,
    })
}

/// The customer of this run: a site key for loopback hosts and an API key, both taken back at its end. Whatever else the
/// project holds is somebody else's.
struct Customer {
    project: ProjectId,
    site_key: SiteKeyId,
    api_key: ApiKeyId,
    secret: String,
}

impl Customer {
    async fn make(verifier: &Verifier, store: &dyn Store) -> Result<Self, DemoError> {
        let now = Millis(verifier.now());
        let Ok(project) = PROJECT.parse::<ProjectId>() else {
            unreachable!("the demo's project keeps to the alphabet of projects")
        };
        let domains = ["127.0.0.1", "[::1]", "localhost"].map(str::to_owned);
        let site_key = new_site_key(
            &verifier.vault,
            project.clone(),
            "demo".to_owned(),
            Integration::Score,
            domains.to_vec(),
            false,
            now,
        )?;
        let name = "demo".to_owned();
        let api_key = new_api_key(&verifier.vault, project.clone(), name, &Scope::ALL, now)?;
        let customer = Self {
            project,
            site_key: site_key.record.id.clone(),
            api_key: api_key.record.id.clone(),
            secret: api_key.text.to_string(),
        };
        store.create_site_key(site_key.record).await?;
        store.create_api_key(api_key.record).await?;
        Ok(customer)
    }

    async fn forget(&self, store: &dyn Store) -> Result<(), DemoError> {
        store.delete_site_key(&self.project, &self.site_key).await?;
        let now = Millis(SystemClock.now());
        store.revoke_api_key(&self.api_key, now).await?;
        Ok(())
    }
}

const PROJECT: &str = "demo";
