use hkdf::Hkdf;
use sha2::Sha256;
use xaes_256_gcm::{
    Xaes256Gcm,
    aead::{Aead, KeyInit, Payload},
};
use zeroize::Zeroize;

use crate::ring::KeyId;

/// What a sealed blob is for. Each purpose has a subkey of its own, so that no blob opens as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A session: page to verifier.
    Session,
    /// A token: backend to verifier.
    Token,
    /// A challenge that a visitor has to answer: page to verifier.
    Challenge,
    /// What a code of the second factor is asked for with: page to verifier.
    FactorRequest,
    /// A token with the verdict of a second factor: backend to verifier.
    FactorVerdict,
    /// A message with a code that waits to be sent, at rest.
    FactorMessage,
    /// A siteverify secret at rest.
    Secret,
    /// The name of a site's account at rest.
    Account,
    /// Ring and vault key at rest in a shared store.
    Keys,
    /// The key of a database of leaked passwords, at rest.
    Leaks,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Session => b"session",
            Self::Token => b"token",
            Self::Challenge => b"challenge",
            Self::FactorRequest => b"mfa-request",
            Self::FactorVerdict => b"mfa-verdict",
            Self::FactorMessage => b"mfa-message",
            Self::Secret => b"secret",
            Self::Account => b"account",
            Self::Keys => b"keys",
            Self::Leaks => b"leaks",
        }
    }
}

/// Fresh random bytes for one sealing. 192 bits: random ones never repeat in a key's life (XAES-256-GCM, C2SP).
pub type SealNonce = [u8; 24];

/// Why a sealed blob does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Too short, or a format this build does not read.
    #[error("not a sealed blob of a known format")]
    Format,
    /// Sealed under a key this ring does not hold (yet).
    #[error("sealed under key {0}, which is not in the ring")]
    UnknownKey(KeyId),
    /// Changed, or sealed for another purpose.
    #[error("the seal does not hold")]
    Seal,
}

/// The sealing key of one purpose: XAES-256-GCM under an HKDF-SHA-256 subkey (RFC 5869).
pub(crate) struct Seal {
    cipher: Xaes256Gcm,
    key_id: KeyId,
    purpose: Purpose,
    place: String,
}

impl Seal {
    pub(crate) fn new(secret: &[u8; 32], key_id: KeyId, purpose: Purpose) -> Self {
        let mut subkey = subkey(secret, purpose.label());
        let cipher = Xaes256Gcm::new(&subkey.into());
        subkey.zeroize();
        Self {
            cipher,
            key_id,
            purpose,
            place: String::new(),
        }
    }

    /// The same for blobs that are kept in one place and must not open in another.
    pub(crate) fn bound_to(self, place: &str) -> Self {
        Self {
            place: place.to_owned(),
            ..self
        }
    }

    /// Format version, key id, nonce, ciphertext with tag.
    pub(crate) fn seal(&self, plain: &[u8], nonce: SealNonce) -> Vec<u8> {
        let aad = self.additional_data();
        // Sealing fails only for plaintexts of 64 GiB and more; ours are a kilobyte. An empty blob never opens.
        let sealed = self
            .cipher
            .encrypt(
                &nonce.into(),
                Payload {
                    msg: plain,
                    aad: &aad,
                },
            )
            .unwrap_or_default();
        let mut blob = Vec::with_capacity(HEADER + sealed.len());
        blob.push(FORMAT);
        blob.extend_from_slice(&self.key_id.0.to_be_bytes());
        blob.extend_from_slice(&nonce);
        blob.extend_from_slice(&sealed);
        blob
    }

    pub(crate) fn open(&self, blob: &[u8]) -> Result<Vec<u8>, OpenError> {
        let (_, nonce, sealed) = split(blob)?;
        let aad = self.additional_data();
        self.cipher
            .decrypt(
                &nonce.into(),
                Payload {
                    msg: sealed,
                    aad: &aad,
                },
            )
            .map_err(|_| OpenError::Seal)
    }

    /// Length-prefixed purpose, then format version and key id of fixed length, then the place if there is one.
    fn additional_data(&self) -> Vec<u8> {
        let label = self.purpose.label();
        let mut aad = vec![label.len() as u8];
        aad.extend_from_slice(label);
        aad.push(FORMAT);
        aad.extend_from_slice(&self.key_id.0.to_be_bytes());
        aad.extend_from_slice(self.place.as_bytes());
        aad
    }
}

/// The id of the key that a blob says it is sealed under.
pub(crate) fn key_id(blob: &[u8]) -> Result<KeyId, OpenError> {
    split(blob).map(|(id, ..)| id)
}

/// A 256-bit key for one use, derived from a secret.
pub(crate) fn subkey(secret: &[u8; 32], label: &[u8]) -> [u8; 32] {
    let mut subkey = [0; 32];
    // HKDF-SHA-256 gives up to 8,160 bytes; 32 cannot fail. Should it ever, the all-zero key must not be used.
    if Hkdf::<Sha256>::new(Some(SALT), secret)
        .expand(label, &mut subkey)
        .is_err()
    {
        unreachable!("32 bytes are within HKDF's bounds");
    }
    subkey
}

fn split(blob: &[u8]) -> Result<(KeyId, SealNonce, &[u8]), OpenError> {
    let (header, sealed) = blob
        .split_first_chunk::<HEADER>()
        .ok_or(OpenError::Format)?;
    let [FORMAT, a, b, c, d, nonce @ ..] = header else {
        return Err(OpenError::Format);
    };
    Ok((KeyId(u32::from_be_bytes([*a, *b, *c, *d])), *nonce, sealed))
}

/// Bytes that sealing adds to a plaintext.
pub const SEAL_OVERHEAD: usize = HEADER + 16;
/// Format version (1), key id (4), nonce (24).
const HEADER: usize = 29;
const FORMAT: u8 = 1;
const SALT: &[u8] = b"touchstone key ring 1";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blob_opens_under_its_own_key_and_purpose_alone() {
        let seal = Seal::new(&[1; 32], KeyId(7), Purpose::Session);
        let blob = seal.seal(b"hello", [3; 24]);
        assert_eq!(blob.len(), 5 + SEAL_OVERHEAD);
        assert_eq!(seal.open(&blob), Ok(b"hello".to_vec()));
        for other in [
            Seal::new(&[2; 32], KeyId(7), Purpose::Session),
            Seal::new(&[1; 32], KeyId(8), Purpose::Session),
            Seal::new(&[1; 32], KeyId(7), Purpose::Token),
        ] {
            assert_eq!(other.open(&blob), Err(OpenError::Seal));
        }
    }

    #[test]
    fn every_changed_byte_and_every_cut_is_noticed() {
        let seal = Seal::new(&[1; 32], KeyId(7), Purpose::Token);
        let blob = seal.seal(b"hello", [3; 24]);
        for at in 5..blob.len() {
            let mut changed = blob.clone();
            changed[at] ^= 0x10;
            assert_eq!(seal.open(&changed), Err(OpenError::Seal), "byte {at}");
        }
        for length in 0..blob.len() {
            assert!(seal.open(&blob[..length]).is_err(), "{length} bytes");
        }
    }
}
