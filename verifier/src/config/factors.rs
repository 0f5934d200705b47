//! How codes of the second factor are sent.

use std::{fs, net::IpAddr, num::NonZeroU32, path::PathBuf};

use hyper::Uri;
use lettre::message::Mailbox;
use url::Url;
use zeroize::Zeroizing;

use super::{ConfigError, FactorOptions, SecretText};

/// How codes are sent; by default, they are not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FactorConfig {
    /// The mail server.
    pub smtp: Option<SmtpConfig>,
    /// Domains that are mailed to, in lower case; all if there are none.
    pub mail_domains: Vec<String>,
    /// The gateway for text messages.
    pub gateway: Option<GatewayConfig>,
    /// Codes of a project in a day; no limit if none.
    pub per_day: Option<NonZeroU32>,
}

/// A mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpConfig {
    /// Its name, or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept secret.
    pub security: Security,
    /// Who logs in, and with which password.
    pub login: Option<(String, SecretText)>,
    /// The sender.
    pub from: Mailbox,
    /// Authorities instead of the system's.
    pub authorities: Option<PathBuf>,
}

/// How a connection to a mail server is kept secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte (RFC 8314).
    Tls,
    /// STARTTLS (RFC 3207); without it, nothing is sent.
    StartTls,
    /// The server is on this machine: STARTTLS with authorities of its own alone.
    Loopback,
}

/// A gateway for text messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayConfig {
    /// Where it is posted to.
    pub url: Uri,
    /// What signs the requests.
    pub secret: SecretText,
}

impl FactorConfig {
    /// Reads the options, and the files of secrets that they name.
    ///
    /// # Errors
    /// An option does not hold, or goes with one that is missing.
    pub fn of(options: FactorOptions) -> Result<Self, ConfigError> {
        let password = secret(
            options.smtp_password_file,
            options.smtp_password,
            "--smtp-password-file",
        )?;
        let secret = secret(
            options.sms_secret_file,
            options.sms_secret,
            "--sms-secret-file",
        )?;
        let smtp = match options.smtp_url {
            Some(url) => {
                let from = options
                    .mail_from
                    .ok_or_else(|| wrong("--smtp-url", "needs --mail-from, the sender"))?;
                Some(smtp(&url, password, &from, options.smtp_ca)?)
            }
            None => {
                let unused = [
                    (password.is_some(), "--smtp-password-file"),
                    (options.smtp_ca.is_some(), "--smtp-ca"),
                    (options.mail_from.is_some(), "--mail-from"),
                    (!options.mail_domain.is_empty(), "--mail-domain"),
                ];
                match unused.into_iter().find(|(is_given, _)| *is_given) {
                    Some((_, option)) => return Err(wrong(option, "goes with --smtp-url")),
                    None => None,
                }
            }
        };
        let gateway = match (options.sms_webhook, secret) {
            (Some(url), Some(secret)) => Some(GatewayConfig {
                url: webhook(&url)?,
                secret,
            }),
            (Some(_), None) => return Err(wrong("--sms-webhook", "needs --sms-secret-file")),
            (None, Some(_)) => return Err(wrong("--sms-secret-file", "goes with --sms-webhook")),
            (None, None) => None,
        };
        let domain = |domain: String| domain.trim_start_matches('@').to_ascii_lowercase();
        Ok(Self {
            smtp,
            mail_domains: options.mail_domain.into_iter().map(domain).collect(),
            gateway,
            per_day: NonZeroU32::new(options.factor_quota_per_day.unwrap_or(10_000)),
        })
    }
}

fn smtp(
    text: &str,
    password: Option<SecretText>,
    from: &str,
    authorities: Option<PathBuf>,
) -> Result<SmtpConfig, ConfigError> {
    let refused = |reason: &str| wrong("--smtp-url", reason);
    let url = Url::parse(text).map_err(|error| refused(&error.to_string()))?;
    let (port, is_tls) = match url.scheme() {
        "smtps" => (465, true),
        "smtp" => (587, false),
        _ => return Err(refused("use smtps://HOST or smtp://HOST")),
    };
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_bare = matches!(url.path(), "" | "/") && url.query().is_none();
    if host.is_empty() || !is_bare {
        return Err(refused("name a host and nothing behind it"));
    }
    let decoded = |part: &str| {
        let text = percent_encoding::percent_decode_str(part).decode_utf8();
        text.map(|text| text.into_owned())
            .map_err(|_| refused("user and password must be UTF-8"))
    };
    let user = decoded(url.username())?;
    let in_url = url.password().map(decoded).transpose()?;
    let login = match (user.is_empty(), in_url.map(SecretText::new), password) {
        (_, Some(_), Some(_)) => {
            return Err(refused(
                "holds a password, and so does --smtp-password-file",
            ));
        }
        (false, Some(password), None) | (false, None, Some(password)) => Some((user, password)),
        (false, None, None) => return Err(refused("names a user: give --smtp-password-file")),
        (true, None, None) => None,
        (true, ..) => return Err(refused("names no user for the password")),
    };
    let security = match is_tls {
        true => Security::Tls,
        false if is_loopback(host) => Security::Loopback,
        false => Security::StartTls,
    };
    let from = from.parse().map_err(|_| {
        wrong(
            "--mail-from",
            "must be an address, or a name and <an address>",
        )
    })?;
    Ok(SmtpConfig {
        host: host.to_owned(),
        port: url.port().unwrap_or(port),
        security,
        login,
        from,
        authorities,
    })
}

