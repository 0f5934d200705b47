//! How `serve` is configured: flags over `TOUCHSTONE_*` variables over a TOML file over defaults.

mod factor_options;
mod factors;
mod file;
mod kek;
mod options;
mod store;

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    path::PathBuf,
    time::Duration,
};

use hyper::{Uri, header::HeaderName};
use ipnet::IpNet;

use crate::{proofs::PowMode, replays::ReplayConfig};
use file::File;

pub use factor_options::{FactorOptions, SecretText};
pub use factors::{FactorConfig, GatewayConfig, Security, SmtpConfig};
pub use kek::{KekConfig, KekText};
pub use options::{DataOptions, LogFormat, ServeOptions};
pub use store::StoreConfig;

/// What a command runs with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataConfig {
    /// The data directory.
    pub data: PathBuf,
    /// Where records are kept.
    pub store: StoreConfig,
    /// What wraps the keys in a shared store.
    pub kek: KekConfig,
    /// Whether a data directory or a store was named at all.
    pub is_named: bool,
    /// Form of the log, if chosen.
    pub log_format: Option<LogFormat>,
    /// What is logged.
    pub log: String,
    /// The collector that traces are sent to, if any.
    pub otlp_endpoint: Option<Uri>,
}

/// What `serve` runs with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServeConfig {
    /// Public address.
    pub listen: SocketAddr,
    /// The operator's address.
    pub admin_listen: SocketAddr,
    /// Proxies that are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Certificate chain and key.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Without a slash at the end; empty for the root.
    pub base_path: String,
    /// How long assessments are kept.
    pub retention: Duration,
    /// How long the profile of an account is kept after its last visit.
    pub account_retention: Duration,
    /// Where trusted proxies tell the JA4 fingerprint.
    pub ja4_header: Option<HeaderName>,
    /// Keys of bots that prove who they are.
    pub bot_keys: Option<PathBuf>,
    /// Whether crawlers are verified by reverse DNS.
    pub verify_bots: bool,
    /// The DNS server that is asked, if not the system's.
    pub dns_server: Option<SocketAddr>,
    /// Connections held at once.
    pub max_connections: usize,
    /// Requests worked on at once, by backends and by pages each.
    pub max_in_flight: usize,
    /// Requests that each API key may make in a minute; no limit if none.
    pub quota_per_minute: Option<NonZeroU32>,
    /// When reports cost work.
    pub pow: PowMode,
    /// How replays are found.
    pub replays: ReplayConfig,
    /// Whether ranges of Pwned Passwords are served.
    pub pwned_passwords_range: bool,
    /// Whether test keys, whose secrets are public, are accepted.
    pub allow_test_keys: bool,
    /// How codes of the second factor are sent, as [`FactorConfig::of`] reads it: no other command needs its secrets.
    pub factors: FactorOptions,
}

