use std::fmt;

use scrypt::{Params, scrypt};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The hash of a user name and a password: scrypt with N = 4096, r = 8, p = 1. Whoever has it can try passwords at some 10 ms
/// each, so it is never kept, printed or sent.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct PairHash([u8; 32]);

impl PairHash {
    /// The hash of a pair, the name as a client hashes it. Takes some 10 ms and 4 MiB.
    pub fn of(name: &str, password: &str) -> Self {
        let mut secret = [name.as_bytes(), password.as_bytes()].concat();
        let salt = [name.as_bytes(), &SALT].concat();
        let mut hash = [0; 32];
        // Fails only for an output of no bytes or of over 128 GiB.
        let hashed = scrypt(&secret, &salt, &PARAMS, &mut hash);
        secret.zeroize();
        match hashed {
            Ok(()) => Self(hash),
            Err(_) => unreachable!("32 bytes are within scrypt's bounds"),
        }
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for PairHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PairHash(…)")
    }
}

/// Part of the protocol.
static PARAMS: std::sync::LazyLock<Params> =
    std::sync::LazyLock::new(|| match Params::new(12, 8, 1) {
        Ok(params) => params,
        Err(_) => unreachable!("these are within scrypt's bounds"),
    });
/// Part of the protocol.
const SALT: [u8; 32] = [
    0x30, 0x76, 0x2a, 0xd2, 0x3f, 0x7b, 0xa1, 0x9b, 0xf8, 0xe3, 0x42, 0xfc, 0xa1, 0xa7, 0x8d, 0x06,
    0xe6, 0x6b, 0xe4, 0xdb, 0xb8, 0x4f, 0x81, 0x53, 0xc5, 0x03, 0xc8, 0xdb, 0xbd, 0xde, 0xa5, 0x20,
];

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    #[test]
    fn a_pair_has_the_published_hash() {
        let hash = PairHash::of("jonsnow", "Targaryen");
        assert_eq!(
            HEXLOWER.encode(hash.as_bytes()),
            "f6e6fdb323af6f3d0310bb300e5a786b39a9a387c2eddecdfe184bf22330b272"
        );
    }

    #[test]
    fn a_hash_is_not_printed() {
        assert_eq!(format!("{:?}", PairHash([7; 32])), "PairHash(…)");
    }
}
