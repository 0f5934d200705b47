//! How ring and vault key are written down.

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use touchstone_token::{KeyId, KeyRing, Millis, RingKey, VaultKey};
use zeroize::Zeroizing;

/// The secrets that all verifiers of one store share.
pub struct KeySet {
    /// What customers' secrets are hashed and sealed under.
    pub vault: VaultKey,
    /// What sessions and tokens are sealed under.
    pub ring: KeyRing,
}

impl KeySet {
    /// As a shared store keeps it, before it is wrapped.
    pub(super) fn text(&self) -> Zeroizing<String> {
        written(&KeySetForm {
            version: VERSION,
            vault: vault_text(&self.vault),
            ring: self.ring.keys().map(KeyForm::of).collect(),
        })
    }

    /// # Errors
    /// What is wrong with the text, without quoting it.
    pub(super) fn from_text(text: &[u8]) -> Result<Self, String> {
        let form: KeySetForm = read(text)?;
        known(form.version)?;
        Ok(Self {
            vault: vault_from(&form.vault)?,
            ring: ring_of(form.ring)?,
        })
    }
}

/// As `ring.json` has it.
pub(super) fn ring_text(keys: &[RingKey]) -> Zeroizing<String> {
    written(&RingForm {
        version: VERSION,
        keys: keys.iter().map(KeyForm::of).collect(),
    })
}

/// # Errors
/// What is wrong with the text, without quoting it.
pub(super) fn ring_from(text: &str) -> Result<KeyRing, String> {
    let form: RingForm = read(text.as_bytes())?;
    known(form.version)?;
    ring_of(form.keys)
}

/// As `vault.key` has it.
pub(super) fn vault_text(key: &VaultKey) -> Zeroizing<String> {
    Zeroizing::new(BASE64.encode(&key.0))
}

/// # Errors
/// What is wrong with the text, without quoting it.
pub(super) fn vault_from(text: &str) -> Result<VaultKey, String> {
    secret(text.trim())
        .map(VaultKey)
        .ok_or_else(|| "not 32 bytes in base64".to_owned())
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RingForm {
    version: u32,
    keys: Vec<KeyForm>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeySetForm {
    version: u32,
    vault: Zeroizing<String>,
    ring: Vec<KeyForm>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct KeyForm {
    id: u32,
    secret: Zeroizing<String>,
    created_at: Millis,
    seals_from: Millis,
}

impl KeyForm {
    fn of(key: &RingKey) -> Self {
        Self {
            id: key.id.0,
            secret: Zeroizing::new(BASE64.encode(&key.secret)),
            created_at: key.created_at,
            seals_from: key.seals_from,
        }
    }

    fn into_key(self) -> Option<RingKey> {
        Some(RingKey {
            id: KeyId(self.id),
            secret: secret(&self.secret)?,
            created_at: self.created_at,
            seals_from: self.seals_from,
        })
    }
}

fn ring_of(keys: Vec<KeyForm>) -> Result<KeyRing, String> {
    let keys: Option<Vec<_>> = keys.into_iter().map(KeyForm::into_key).collect();
    let keys = keys.ok_or("a secret is not 32 bytes in base64")?;
    KeyRing::new(keys).map_err(|error| error.to_string())
}

fn secret(text: &str) -> Option<[u8; 32]> {
    let bytes = Zeroizing::new(BASE64.decode(text.as_bytes()).ok()?);
    bytes.as_slice().try_into().ok()
}

fn known(version: u32) -> Result<(), String> {
    match version {
        VERSION => Ok(()),
        other => Err(format!("version {other} is not known")),
    }
}

fn written(form: &impl Serialize) -> Zeroizing<String> {
    // Plain structs always have a JSON form; an empty text would be refused as damaged and never replaces a good one.
    Zeroizing::new(serde_json::to_string_pretty(form).unwrap_or_default())
}

fn read<T: for<'a> Deserialize<'a>>(text: &[u8]) -> Result<T, String> {
    serde_json::from_slice(text).map_err(|error| error.to_string())
}

const VERSION: u32 = 1;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keys() -> impl Strategy<Value = Vec<RingKey>> {
        let key = |(n, (secret, created_at, seals_from)): (usize, ([u8; 32], u64, u64))| RingKey {
            id: KeyId(n as u32),
            secret,
            created_at,
            seals_from,
        };
        let some = prop::collection::vec(any::<([u8; 32], u64, u64)>(), 1..5);
        some.prop_map(move |keys| keys.into_iter().enumerate().map(key).collect())
    }

    fn plain(ring: &KeyRing) -> Vec<(u32, [u8; 32], u64, u64)> {
        let plain = |key: &RingKey| (key.id.0, key.secret, key.created_at, key.seals_from);
        ring.keys().map(plain).collect()
    }

    proptest! {
        #[test]
        fn keys_are_read_as_they_were_written(keys in keys(), vault: [u8; 32]) {
            let ring = KeyRing::new(keys.clone()).unwrap();
            prop_assert_eq!(plain(&ring_from(&ring_text(&keys)).unwrap()), plain(&ring));
            let set = KeySet { vault: VaultKey(vault), ring };
            let read = KeySet::from_text(set.text().as_bytes()).unwrap();
            prop_assert_eq!(read.vault.0, vault);
            prop_assert_eq!(plain(&read.ring), plain(&set.ring));
        }
    }

    #[test]
    fn what_is_not_whole_is_named() {
        for (text, part) in [
            ("{}", "version"),
            (r#"{"version":2,"vault":"","ring":[]}"#, "version 2"),
            (r#"{"version":1,"vault":"AAAA","ring":[]}"#, "32 bytes"),
        ] {
            let error = KeySet::from_text(text.as_bytes()).err().unwrap();
            assert!(error.contains(part), "{error}");
        }
    }
}
