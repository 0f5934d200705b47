//! The options as flags and variables, before defaults.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, ValueEnum};
use ipnet::IpNet;
use serde::Deserialize;

use super::{FactorOptions, KekText};
use crate::proofs::PowMode;

/// The options of `serve`, as given by flag, variable or file. What is not given is `None`: [`resolve`](super::resolve) knows the
/// defaults.
#[derive(Debug, Clone, Default, Args)]
pub struct ServeOptions {
    /// Public address: script, agent endpoints, API [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR", env = "TOUCHSTONE_LISTEN")]
    pub listen: Option<SocketAddr>,

    /// The operator's address: /metrics, /healthz, /readyz [default: 127.0.0.1:9464]
    #[arg(long, value_name = "ADDR", env = "TOUCHSTONE_ADMIN_LISTEN")]
    pub admin_listen: Option<SocketAddr>,

    /// Networks of proxies whose X-Forwarded-For and X-Forwarded-Proto count, such as 10.0.0.0/8 (repeatable)
    #[arg(
        long,
        value_name = "CIDR",
        env = "TOUCHSTONE_TRUSTED_PROXY",
        value_delimiter = ','
    )]
    pub trusted_proxy: Vec<IpNet>,

    /// Certificate chain in PEM; serves TLS, read again when the file changes
    #[arg(long, value_name = "FILE", env = "TOUCHSTONE_TLS_CERT")]
    pub tls_cert: Option<PathBuf>,

    /// Private key in PEM that belongs to --tls-cert
    #[arg(long, value_name = "FILE", env = "TOUCHSTONE_TLS_KEY")]
    pub tls_key: Option<PathBuf>,

    /// Path under which everything is served, such as /captcha [default: the root]
    #[arg(long, value_name = "PATH", env = "TOUCHSTONE_BASE_PATH")]
    pub base_path: Option<String>,

    /// Days that assessments are kept; spent tokens are kept as long as they must be in any case [default: 30]
    #[arg(long, value_name = "DAYS", env = "TOUCHSTONE_RETENTION_DAYS")]
    pub retention_days: Option<u32>,

    /// Days that the profile of an account is kept after its last visit [default: 90]
    #[arg(long, value_name = "DAYS", env = "TOUCHSTONE_ACCOUNT_RETENTION_DAYS")]
    pub account_retention_days: Option<u32>,

    /// Header in which trusted proxies tell the JA4 fingerprint of the visitor's TLS client, such as x-ja4
    #[arg(long, value_name = "NAME", env = "TOUCHSTONE_JA4_HEADER")]
    pub ja4_header: Option<String>,

    /// JWK Set of bots that sign their requests (Web Bot Auth); each key has a member name
    #[arg(long, value_name = "FILE", env = "TOUCHSTONE_BOT_KEYS")]
    pub bot_keys: Option<PathBuf>,

    /// Verify by reverse DNS that well-known crawlers are what they claim to be
    #[arg(
        long,
        env = "TOUCHSTONE_VERIFY_BOTS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    pub verify_bots: Option<bool>,

    /// DNS server that is asked for that, such as 10.0.0.2 or 10.0.0.2:5353 [default: the system's]
    #[arg(long, value_name = "ADDR", env = "TOUCHSTONE_DNS_SERVER")]
    pub dns_server: Option<String>,

    /// Connections held at once; more wait [default: 8192]
    #[arg(long, value_name = "N", env = "TOUCHSTONE_MAX_CONNECTIONS")]
    pub max_connections: Option<u32>,

    /// Requests worked on at once, by backends and by pages each; more wait for a quarter of a second, then get 503 [default: 256
    /// a processor]
    #[arg(long, value_name = "N", env = "TOUCHSTONE_MAX_IN_FLIGHT")]
    pub max_in_flight: Option<u32>,

    /// Requests to the API that each API key may make in a minute; 0 for no limit [default: 60000]
    #[arg(long, value_name = "N", env = "TOUCHSTONE_QUOTA_PER_MINUTE")]
    pub quota_per_minute: Option<u32>,

    /// When a report costs a proof of work: never, when more comes than usual, or always [default: auto]
    #[arg(long, value_name = "MODE", env = "TOUCHSTONE_POW")]
    pub pow: Option<PowMode>,

    /// Days that a visit is compared with later ones to find replays; 0 for never [default: 7]
    #[arg(long, value_name = "DAYS", env = "TOUCHSTONE_REPLAY_DAYS")]
    pub replay_days: Option<u32>,

    /// Visits kept for that, the oldest out first; some 220 bytes of memory each [default: 1000000]
    #[arg(long, value_name = "N", env = "TOUCHSTONE_REPLAY_SKETCHES")]
    pub replay_sketches: Option<u32>,

    /// Compare the visits of all projects with each other, not only those of one
    #[arg(
        long,
        env = "TOUCHSTONE_REPLAY_ACROSS_PROJECTS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    pub replay_across_projects: Option<bool>,

    /// Serve the ranges of Pwned Passwords, GET /range/{first 5 digits of a SHA-1 hash}, to anybody: imported by touchstone leaks
    /// import --format hibp
    #[arg(
        long,
        env = "TOUCHSTONE_PWNED_PASSWORDS_RANGE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    pub pwned_passwords_range: Option<bool>,

    /// Accept the documented test keys, whose secrets are public: for test environments alone
    #[arg(
        long,
        env = "TOUCHSTONE_ALLOW_TEST_KEYS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    pub allow_test_keys: Option<bool>,

    /// How codes of the second factor are sent.
    #[command(flatten)]
    pub factors: FactorOptions,

    /// Collector that traces are sent to by OTLP over HTTP, such as http://127.0.0.1:4318 [default: none]
    #[arg(long, value_name = "URL", env = "TOUCHSTONE_OTLP_ENDPOINT")]
    pub otlp_endpoint: Option<String>,
}

