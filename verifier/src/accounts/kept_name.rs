use touchstone_token::{SealNonce, Vault};

use super::AccountName;

/// The name of an account as it is kept where a site is told its accounts again: sealed, so that who reads the store learns
/// none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeptName {
    /// `accountId`.
    Id(String),
    /// `hashedAccountId`.
    Hashed(Vec<u8>),
}

impl KeptName {
    /// Seals a name: at most [`AccountName::MAX_BYTES`], one and the seal.
    pub fn seal(name: AccountName<'_>, vault: &Vault, nonce: SealNonce) -> Vec<u8> {
        let (kind, bytes) = match name {
            AccountName::Id(id) => (ID, id.as_bytes()),
            AccountName::Hashed(hash) => (HASHED, hash),
        };
        vault.seal_account(&[&[kind], bytes].concat(), nonce)
    }

    /// Reads a sealed name; `None` for what this vault did not seal.
    pub fn open(vault: &Vault, sealed: &[u8]) -> Option<Self> {
        let bytes = vault.open_account(sealed).ok()?;
        match bytes.split_first()? {
            (&ID, id) => Some(Self::Id(std::str::from_utf8(id).ok()?.to_owned())),
            (&HASHED, hash) => Some(Self::Hashed(hash.to_owned())),
            _ => None,
        }
    }
}

const ID: u8 = 1;
const HASHED: u8 = 2;

#[cfg(test)]
mod tests {
    use touchstone_store::MAX_RELATED_NAME_BYTES;
    use touchstone_token::VaultKey;

    use super::*;

    #[test]
    fn a_sealed_name_is_read_again_and_the_longest_can_be_kept() {
        let vault = Vault::new(&VaultKey([1; 32]));
        let longest = "é".repeat(AccountName::MAX_BYTES / 2);
        for (name, kept) in [
            (AccountName::Id("a\0b"), KeptName::Id("a\0b".to_owned())),
            (AccountName::Id(&longest), KeptName::Id(longest.clone())),
            (
                AccountName::Hashed(&[0, 255]),
                KeptName::Hashed(vec![0, 255]),
            ),
        ] {
            let sealed = KeptName::seal(name, &vault, [2; 24]);
            assert!(sealed.len() <= MAX_RELATED_NAME_BYTES);
            assert_eq!(KeptName::open(&vault, &sealed), Some(kept));
        }
        assert_eq!(
            KeptName::open(&vault, &vault.seal("\u{1}user", [2; 24])),
            None
        );
        let other = Vault::new(&VaultKey([2; 32]));
        let sealed = KeptName::seal(AccountName::Id("a"), &vault, [2; 24]);
        assert_eq!(KeptName::open(&other, &sealed), None);
    }
}
