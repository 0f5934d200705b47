use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{
    KeyId,
    seal::{OpenError, Purpose, Seal, SealNonce, subkey},
};

/// Keeps the secrets of customers: API keys as keyed hashes, siteverify secrets sealed.
///
/// Its key is made once and never rotated: what it hashed or sealed has no end of life.
pub struct Vault {
    hashes: [u8; 32],
    secrets: Seal,
    accounts: Seal,
    leaks: Seal,
    messages: Seal,
    replays: [u8; 32],
    traffic: [u8; 16],
}

impl Vault {
    /// The vault under its key.
    pub fn new(key: &VaultKey) -> Self {
        let mut traffic = [0; 16];
        traffic.copy_from_slice(&subkey(&key.0, b"traffic")[..16]);
        Self {
            hashes: subkey(&key.0, b"api keys"),
            secrets: Seal::new(&key.0, KeyId(0), Purpose::Secret),
            accounts: Seal::new(&key.0, KeyId(0), Purpose::Account),
            leaks: Seal::new(&key.0, KeyId(0), Purpose::Leaks),
            messages: Seal::new(&key.0, KeyId(0), Purpose::FactorMessage),
            replays: subkey(&key.0, b"replays"),
            traffic,
        }
    }

    /// The keyed hash (HMAC-SHA-256) under which a customer's secret is found. One hash, not a password hash: the secrets
    /// are 180 and more random bits of our own making, and a verify must not cost milliseconds.
    pub fn hash(&self, secret: &str) -> SecretHash {
        // HMAC takes keys of any length; this branch cannot be reached, and an all-zero hash finds nothing.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.hashes) else {
            return [0; 32];
        };
        mac.update(secret.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// Seals a secret that must be readable again.
    pub fn seal(&self, secret: &str, nonce: SealNonce) -> Vec<u8> {
        self.secrets.seal(secret.as_bytes(), nonce)
    }

    /// Reads a sealed secret.
    pub fn open(&self, sealed: &[u8]) -> Result<String, OpenError> {
        String::from_utf8(self.secrets.open(sealed)?).map_err(|_| OpenError::Format)
    }

    /// Seals the name of a site's account, which the site is told again.
    pub fn seal_account(&self, name: &[u8], nonce: SealNonce) -> Vec<u8> {
        self.accounts.seal(name, nonce)
    }

    /// Reads a sealed name.
    pub fn open_account(&self, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
        self.accounts.open(sealed)
    }

    /// Seals the key of a database of leaked passwords.
    pub fn seal_leaks_key(&self, key: &[u8; 32], nonce: SealNonce) -> Vec<u8> {
        self.leaks.seal(key, nonce)
    }

    /// Reads it again.
    pub fn open_leaks_key(&self, sealed: &[u8]) -> Result<Zeroizing<[u8; 32]>, OpenError> {
        let bytes = Zeroizing::new(self.leaks.open(sealed)?);
        let key = bytes.as_slice().try_into().map_err(|_| OpenError::Format)?;
        Ok(Zeroizing::new(key))
    }

    /// Seals a message with a code, which waits to be sent.
    pub fn seal_message(&self, message: &[u8], nonce: SealNonce) -> Vec<u8> {
        self.messages.seal(message, nonce)
    }

    /// Reads it again.
    pub fn open_message(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        self.messages.open(sealed).map(Zeroizing::new)
    }

    /// What keys the sketches of visits that replays are found by: they outlive every key of the ring.
    pub fn replay_secret(&self) -> [u8; 32] {
        self.replays
    }

    /// What visitors are counted under by verifiers that tell each other their counts.
    pub fn traffic_secret(&self) -> [u8; 16] {
        self.traffic
    }

    /// The text of a site key or siteverify secret: `6L` and 38 characters, 228 random bits.
    pub fn site_text(fresh: &[u8; 29]) -> String {
        let mut text = "6L".to_owned();
        text.push_str(&BASE64URL_NOPAD.encode(fresh)[..38]);
        text
    }

    /// The text of an API key: `ts_` and 40 characters, 240 random bits.
    pub fn api_key_text(fresh: &[u8; 30]) -> String {
        format!("ts_{}", BASE64URL_NOPAD.encode(fresh))
    }
}

impl Drop for Vault {
    fn drop(&mut self) {
        self.hashes.zeroize();
        self.replays.zeroize();
        self.traffic.zeroize();
    }
}

/// 256 random bits, made at the first run. Not printed, wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct VaultKey(pub [u8; 32]);

/// What is stored of a customer's secret.
pub type SecretHash = [u8; 32];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_is_read_by_its_own_vault_alone() {
        let vault = Vault::new(&VaultKey([1; 32]));
        let sealed = vault.seal("6Lsecret", [0; 24]);
        assert_eq!(vault.open(&sealed), Ok("6Lsecret".to_owned()));
        assert_eq!(
            Vault::new(&VaultKey([2; 32])).open(&sealed),
            Err(OpenError::Seal)
        );
    }

    #[test]
    fn the_name_of_an_account_is_read_by_its_own_vault_alone() {
        let vault = Vault::new(&VaultKey([1; 32]));
        let sealed = vault.seal_account(b"user-1", [0; 24]);
        assert_eq!(vault.open_account(&sealed), Ok(b"user-1".to_vec()));
        assert!(vault.open(&sealed).is_err());
        let other = Vault::new(&VaultKey([2; 32]));
        assert!(other.open_account(&sealed).is_err());
    }

    #[test]
    fn the_key_of_leaked_passwords_is_read_by_its_own_vault_alone() {
        let vault = Vault::new(&VaultKey([1; 32]));
        let sealed = vault.seal_leaks_key(&[7; 32], [0; 24]);
        assert_eq!(*vault.open_leaks_key(&sealed).unwrap(), [7; 32]);
        assert!(vault.open(&sealed).is_err());
        let other = Vault::new(&VaultKey([2; 32]));
        assert!(other.open_leaks_key(&sealed).is_err());
    }

    #[test]
    fn a_waiting_message_is_read_by_its_own_vault_alone() {
        let vault = Vault::new(&VaultKey([1; 32]));
        let sealed = vault.seal_message(b"code", [0; 24]);
        assert_eq!(**vault.open_message(&sealed).unwrap(), *b"code");
        assert!(vault.open(&sealed).is_err());
        assert!(
            Vault::new(&VaultKey([2; 32]))
                .open_message(&sealed)
                .is_err()
        );
    }

    #[test]
    fn hashes_depend_on_the_vault() {
        let hash = |key| Vault::new(&VaultKey([key; 32])).hash("ts_key");
        assert_eq!(hash(1), hash(1));
        assert_ne!(hash(1), hash(2));
    }

    #[test]
    fn texts_have_the_shape_that_clients_expect() {
        let site = Vault::site_text(&[0xff; 29]);
        assert_eq!((site.len(), site.starts_with("6L")), (40, true));
        assert_eq!(Vault::api_key_text(&[0; 30]).len(), 43);
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        assert!(site.bytes().all(plain) && Vault::api_key_text(&[0xff; 30]).bytes().all(plain));
    }
}
