use data_encoding::HEXLOWER;
use touchstone_accounts::Salt;
use touchstone_store::{AccountHash, ProjectId};
use touchstone_token::Vault;

/// An account, named in one of the contract's two ways. It is known here by a keyed hash alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountName<'a> {
    /// `userInfo.accountId`.
    Id(&'a str),
    /// `hashedAccountId`.
    Hashed(&'a [u8]),
}

impl<'a> AccountName<'a> {
    /// The most bytes of a name. An e-mail address has 254, a SHA-512 hash 64.
    pub const MAX_BYTES: usize = 1_024;

    /// The account of a message; none if it names none. `id` goes before `hashed`, which it replaces.
    pub fn of(id: &'a str, hashed: &'a [u8]) -> Option<Self> {
        match (id, hashed) {
            ("", []) => None,
            ("", hashed) => Some(Self::Hashed(hashed)),
            (id, _) => Some(Self::Id(id)),
        }
    }

    /// Its keyed hash. Two projects' accounts of the same name have two.
    pub fn hash(self, vault: &Vault, project: &ProjectId) -> AccountHash {
        let text = match self {
            Self::Id(id) => format!("account\0{project}\0id\0{id}"),
            Self::Hashed(hash) => {
                format!("account\0{project}\0hash\0{}", HEXLOWER.encode(hash))
            }
        };
        AccountHash(vault.hash(&text))
    }
}

/// What the hashes in the profile of an account are made under: of this account alone, so that two profiles cannot be
/// compared by who reads the store.
pub fn salt(vault: &Vault, account: &AccountHash) -> Salt {
    Salt::new(vault.hash(&format!("profile\0{}", HEXLOWER.encode(&account.0))))
}

#[cfg(test)]
mod tests {
    use touchstone_token::VaultKey;

    use super::*;

    #[test]
    fn names_projects_and_ways_of_naming_are_told_apart() {
        let vault = Vault::new(&VaultKey([7; 32]));
        let (shop, other): (ProjectId, ProjectId) =
            ("shop".parse().unwrap(), "other".parse().unwrap());
        let names = [
            AccountName::Id("6162"),
            AccountName::Id("ab"),
            AccountName::Hashed(b"ab"),
        ];
        let hashes = names.map(|name| name.hash(&vault, &shop));
        assert!(hashes[0] != hashes[1] && hashes[0] != hashes[2] && hashes[1] != hashes[2]);
        assert_ne!(names[0].hash(&vault, &other), hashes[0]);
        assert_ne!(
            names[0].hash(&Vault::new(&VaultKey([8; 32])), &shop),
            hashes[0]
        );
    }

    #[test]
    fn the_id_goes_before_the_hash() {
        assert_eq!(AccountName::of("", b""), None);
        assert_eq!(AccountName::of("a", b"h"), Some(AccountName::Id("a")));
        assert_eq!(AccountName::of("", b"h"), Some(AccountName::Hashed(b"h")));
    }
}