/// Why a configuration does not hold. Every message names the option.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("--config {0}: {1}")]
    Unreadable(PathBuf, std::io::Error),
    /// The file is not TOML, has unknown keys or wrong values.
    #[error("--config {0}: {1}")]
    Wrong(PathBuf, toml::de::Error),
    /// One of the pair is missing.
    #[error("--tls-cert and --tls-key go together; {0} is missing")]
    HalfTls(&'static str),
    /// The base path is none.
    #[error("--base-path {0:?}: must start with a slash and have no query, such as /captcha")]
    BasePath(String),
    /// The URL names no store.
    #[error("--store {0:?}: {1}")]
    Store(String, String),
    /// Two keys are given, and which counts is not said.
    #[error("--kek-file and TOUCHSTONE_KEK both hold a key; give one of them")]
    TwoKeks,
    /// Keys in files are not wrapped.
    #[error(
        "--kek-file and TOUCHSTONE_KEK go with --store redis://; with SQLite the keys are files in the data directory"
    )]
    KekUnused,
    /// The name is no header's.
    #[error("--ja4-header {0:?}: must be the name of a header, such as x-ja4")]
    Ja4Header(String),
    /// The DNS server is no address.
    #[error("--dns-server {0:?}: must be an address, such as 10.0.0.2 or 10.0.0.2:5353")]
    DnsServer(String),
    /// Nothing would ask it.
    #[error("--dns-server is asked with --verify-bots only")]
    DnsUnasked,
    /// The collector is no address.
    #[error(
        "--otlp-endpoint {0:?}: must be an address such as http://127.0.0.1:4318; TLS is not spoken, use a collector nearby"
    )]
    OtlpEndpoint(String),
    /// An option of the second factor.
    #[error("{0}: {1}")]
    Factor(&'static str, String),
    /// A number is out of range.
    #[error("{0} must be at least 1")]
    Zero(&'static str),
}

/// Reads the file, if one is named, and puts defaults behind everything.
///
/// # Errors
/// The file or an option does not hold.
pub fn resolve(
    common: &DataOptions,
    serve: ServeOptions,
) -> Result<(DataConfig, ServeConfig), ConfigError> {
    let mut file = common
        .config
        .as_deref()
        .map(File::read)
        .transpose()?
        .unwrap_or_default();
    let factors = serve.factors.or(file.take_factors());
    let store = common.store.clone().or(file.store);
    let named = common.data.clone().or(file.data);
    let kek_file = common.kek_file.clone().or(file.kek_file);
    let kek = KekConfig::of(kek_file, common.kek.clone())?;
    let data = DataConfig {
        kek,
        is_named: named.is_some() || store.is_some(),
        data: named.unwrap_or_else(|| "touchstone-data".into()),
        store: match store {
            Some(url) => StoreConfig::from_url(&url)?,
            None => StoreConfig::Sqlite(None),
        },
        log_format: common.log_format.or(file.log_format),
        log: common
            .log
            .clone()
            .or(file.log)
            .unwrap_or_else(|| "info".to_owned()),
        otlp_endpoint: otlp_endpoint(serve.otlp_endpoint.or(file.otlp_endpoint))?,
    };
    if matches!((&data.store, &data.kek), (StoreConfig::Sqlite(_), given) if *given != KekConfig::None)
    {
        return Err(ConfigError::KekUnused);
    }
    let tls = match (
        serve.tls_cert.or(file.tls_cert),
        serve.tls_key.or(file.tls_key),
    ) {
        (Some(cert), Some(key)) => Some((cert, key)),
        (None, None) => None,
        (Some(_), None) => return Err(ConfigError::HalfTls("--tls-key")),
        (None, Some(_)) => return Err(ConfigError::HalfTls("--tls-cert")),
    };
    let proxies = [serve.trusted_proxy, file.trusted_proxy]
        .into_iter()
        .find(|p| !p.is_empty());
    let days = serve.retention_days.or(file.retention_days).unwrap_or(30);
    let account_days = serve.account_retention_days.or(file.account_retention_days);
    let account_days = account_days.unwrap_or(90);
    let connections = serve
        .max_connections
        .or(file.max_connections)
        .unwrap_or(8_192);
    let in_flight = serve.max_in_flight.or(file.max_in_flight);
    let in_flight = in_flight.unwrap_or_else(in_flight_by_default);
    let quota = serve
        .quota_per_minute
        .or(file.quota_per_minute)
        .unwrap_or(60_000);
    let usual = ReplayConfig::default();
    let replays = ReplayConfig {
        days: serve.replay_days.or(file.replay_days).unwrap_or(usual.days),
        sketches: serve
            .replay_sketches
            .or(file.replay_sketches)
            .unwrap_or(usual.sketches),
        across_projects: serve
            .replay_across_projects
            .or(file.replay_across_projects)
            .unwrap_or(usual.across_projects),
    };
    for (number, name) in [
        (days, "--retention-days"),
        (account_days, "--account-retention-days"),
        (connections, "--max-connections"),
        (in_flight, "--max-in-flight"),
        (replays.sketches, "--replay-sketches"),
    ] {
        if number == 0 {
            return Err(ConfigError::Zero(name));
        }
    }
    let verify_bots = serve.verify_bots.or(file.verify_bots).unwrap_or_default();
    let dns_server = serve.dns_server.or(file.dns_server).map(dns_server);
    let dns_server = dns_server.transpose()?;
    if dns_server.is_some() && !verify_bots {
        return Err(ConfigError::DnsUnasked);
    }
    let serve = ServeConfig {
        listen: serve
            .listen
            .or(file.listen)
            .unwrap_or(([127, 0, 0, 1], 8080).into()),
        admin_listen: serve
            .admin_listen
            .or(file.admin_listen)
            .unwrap_or(([127, 0, 0, 1], 9464).into()),
        trusted_proxies: proxies.unwrap_or_default(),
        tls,
        base_path: base_path(serve.base_path.or(file.base_path).unwrap_or_default())?,
        retention: Duration::from_secs(u64::from(days) * 24 * 3_600),
        account_retention: Duration::from_secs(u64::from(account_days) * 24 * 3_600),
        ja4_header: ja4_header(serve.ja4_header.or(file.ja4_header))?,
        bot_keys: serve.bot_keys.or(file.bot_keys),
        verify_bots,
        dns_server,
        max_connections: connections as usize,
        max_in_flight: in_flight as usize,
        quota_per_minute: NonZeroU32::new(quota),
        pow: serve.pow.or(file.pow).unwrap_or_default(),
        replays,
        pwned_passwords_range: serve
            .pwned_passwords_range
            .or(file.pwned_passwords_range)
            .unwrap_or(false),
        allow_test_keys: serve
            .allow_test_keys
            .or(file.allow_test_keys)
            .unwrap_or(false),
        factors,
    };
    Ok((data, serve))
}

/// `TOUCHSTONE_*` variables that no option reads. They only deserve a warning: Kubernetes injects some of its own.
pub fn unknown_variables<'a>(known: &[String], set: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    set.filter(|name| name.starts_with("TOUCHSTONE_") && !known.iter().any(|k| k == name))
        .collect()
}

