use std::path::{Path, PathBuf};

use touchstone_store::redis::RedisOptions;

use super::ConfigError;

/// Where records are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreConfig {
    /// In a SQLite file; in the data directory if none is named.
    Sqlite(Option<PathBuf>),
    /// In Redis or Valkey, together with other verifiers.
    Redis(Box<RedisOptions>),
}

impl StoreConfig {
    /// Reads what `--store` says.
    pub(super) fn from_url(url: &str) -> Result<Self, ConfigError> {
        let wrong = |reason: String| ConfigError::Store(without_login(url), reason);
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return match path {
                "" => Err(wrong("name a file, as in sqlite:FILE".into())),
                path => Ok(Self::Sqlite(Some(path.into()))),
            };
        }
        if url.starts_with("redis:") || url.starts_with("rediss:") {
            let options = url.parse::<RedisOptions>();
            return match options {
                Ok(options) => Ok(Self::Redis(Box::new(options))),
                Err(error) => Err(wrong(error.to_string())),
            };
        }
        Err(wrong(
            "use sqlite:FILE, redis://HOST or rediss://HOST".into(),
        ))
    }

    /// The SQLite file, if one is named.
    pub fn database(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => path.as_deref(),
            Self::Redis(_) => None,
        }
    }
}

/// For messages: a URL may hold a password.
fn without_login(url: &str) -> String {
    match (url.split_once("//"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, rest))) => format!("{scheme}//…@{rest}"),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_a_file_or_a_redis() {
        let file = |path: &str| StoreConfig::Sqlite(Some(path.into()));
        assert_eq!(
            StoreConfig::from_url("sqlite:a.db").ok(),
            Some(file("a.db"))
        );
        assert_eq!(
            StoreConfig::from_url("sqlite:///a.db").ok(),
            Some(file("/a.db"))
        );
        let redis = StoreConfig::from_url("rediss://one,two/?wait=1");
        assert!(
            matches!(redis, Ok(StoreConfig::Redis(options)) if options.tls && options.wait == 1)
        );
    }

    #[test]
    fn an_error_does_not_show_the_password() {
        let error = StoreConfig::from_url("redis://u:secret@host/x").unwrap_err();
        let message = error.to_string();
        assert!(
            message.contains("host/x") && !message.contains("secret"),
            "{message}"
        );
    }
}
