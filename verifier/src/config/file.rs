use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use ipnet::IpNet;
use serde::Deserialize;

use super::{ConfigError, LogFormat};
use crate::proofs::PowMode;

/// A configuration file: the options of every command and those of `serve`, side by side.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct File {
    pub data: Option<PathBuf>,
    pub store: Option<String>,
    pub kek_file: Option<PathBuf>,
    pub log_format: Option<LogFormat>,
    pub log: Option<String>,
    pub listen: Option<SocketAddr>,
    pub admin_listen: Option<SocketAddr>,
    pub trusted_proxy: Vec<IpNet>,
    pub tls_cert: Option<PathBuf>,
    pub tls_key: Option<PathBuf>,
    pub base_path: Option<String>,
    pub retention_days: Option<u32>,
    pub account_retention_days: Option<u32>,
    pub ja4_header: Option<String>,
    pub bot_keys: Option<PathBuf>,
    pub verify_bots: Option<bool>,
    pub dns_server: Option<String>,
    pub max_connections: Option<u32>,
    pub max_in_flight: Option<u32>,
    pub quota_per_minute: Option<u32>,
    pub pow: Option<PowMode>,
    pub replay_days: Option<u32>,
    pub replay_sketches: Option<u32>,
    pub replay_across_projects: Option<bool>,
    pub pwned_passwords_range: Option<bool>,
    pub allow_test_keys: Option<bool>,
    pub otlp_endpoint: Option<String>,
}

impl File {
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = fs::read_to_string(path)
            .map_err(|error| ConfigError::Unreadable(path.into(), error))?;
        toml::from_str(&text).map_err(|error| ConfigError::Wrong(path.into(), error))
    }
}
