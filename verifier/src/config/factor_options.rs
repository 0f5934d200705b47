//! The options of the second factor as flags and variables, before they are read.

use std::{fmt, path::PathBuf};

use clap::Args;
use zeroize::Zeroizing;

/// The options of the second factor, as given by flag, variable or file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct FactorOptions {
    /// Mail server that sends codes: smtps://USER@HOST:465, or smtp://USER@HOST:587 with STARTTLS, which is required unless HOST is
    /// this machine
    #[arg(long, value_name = "URL", env = "TOUCHSTONE_SMTP_URL")]
    pub smtp_url: Option<String>,

    /// File with the password of USER; it may be in the variable TOUCHSTONE_SMTP_PASSWORD, or in the URL, instead
    #[arg(long, value_name = "FILE", env = "TOUCHSTONE_SMTP_PASSWORD_FILE")]
    pub smtp_password_file: Option<PathBuf>,

    /// Certificates of authorities that the mail server's may come from, in PEM, instead of the system's
    #[arg(long, value_name = "FILE", env = "TOUCHSTONE_SMTP_CA")]
    pub smtp_ca: Option<PathBuf>,

    /// Sender of mails with codes, such as "Shop <no-reply@shop.example>"
    #[arg(long, value_name = "ADDRESS", env = "TOUCHSTONE_MAIL_FROM")]
    pub mail_from: Option<String>,

    /// Domains that codes are mailed to (repeatable) [default: all]
    #[arg(
        long,
        value_name = "DOMAIN",
        env = "TOUCHSTONE_MAIL_DOMAIN",
        value_delimiter = ','
    )]
    pub mail_domain: Vec<String>,

    /// Gateway that sends codes as text messages: what is posted to it is described in docs/mfa.md
    #[arg(long, value_name = "URL", env = "TOUCHSTONE_SMS_WEBHOOK")]
    pub sms_webhook: Option<String>,

    /// File with the secret that requests to --sms-webhook are signed with; it may be in the variable TOUCHSTONE_SMS_SECRET instead
    #[arg(long, value_name = "FILE", env = "TOUCHSTONE_SMS_SECRET_FILE")]
    pub sms_secret_file: Option<PathBuf>,

    /// Codes that may be sent for a project in a day; 0 for no limit [default: 10000]
    #[arg(long, value_name = "N", env = "TOUCHSTONE_FACTOR_QUOTA_PER_DAY")]
    pub factor_quota_per_day: Option<u32>,

    /// The text of `TOUCHSTONE_SMTP_PASSWORD`. Not a flag: other processes can read those.
    #[arg(skip)]
    pub smtp_password: Option<SecretText>,

    /// The text of `TOUCHSTONE_SMS_SECRET`.
    #[arg(skip)]
    pub sms_secret: Option<SecretText>,
}

impl FactorOptions {
    /// The variables that hold secrets themselves.
    pub const VARIABLES: [&str; 2] = ["TOUCHSTONE_SMTP_PASSWORD", "TOUCHSTONE_SMS_SECRET"];

    /// The same with the secrets that `variable` holds.
    #[must_use]
    pub fn with_secrets(self, variable: impl Fn(&str) -> Option<String>) -> Self {
        let [password, secret] = Self::VARIABLES.map(|name| variable(name).map(SecretText::new));
        Self {
            smtp_password: password,
            sms_secret: secret,
            ..self
        }
    }

    /// These, and behind them those of a file.
    pub(super) fn or(self, file: Self) -> Self {
        Self {
            smtp_url: self.smtp_url.or(file.smtp_url),
            smtp_password_file: self.smtp_password_file.or(file.smtp_password_file),
            smtp_ca: self.smtp_ca.or(file.smtp_ca),
            mail_from: self.mail_from.or(file.mail_from),
            mail_domain: match self.mail_domain.is_empty() {
                true => file.mail_domain,
                false => self.mail_domain,
            },
            sms_webhook: self.sms_webhook.or(file.sms_webhook),
            sms_secret_file: self.sms_secret_file.or(file.sms_secret_file),
            factor_quota_per_day: self.factor_quota_per_day.or(file.factor_quota_per_day),
            ..self
        }
    }
}

/// A secret of the operator's. Not printed, wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// A secret.
    pub fn new(text: String) -> Self {
        Self(text.into())
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(…)")
    }
}