fn is_loopback(host: &str) -> bool {
    let address = host.parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn webhook(text: &str) -> Result<Uri, ConfigError> {
    let refused = |reason: &str| wrong("--sms-webhook", reason);
    let url: Uri = text.parse().map_err(|_| refused("must be an address"))?;
    let host = url.host().unwrap_or_default();
    match url.scheme_str() {
        Some("https") => Ok(url),
        Some("http") if is_loopback(host.trim_start_matches('[').trim_end_matches(']')) => Ok(url),
        _ => Err(refused("must be https://…, or http:// of this machine")),
    }
}

/// The first line of a file, or the text of a variable.
fn secret(
    file: Option<PathBuf>,
    text: Option<SecretText>,
    option: &'static str,
) -> Result<Option<SecretText>, ConfigError> {
    let found = match (file, text) {
        (Some(_), Some(_)) => return Err(wrong(option, "is given by a variable, too")),
        (Some(file), None) => {
            let content = fs::read_to_string(&file).map(Zeroizing::new);
            let content = content.map_err(|error| {
                wrong(
                    option,
                    &format!("{} cannot be read: {error}", file.display()),
                )
            })?;
            let first = content.lines().next().unwrap_or_default();
            SecretText::new(first.to_owned())
        }
        (None, Some(text)) => text,
        (None, None) => return Ok(None),
    };
    match found.text().is_empty() {
        true => Err(wrong(option, "holds nothing")),
        false => Ok(Some(found)),
    }
}

fn wrong(option: &'static str, reason: &str) -> ConfigError {
    ConfigError::Factor(option, reason.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(smtp_url: &str) -> Result<SmtpConfig, String> {
        let options = FactorOptions {
            smtp_url: Some(smtp_url.to_owned()),
            mail_from: Some("Shop <no-reply@shop.example>".to_owned()),
            ..FactorOptions::default()
        };
        let config = FactorConfig::of(options).map_err(|error| error.to_string())?;
        Ok(config.smtp.unwrap())
    }

    #[test]
    fn a_mail_server_is_reached_over_tls_unless_it_is_on_this_machine() {
        for (url, host, port, security) in [
            ("smtps://mail.example", "mail.example", 465, Security::Tls),
            (
                "smtp://mail.example",
                "mail.example",
                587,
                Security::StartTls,
            ),
            (
                "smtp://mail.example:25/",
                "mail.example",
                25,
                Security::StartTls,
            ),
            (
                "smtp://127.0.0.1:2525",
                "127.0.0.1",
                2525,
                Security::Loopback,
            ),
            ("smtp://[::1]", "::1", 587, Security::Loopback),
        ] {
            let config = config(url).unwrap();
            let is = (config.host.as_str(), config.port, config.security);
            assert_eq!(is, (host, port, security), "{url}");
        }
    }

    #[test]
    fn user_and_password_are_decoded_and_not_shown() {
        let config = config("smtps://ada%40shop.example:pa%3Ass@mail.example").unwrap();
        let (user, password) = config.login.clone().unwrap();
        assert_eq!(
            (user.as_str(), password.text()),
            ("ada@shop.example", "pa:ss")
        );
        assert!(!format!("{config:?}").contains("pa:ss"));
    }

    #[test]
    fn what_does_not_hold_names_its_option() {
        for (url, says) in [
            ("mail.example", "--smtp-url"),
            ("http://mail.example", "use smtps://"),
            ("smtp://mail.example/inbox", "nothing behind"),
            ("smtp://ada@mail.example", "--smtp-password-file"),
            ("smtp://:pass@mail.example", "no user"),
        ] {
            let error = config(url).unwrap_err();
            assert!(error.contains(says), "{url}: {error}");
        }
    }

    #[test]
    fn options_that_would_have_no_effect_are_refused() {
        for options in [
            FactorOptions {
                mail_domain: vec!["shop.example".to_owned()],
                ..FactorOptions::default()
            },
            FactorOptions {
                sms_secret: Some(SecretText::new("s".to_owned())),
                ..FactorOptions::default()
            },
            FactorOptions {
                sms_webhook: Some("https://sms.example".to_owned()),
                ..FactorOptions::default()
            },
            FactorOptions {
                sms_webhook: Some("http://sms.example".to_owned()),
                sms_secret: Some(SecretText::new("s".to_owned())),
                ..FactorOptions::default()
            },
        ] {
            assert!(FactorConfig::of(options).is_err());
        }
    }
}