/// The options that every command takes.
#[derive(Debug, Clone, Default, Args)]
pub struct DataOptions {
    /// Directory of key ring, vault key and database; created by the first run [default: touchstone-data]
    #[arg(long, value_name = "DIR", env = "TOUCHSTONE_DATA", global = true)]
    pub data: Option<PathBuf>,

    /// Where records are kept: sqlite:FILE, or for several verifiers redis://USER:PASSWORD@HOST:PORT,HOST/DB of which one HOST
    /// will do (rediss: for TLS; Redis or Valkey, one server or a cluster) [default: sqlite:touchstone.db in the data directory]
    ///
    /// With Redis, key ring and vault key are in there too, wrapped under --kek-file, and nothing is in the data directory. Add
    /// ?wait=N to have N replicas confirm every write, and ?prefix=NAME to keep several stores apart in one Redis.
    #[arg(long, value_name = "URL", env = "TOUCHSTONE_STORE", global = true)]
    pub store: Option<String>,

    /// Key-encryption key that wraps the keys in a shared store; `touchstone ring kek FILE` makes one. The same for every
    /// verifier; its text may be in TOUCHSTONE_KEK instead
    #[arg(long, value_name = "FILE", env = "TOUCHSTONE_KEK_FILE", global = true)]
    pub kek_file: Option<PathBuf>,

    /// The text of `TOUCHSTONE_KEK`. Not a flag: other processes can read those.
    #[arg(skip)]
    pub kek: Option<KekText>,

    /// TOML file with the same options (names as the flags, without dashes in front)
    #[arg(long, value_name = "FILE", env = "TOUCHSTONE_CONFIG", global = true)]
    pub config: Option<PathBuf>,

    /// Form of the log [default: pretty on a terminal, else json]
    #[arg(
        long,
        value_name = "FORM",
        env = "TOUCHSTONE_LOG_FORMAT",
        global = true
    )]
    pub log_format: Option<LogFormat>,

    /// What is logged: error, warn, info, debug, trace, or filters such as touchstone=debug [default: info]
    #[arg(long, value_name = "FILTER", env = "TOUCHSTONE_LOG", global = true)]
    pub log: Option<String>,
}

/// Form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object a line.
    Json,
}
