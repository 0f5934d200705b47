//! Key-encryption keys: files and a variable that an operator hands to every verifier of a shared store.

use std::{fmt, path::Path};

use touchstone_token::{KeyEncryptionKey, OpenError, SealNonce};
use zeroize::Zeroizing;

use super::{
    DataError, KeySet,
    files::{create, read_secret},
};
use crate::config::KekConfig;

/// One key or, while keys change, several: the first wraps, all open.
#[derive(Debug, Clone)]
pub struct Keks(Vec<KeyEncryptionKey>);

impl Keks {
    /// Reads what `--kek-file` or `TOUCHSTONE_KEK` says.
    pub fn read(config: &KekConfig) -> Result<Self, DataError> {
        match config {
            KekConfig::None => Err(DataError::NoKek),
            KekConfig::Text(text) => Self::parse(&text.0, "TOUCHSTONE_KEK"),
            KekConfig::File(path) => Self::read_file(path),
        }
    }

    /// Reads a file with a key a line.
    pub fn read_file(path: &Path) -> Result<Self, DataError> {
        Self::parse(&read_secret(path)?, &path.display().to_string())
    }

    /// Writes a key to a new file that its owner alone can read.
    pub fn write_file(path: &Path, key: &KeyEncryptionKey) -> Result<(), DataError> {
        let line = Zeroizing::new(format!("{}\n", *key.text()));
        match create(path, line.as_bytes())? {
            true => Ok(()),
            false => Err(DataError::KekExists(path.to_path_buf())),
        }
    }

    /// These, and behind them those.
    pub fn and(self, others: Self) -> Self {
        Self(self.0.into_iter().chain(others.0).collect())
    }

    /// The keys that were wrapped for a place.
    ///
    /// # Errors
    /// They were wrapped under another key, or are damaged.
    pub fn open_keys(&self, wrapped: &[u8], place: &str) -> Result<KeySet, DataError> {
        KeySet::from_text(&self.open(wrapped, place)?).map_err(DataError::SharedDamaged)
    }

    /// Wraps under the first key.
    pub(super) fn wrap(&self, plain: &[u8], place: &str, nonce: SealNonce) -> Vec<u8> {
        self.0
            .first()
            .map(|key| key.wrap(plain, place, nonce))
            // There is always a first one (see `parse`); an empty blob would open nowhere.
            .unwrap_or_default()
    }

    /// Opens under the key that wrapped it.
    fn open(&self, wrapped: &[u8], place: &str) -> Result<Zeroizing<Vec<u8>>, DataError> {
        let mut unknown = None;
        for key in &self.0 {
            match key.open(wrapped, place) {
                Ok(plain) => return Ok(plain),
                Err(OpenError::UnknownKey(id)) => unknown = Some(id),
                Err(error) => return Err(DataError::SharedDamaged(error.to_string())),
            }
        }
        match unknown {
            Some(id) => Err(DataError::OtherKek {
                wrapped_under: id.0,
                given: self.to_string(),
            }),
            None => Err(DataError::NoKek),
        }
    }

    /// A key a line or, in a variable, between spaces or commas. Empty lines and those that begin with `#` do not count.
    fn parse(text: &str, place: &str) -> Result<Self, DataError> {
        let lines = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.starts_with('#'));
        let words = lines.flat_map(|line| line.split([' ', ',']));
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let wrong = |reason: String| DataError::Kek {
            place: place.to_owned(),
            reason,
        };
        if words.is_empty() {
            return Err(wrong("there is no key in it".to_owned()));
        }
        if words.len() > MOST_KEYS {
            return Err(wrong(format!("more than {MOST_KEYS} keys")));
        }
        let keys = words.into_iter().map(KeyEncryptionKey::from_text);
        let keys = keys.collect::<Result<Vec<_>, _>>();
        keys.map(Self).map_err(|error| wrong(error.to_string()))
    }
}

impl fmt::Display for Keks {
    /// The ids, which are no secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<_> = self
            .0
            .iter()
            .map(|key| format!("{:08x}", key.id().0))
            .collect();
        f.write_str(&ids.join(", "))
    }
}

const MOST_KEYS: usize = 8;

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    fn key(n: u8) -> KeyEncryptionKey {
        KeyEncryptionKey::new([n; 32])
    }

    #[test]
    fn the_first_key_of_a_file_wraps_and_each_opens() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kek");
        Keks::write_file(&path, &key(1)).unwrap();
        assert!(matches!(
            Keks::write_file(&path, &key(2)),
            Err(DataError::KekExists(_))
        ));
        let one = Keks::read_file(&path).unwrap();
        let text = format!("# new\n{}\n\n{}\n", *key(2).text(), *key(1).text());
        fs::write(&path, text).unwrap();
        let both = Keks::read_file(&path).unwrap();
        let (old, new) = (one.wrap(b"x", "p", [0; 24]), both.wrap(b"x", "p", [0; 24]));
        assert_eq!(both.open(&old, "p").unwrap().as_slice(), b"x");
        assert_eq!(both.open(&new, "p").unwrap().as_slice(), b"x");
        let error = one.open(&new, "p").unwrap_err().to_string();
        assert!(error.contains(&format!("{:08x}", key(2).id().0)), "{error}");
    }

    #[test]
    fn a_file_with_a_key_belongs_to_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kek");
        Keks::write_file(&path, &key(1)).unwrap();
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(
            Keks::read_file(&path),
            Err(DataError::Readable(_))
        ));
    }

    #[test]
    fn what_is_no_key_is_refused_and_not_quoted() {
        for text in ["", "# none", "short", &"A".repeat(44)] {
            let error = Keks::parse(text, "here").unwrap_err().to_string();
            assert!(error.starts_with("here"), "{error}");
            assert!(
                !error.contains("short") && !error.contains("AAAA"),
                "{error}"
            );
        }
    }
}
