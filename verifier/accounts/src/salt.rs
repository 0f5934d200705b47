use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The key of one account's hashes: derived by the caller from a secret, the project **and** the account. Not printed,
/// wiped when dropped.
///
/// With one salt for all accounts, equal hashes would tell a reader of the store which accounts share a home.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Salt([u8; 32]);

impl Salt {
    /// A salt of 32 bytes that nobody can guess and that are the same for each event of the account.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The first bytes of HMAC-SHA-256 of purpose and text, little-endian.
    ///
    /// 32 bits are enough: an account has a few dozen places, and what collides is only taken for familiar.
    pub(crate) fn hash32(&self, purpose: Purpose, text: &[u8]) -> u32 {
        // A key of 32 bytes has a length that HMAC takes; the other branch is never gone.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            return 0;
        };
        mac.update(&[purpose as u8]);
        mac.update(text);
        let full: [u8; 32] = mac.finalize().into_bytes().into();
        let [a, b, c, d, ..] = full;
        u32::from_le_bytes([a, b, c, d])
    }

    /// The first 16 bits of [`Salt::hash32`], never 0: 0 stands for what is not known.
    pub(crate) fn hash16(&self, purpose: Purpose, text: &[u8]) -> u16 {
        (self.hash32(purpose, text) as u16).max(1)
    }
}

/// What is hashed. The same bytes for two purposes have two hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Device = 1,
    Detail = 2,
    Network = 3,
    Region = 4,
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_accounts_two_hashes() {
        let (one, other) = (Salt::new([1; 32]), Salt::new([2; 32]));
        let hash = |salt: &Salt, purpose| salt.hash32(purpose, b"203.0.113.0");
        assert_eq!(hash(&one, Purpose::Network), hash(&one, Purpose::Network));
        assert_ne!(hash(&one, Purpose::Network), hash(&other, Purpose::Network));
        assert_ne!(hash(&one, Purpose::Network), hash(&one, Purpose::Region));
    }

    #[test]
    fn a_salt_is_not_printed() {
        assert_eq!(format!("{:?}", Salt::new([7; 32])), "Salt(..)");
    }
}
