use std::{fmt, path::PathBuf};

use zeroize::Zeroizing;

use super::ConfigError;

/// What wraps the keys in a shared store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KekConfig {
    /// Nothing was given.
    None,
    /// The key in a file.
    File(PathBuf),
    /// The key itself.
    Text(KekText),
}

impl KekConfig {
    /// The variable that may hold the key itself.
    pub const VARIABLE: &str = "TOUCHSTONE_KEK";

    pub(super) fn of(file: Option<PathBuf>, text: Option<KekText>) -> Result<Self, ConfigError> {
        match (file, text) {
            (None, None) => Ok(Self::None),
            (Some(file), None) => Ok(Self::File(file)),
            (None, Some(text)) => Ok(Self::Text(text)),
            (Some(_), Some(_)) => Err(ConfigError::TwoKeks),
        }
    }
}

/// The text of a key-encryption key, not read yet. Not printed, wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct KekText(pub Zeroizing<String>);

impl fmt::Debug for KekText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KekText(…)")
    }
}