/// Enough that a disk or a Redis that takes 20 milliseconds keeps the processors busy, and few enough that all of them together are
/// computed in some 25.
pub(crate) fn in_flight_by_default() -> u32 {
    const EACH: usize = 256;
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    u32::try_from(processors.saturating_mul(EACH)).unwrap_or(u32::MAX)
}

fn ja4_header(name: Option<String>) -> Result<Option<HeaderName>, ConfigError> {
    let header = |name: String| name.parse().map_err(|_| ConfigError::Ja4Header(name));
    name.map(header).transpose()
}

fn otlp_endpoint(text: Option<String>) -> Result<Option<Uri>, ConfigError> {
    let read = |text: String| {
        let uri = text.parse::<Uri>().ok();
        uri.filter(|uri| uri.scheme_str() == Some("http") && uri.query().is_none())
            .ok_or(ConfigError::OtlpEndpoint(text))
    };
    text.map(read).transpose()
}

/// With port 53 if it names none.
fn dns_server(text: String) -> Result<SocketAddr, ConfigError> {
    const DNS: u16 = 53;
    let address = text.parse();
    let bare = || text.parse().map(|address: IpAddr| (address, DNS).into());
    address
        .or_else(|_| bare())
        .map_err(|_| ConfigError::DnsServer(text))
}

fn base_path(text: String) -> Result<String, ConfigError> {
    let path = text.trim_end_matches('/');
    let fits = path.is_empty() || path.starts_with('/') && !path.contains(['?', '#', ' ']);
    if fits {
        Ok(path.to_owned())
    } else {
        Err(ConfigError::BasePath(text))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn with_file(text: &str, serve: ServeOptions) -> Result<(DataConfig, ServeConfig), String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("touchstone.toml");
        fs::write(&path, text).unwrap();
        let common = DataOptions {
            config: Some(path),
            ..DataOptions::default()
        };
        resolve(&common, serve).map_err(|error| error.to_string())
    }

    #[test]
    fn a_flag_wins_over_the_file_and_the_file_over_the_default() {
        let file = "listen = '127.0.0.1:1'\nretention-days = 7\ndata = 'd'\npow = 'always'";
        let flag = ServeOptions {
            listen: Some(([127, 0, 0, 1], 2).into()),
            ..ServeOptions::default()
        };
        let (data, serve) = with_file(file, flag).unwrap();
        assert_eq!(serve.listen.port(), 2);
        assert_eq!(serve.retention, Duration::from_secs(7 * 86_400));
        assert_eq!(serve.admin_listen.port(), 9464);
        assert_eq!(serve.pow, PowMode::Always);
        assert_eq!(data.data, PathBuf::from("d"));
    }

    #[test]
    fn what_does_not_hold_is_named() {
        for (file, part) in [
            ("lisen = '127.0.0.1:1'", "lisen"),
            ("listen = 'here'", "listen"),
            ("tls-cert = 'a.pem'", "--tls-key is missing"),
            ("base-path = 'captcha'", "--base-path"),
            ("store = 'mysql://x'", "--store"),
            ("store = 'sqlite:'", "--store"),
            ("store = 'redis://'", "--store"),
            ("store = 'redis://h/?wait=x'", "wait=x"),
            ("kek-file = 'kek'", "--store redis://"),
            ("retention-days = 0", "--retention-days"),
            ("account-retention-days = 0", "--account-retention-days"),
            ("ja4-header = 'a b'", "--ja4-header"),
            ("pow = 'sometimes'", "pow"),
            (
                "verify-bots = true\ndns-server = 'resolver.example'",
                "--dns-server",
            ),
            ("dns-server = '10.0.0.2'", "--verify-bots"),
            ("replay-sketches = 0", "--replay-sketches"),
            ("max-in-flight = 0", "--max-in-flight"),
            ("otlp-endpoint = 'https://a.example'", "--otlp-endpoint"),
            ("trusted-proxy = ['10.0.0.0/99']", "trusted-proxy"),
        ] {
            let error = with_file(file, ServeOptions::default()).unwrap_err();
            assert!(error.contains(part), "{file}: {error}");
        }
    }

    #[test]
    fn unknown_variables_are_told_from_known_ones() {
        let known = ["TOUCHSTONE_LISTEN".to_owned()];
        let set = ["TOUCHSTONE_LISTEN", "TOUCHSTONE_PORT", "PATH"];
        assert_eq!(
            unknown_variables(&known, set.into_iter()),
            ["TOUCHSTONE_PORT"]
        );
    }
}
