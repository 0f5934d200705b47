use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Something that accounts may share, as it is stored: 128 bits that say nothing without the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Identifier {
    /// A keyed hash.
    pub id: [u8; 16],
    /// How many accounts it links at most, at least 2. One that more accounts have links nobody.
    pub most: u16,
}

/// What a project's identifiers are hashed under. Another project's identifiers of the same person are other ones, so nobody who
/// reads the store can join the two. Not printed, wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct IdentifierKey(pub [u8; 32]);

/// What kind of thing is shared. Its number is part of the hash, and is never given to another kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A mailbox. Links many accounts: that is what a farm lives on, while people share one in a family, a small business, a
    /// school class. Placeholders that a call centre types for everybody without a mailbox are over it soon.
    Mailbox = 1,
    /// A phone number. A family's, or one of a farm's few SIM cards; an office's switchboard is over it.
    Phone = 2,
    /// Accounts registered within minutes whose mailboxes are numbered alike, from equal browsers, wherever they come from.
    Series = 3,
    /// Accounts registered within minutes under one whole name, from equal browsers of one network. Fewer than for a series,
    /// because no numbers are asked for: in a large network namesakes meet.
    Burst = 4,
    /// Accounts registered under one whole name in one page that was not left meanwhile.
    Page = 5,
    /// Accounts registered with one recorded movement of the pointer, played again each time. Each of them has its own visit and
    /// the one that it repeats, so that a chain of them holds together whichever was recorded.
    Recording = 6,
}

impl Kind {
    const fn most(self) -> u16 {
        match self {
            Self::Mailbox => 256,
            Self::Phone => 32,
            Self::Series => 128,
            Self::Burst => 16,
            Self::Page => 16,
            Self::Recording => 256,
        }
    }
}

impl IdentifierKey {
    /// The identifier that stands for these parts. Each goes in with its length, so that no two lists of parts are one.
    pub(crate) fn identifier(&self, kind: Kind, parts: &[&[u8]]) -> Identifier {
        let mut id = [0; 16];
        // HMAC takes keys of any length; the other branch cannot be reached.
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) {
            mac.update(&[kind as u8]);
            for part in parts {
                mac.update(&(part.len() as u64).to_be_bytes());
                mac.update(part);
            }
            id.copy_from_slice(&mac.finalize().into_bytes()[..16]);
        }
        Identifier {
            id,
            most: kind.most(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_depends_on_its_key_its_kind_and_each_of_its_parts() {
        let id = |key, kind, parts: &[&[u8]]| IdentifierKey([key; 32]).identifier(kind, parts).id;
        let one = id(1, Kind::Burst, &[b"ab", b"c"]);
        assert_eq!(one, id(1, Kind::Burst, &[b"ab", b"c"]));
        for other in [
            id(2, Kind::Burst, &[b"ab", b"c"]),
            id(1, Kind::Page, &[b"ab", b"c"]),
            id(1, Kind::Burst, &[b"a", b"bc"]),
            id(1, Kind::Burst, &[b"ab", b"c", b""]),
        ] {
            assert_ne!(one, other);
        }
    }
}
