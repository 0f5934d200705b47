use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use ipnet::IpNet;
use serde::Deserialize;

use super::{ConfigError, FactorOptions, LogFormat};
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
    pub smtp_url: Option<String>,
    pub smtp_password_file: Option<PathBuf>,
    pub smtp_ca: Option<PathBuf>,
    pub mail_from: Option<String>,
    pub mail_domain: Vec<String>,
    pub sms_webhook: Option<String>,
    pub sms_secret_file: Option<PathBuf>,
    pub factor_quota_per_day: Option<u32>,
}

impl File {
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = fs::read_to_string(path)
            .map_err(|error| ConfigError::Unreadable(path.into(), error))?;
        toml::from_str(&text).map_err(|error| ConfigError::Wrong(path.into(), error))
    }

    /// Takes out the options of the second factor.
    pub fn take_factors(&mut self) -> FactorOptions {
        FactorOptions {
            smtp_url: self.smtp_url.take(),
            smtp_password_file: self.smtp_password_file.take(),
            smtp_ca: self.smtp_ca.take(),
            mail_from: self.mail_from.take(),
            mail_domain: std::mem::take(&mut self.mail_domain),
            sms_webhook: self.sms_webhook.take(),
            sms_secret_file: self.sms_secret_file.take(),
            factor_quota_per_day: self.factor_quota_per_day,
            smtp_password: None,
            sms_secret: None,
        }
    }
}
