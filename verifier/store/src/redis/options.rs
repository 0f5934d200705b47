//! What a `redis:` URL says.

use std::{fmt, str::FromStr};

use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

/// Which Redis or Valkey is used, and how.
///
/// Parsed from `redis://[USER:PASSWORD@]HOST[:PORT][,HOST[:PORT]…][/DB][?prefix=NAME&wait=N]`, or `rediss:` for TLS. Whether
/// the servers form a cluster is asked of them. Several hosts are ways into one cluster, of which one must answer at start.
#[derive(Clone, PartialEq, Eq)]
pub struct RedisOptions {
    /// Host and port of each server that is named; at least one.
    pub hosts: Vec<(String, u16)>,
    /// Whether connections are TLS; certificates are checked against those that the system trusts.
    pub tls: bool,
    /// The user; the server's default one if there is a password alone.
    pub username: Option<String>,
    /// The password.
    pub password: Option<Zeroizing<String>>,
    /// The number of the database; 0 in a cluster.
    pub database: u16,
    /// What the names of all keys begin with. Default `touchstone`; stores with different prefixes do not see each other.
    pub prefix: String,
    /// How many replicas must have a write before it is answered (`WAIT`). Default 0.
    pub wait: u8,
}

/// Why a URL names no store.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedisUrlError {
    /// It is the URL of something else.
    #[error("must begin with redis:// or rediss://")]
    Scheme,
    /// A host is missing, or its port is no number.
    #[error("the host {0:?} is none; write HOST or HOST:PORT")]
    Host(String),
    /// User or password are not UTF-8 once decoded.
    #[error("user or password is not UTF-8 in percent encoding")]
    Credentials,
    /// The path is no number.
    #[error("the database {0:?} is none; write a number from 0")]
    Database(String),
    /// An option is unknown or its value out of range.
    #[error(
        "{0:?} is no option; there are prefix=NAME (1 to 32 of a-z, A-Z, 0-9, -, _) and wait=N (0 to 9)"
    )]
    Option(String),
}

impl FromStr for RedisOptions {
    type Err = RedisUrlError;

    fn from_str(url: &str) -> Result<Self, RedisUrlError> {
        let (tls, rest) = match (url.strip_prefix("redis://"), url.strip_prefix("rediss://")) {
            (Some(rest), _) => (false, rest),
            (None, Some(rest)) => (true, rest),
            (None, None) => return Err(RedisUrlError::Scheme),
        };
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (credentials, hosts) = match authority.rsplit_once('@') {
            Some((credentials, hosts)) => (Some(credentials), hosts),
            None => (None, authority),
        };
        let (username, password) = credentials.map(login).transpose()?.unwrap_or_default();
        let mut options = Self {
            hosts: hosts.split(',').map(host).collect::<Result<_, _>>()?,
            tls,
            username,
            password,
            database: match path {
                "" => 0,
                number => number
                    .parse()
                    .map_err(|_| RedisUrlError::Database(number.into()))?,
            },
            prefix: "touchstone".into(),
            wait: 0,
        };
        for option in query.split('&').filter(|option| !option.is_empty()) {
            options.set(option)?;
        }
        Ok(options)
    }
}

impl RedisOptions {
    fn set(&mut self, option: &str) -> Result<(), RedisUrlError> {
        let wrong = || RedisUrlError::Option(option.into());
        let (name, value) = option.split_once('=').ok_or_else(wrong)?;
        match name {
            "prefix" if is_prefix(value) => self.prefix = value.into(),
            "wait" => {
                let count = value.parse().ok().filter(|count| *count <= MOST_REPLICAS);
                self.wait = count.ok_or_else(wrong)?;
            }
            _ => return Err(wrong()),
        }
        Ok(())
    }
}

impl fmt::Debug for RedisOptions {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisOptions")
            .field("hosts", &self.hosts)
            .field("tls", &self.tls)
            .field("username", &self.username)
            .field("database", &self.database)
            .field("prefix", &self.prefix)
            .field("wait", &self.wait)
            .finish_non_exhaustive()
    }
}

type Login = (Option<String>, Option<Zeroizing<String>>);

/// `USER:PASSWORD`, `:PASSWORD` or `PASSWORD`, as other clients of Redis read it.
fn login(text: &str) -> Result<Login, RedisUrlError> {
    let decode = |part: &str| {
        percent_decode_str(part)
            .decode_utf8()
            .map(String::from)
            .map_err(|_| RedisUrlError::Credentials)
    };
    let (user, password) = text.split_once(':').unwrap_or(("", text));
    let user = Some(decode(user)?).filter(|user| !user.is_empty());
    Ok((user, Some(Zeroizing::new(decode(password)?))))
}

fn host(text: &str) -> Result<(String, u16), RedisUrlError> {
    let wrong = || RedisUrlError::Host(text.into());
    // In brackets an address of IPv6 has colons of its own.
    let (host, rest) = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']').ok_or_else(wrong)?,
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    let port = match rest.strip_prefix(':') {
        Some(port) => port.parse().map_err(|_| wrong())?,
        None if rest.is_empty() => PORT,
        None => return Err(wrong()),
    };
    match host {
        "" => Err(wrong()),
        host => Ok((host.into(), port)),
    }
}

/// No braces: in them stands what decides on the slot of a key.
fn is_prefix(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=32).contains(&text.len()) && text.bytes().all(fits)
}

const PORT: u16 = 6379;
const MOST_REPLICAS: u8 = 9;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_where_and_how() {
        let url = "rediss://us%40er:p%3Aw@one,two:7001,[::1]:7002/?wait=2&prefix=shop";
        let options: RedisOptions = url.parse().unwrap();
        let hosts = [("one", 6379), ("two", 7001), ("::1", 7002)];
        assert_eq!(
            options.hosts,
            hosts.map(|(host, port)| (host.to_owned(), port))
        );
        assert!(options.tls);
        assert_eq!(options.username.as_deref(), Some("us@er"));
        assert_eq!(options.password.as_ref().map(|p| p.as_str()), Some("p:w"));
        assert_eq!((options.wait, &options.prefix[..]), (2, "shop"));
        let options: RedisOptions = "redis://localhost/3".parse().unwrap();
        assert_eq!((options.database, options.wait), (3, 0));
        assert_eq!(options.prefix, "touchstone");
        let options: RedisOptions = "redis://secret@localhost".parse().unwrap();
        assert_eq!((options.username, options.password.is_some()), (None, true));
    }

    #[test]
    fn what_names_no_store_is_refused() {
        for url in [
            "sqlite:x",
            "redis://",
            "redis://a,,b",
            "redis://a:x",
            "redis://a:70000",
            "redis://[::1",
            "redis://[::1]7",
            "redis://%ff@a",
            "redis://a/x",
            "redis://a/-1",
            "redis://a/?wait=10",
            "redis://a/?wait",
            "redis://a/?prefix=",
            "redis://a/?prefix={x}",
            "redis://a/?ttl=5",
        ] {
            assert!(url.parse::<RedisOptions>().is_err(), "{url}");
        }
    }

    #[test]
    fn a_password_is_not_shown() {
        let options: RedisOptions = "redis://u:secret@a".parse().unwrap();
        assert!(!format!("{options:?}").contains("secret"));
    }
}
