//! How a site names its accounts, and what stands for one in the store.

use data_encoding::HEXLOWER;
use touchstone_store::{AccountHash, MAX_RELATED_NAME_BYTES, ProjectId, RelatedAccountId};
use touchstone_token::{SealNonce, Vault};

use crate::steps::Account;

/// An account, named in one of the contract's two ways. Which of a site's accounts has which hash is known to the site alone,
/// so the two name different accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountName {
    /// `accountId`.
    Id(String),
    /// `hashedAccountId`.
    Hashed(Vec<u8>),
}

impl AccountName {
    /// By which the account is found: a keyed hash of project and name.
    pub fn hash(&self, vault: &Vault, project: &ProjectId) -> AccountHash {
        AccountHash(vault.hash(&format!("account\0{project}\0{}", self.text())))
    }

    /// The same, as related accounts know it.
    pub fn related_id(&self, vault: &Vault, project: &ProjectId) -> RelatedAccountId {
        RelatedAccountId::from(&self.hash(vault, project))
    }

    /// Sealed, so that who reads the store learns no names; `None` for one that is too long to be kept.
    pub fn seal(&self, vault: &Vault, nonce: SealNonce) -> Option<Vec<u8>> {
        let sealed = vault.seal_account(&self.text(), nonce);
        (sealed.len() <= MAX_RELATED_NAME_BYTES).then_some(sealed)
    }

    /// Reads a sealed name; `None` for what this vault did not seal.
    pub fn open(vault: &Vault, sealed: &[u8]) -> Option<Self> {
        let text = vault.open_account(sealed).ok()?;
        match text.split_once('\0')? {
            (ID, id) => Some(Self::Id(id.to_owned())),
            (HASHED, hex) => Some(Self::Hashed(HEXLOWER.decode(hex.as_bytes()).ok()?)),
            _ => None,
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Id(id) => format!("{ID}\0{id}"),
            Self::Hashed(hash) => format!("{HASHED}\0{}", HEXLOWER.encode(hash)),
        }
    }
}

impl From<Account<'_>> for AccountName {
    fn from(account: Account<'_>) -> Self {
        match account {
            Account::Id(id) => Self::Id(id.to_owned()),
            Account::Hashed(hash) => Self::Hashed(hash.to_owned()),
        }
    }
}

const ID: &str = "id";
const HASHED: &str = "hash";

#[cfg(test)]
mod tests {
    use touchstone_token::VaultKey;

    use super::*;

    #[test]
    fn a_sealed_name_is_read_again_and_a_long_one_is_not_kept() {
        let vault = Vault::new(&VaultKey([1; 32]));
        for name in [
            AccountName::Id("user\0hash\0".to_owned()),
            AccountName::Id(String::new()),
            AccountName::Hashed(vec![0, 255]),
        ] {
            let sealed = name.seal(&vault, [2; 24]).unwrap();
            assert_eq!(AccountName::open(&vault, &sealed), Some(name));
        }
        assert_eq!(
            AccountName::Id("a".repeat(MAX_RELATED_NAME_BYTES)).seal(&vault, [2; 24]),
            None
        );
        assert_eq!(
            AccountName::open(&vault, &vault.seal("id\0user", [2; 24])),
            None
        );
    }

    #[test]
    fn an_account_is_another_one_in_another_project_and_by_another_kind_of_name() {
        let vault = Vault::new(&VaultKey([1; 32]));
        let (p, q) = ("p".parse().unwrap(), "q".parse().unwrap());
        let id = AccountName::Id("aa".to_owned());
        assert_ne!(id.hash(&vault, &p), id.hash(&vault, &q));
        assert_ne!(
            id.hash(&vault, &p),
            AccountName::Hashed(vec![0xaa]).hash(&vault, &p)
        );
    }
}
