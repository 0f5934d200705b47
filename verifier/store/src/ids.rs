use std::{fmt, str::FromStr};

use crate::Millis;

/// The id of a token: a 48-bit time stamp (milliseconds, big-endian), then 80 bits that cannot be guessed.
///
/// The time is that of the session from which the token came, so it is never later than the token's own issue. Equal
/// envelopes give equal ids, which is what makes a token open once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenId(pub [u8; 16]);

impl TokenId {
    /// Joins the parts. Of the time, the low 48 bits are kept (enough until the year 10889).
    #[must_use]
    pub fn new(time: Millis, tail: [u8; 10]) -> Self {
        let mut id = [0; 16];
        id[..6].copy_from_slice(&time.0.to_be_bytes()[2..]);
        id[6..].copy_from_slice(&tail);
        Self(id)
    }

    /// The time inside the id.
    #[must_use]
    pub fn time(&self) -> Millis {
        let mut time = [0; 8];
        time[2..].copy_from_slice(&self.0[..6]);
        Millis(u64::from_be_bytes(time))
    }
}

/// The id of an assessment: 32 lower-case hex digits outside. With a token it is the token's id, else random.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AssessmentId(pub [u8; 16]);

impl From<TokenId> for AssessmentId {
    fn from(id: TokenId) -> Self {
        Self(id.0)
    }
}

/// An account of a project, as related accounts know it: the first half of its keyed hash. 32 lower-case hex digits outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelatedAccountId(pub [u8; 16]);

impl From<&AccountHash> for RelatedAccountId {
    fn from(hash: &AccountHash) -> Self {
        let mut id = [0; 16];
        id.copy_from_slice(&hash.0[..16]);
        Self(id)
    }
}

/// The id of a group of related accounts, random. 32 lower-case hex digits outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub [u8; 16]);

hex_id! { AssessmentId, "assessment id" }
hex_id! { RelatedAccountId, "related account id" }
hex_id! { GroupId, "related account group id" }

/// A text that is not an id of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {what}")]
pub struct InvalidId {
    /// The kind of id that was asked for.
    pub what: &'static str,
}

text_id! {
    /// The id of a site key, which is the key itself: 40 characters of `[A-Za-z0-9_-]`, the first two `6L`.
    SiteKeyId, "site key", |t| t.len() == 40 && t.starts_with("6L") && t.bytes().all(is_url_safe)
}
text_id! {
    /// The id of a project: 1 to 63 characters of `[a-z0-9-]`, not beginning with `-`. A number is one too.
    ProjectId, "project id", |t| {
        (1..=63).contains(&t.len())
            && !t.starts_with('-')
            && t.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
    }
}
text_id! {
    /// The public id of an API key, by which it is listed and revoked: 1 to 64 characters of `[A-Za-z0-9_-]`.
    ApiKeyId, "API key id", |t| (1..=64).contains(&t.len()) && t.bytes().all(is_url_safe)
}
text_id! {
    /// The id of a firewall policy within its project: 1 to 64 characters of `[A-Za-z0-9_-]`.
    FirewallPolicyId, "firewall policy id", |t| (1..=64).contains(&t.len()) && t.bytes().all(is_url_safe)
}

digest! {
    /// The keyed hash of a site key's legacy `siteverify` secret.
    SecretHash
}
digest! {
    /// The keyed hash of an API key.
    ApiKeyHash
}
digest! {
    /// The keyed hash of a project's account, by which alone the account is known: who reads the store learns neither its
    /// name nor whether another project has the same.
    AccountHash
}
digest! {
    /// What an `Idempotency-Key` becomes: a hash over the API key's id and the header's value, so that two clients that
    /// choose the same value do not meet.
    IdempotencyKey
}
digest! {
    /// A hash over the whole request, to tell a repetition from another request under the same idempotency key.
    RequestHash
}

fn is_url_safe(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// How 16 bytes are written: as 32 lower-case hex digits.
macro_rules! hex_id {
    ($name:ident, $what:literal) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:032x}", u128::from_be_bytes(self.0))
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            /// Takes exactly what `Display` writes, so that each has one name.
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let digits =
                    text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
                let value = u128::from_str_radix(text, 16).ok().filter(|_| digits);
                value.map(|v| Self(v.to_be_bytes())).ok_or(InvalidId { what: $what })
            }
        }
    };
}
use hex_id;

/// A string newtype that holds only what its rule allows.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $rule:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// The id as it is written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let rule: fn(&str) -> bool = $rule;
                if rule(text) { Ok(Self(text.into())) } else { Err(InvalidId { what: $what }) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
use text_id;

/// A 256-bit digest newtype. Shows only its first bytes in logs: enough to compare, too little to look it up with.
macro_rules! digest {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $name(pub [u8; 32]);

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({:02x}{:02x}…)", stringify!($name), self.0[0], self.0[1])
            }
        }
    };
}
use digest;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ids_take_only_what_their_rule_allows() {
        let key = "6LeIxAcTAAAAAJcZVRqyHh71UMIEGNQ_MXjiZKhI";
        assert_eq!(key.parse::<SiteKeyId>().unwrap().as_str(), key);
        for bad in [
            "",
            "6L",
            &key[1..],
            &key.replace('Q', "é")[..],
            &format!("{key}A"),
            &key.replace("6L", "7L"),
        ] {
            assert!(bad.parse::<SiteKeyId>().is_err(), "{bad}");
        }
        for (text, ok) in [
            ("p", true),
            ("123456", true),
            ("a-b", true),
            ("", false),
            ("-a", false),
            ("A", false),
        ] {
            assert_eq!(text.parse::<ProjectId>().is_ok(), ok, "{text}");
        }
        assert!("a".repeat(63).parse::<ProjectId>().is_ok());
        assert!("a".repeat(64).parse::<ProjectId>().is_err());
        for (text, ok) in [("k_1-Z", true), ("", false), ("a b", false)] {
            assert_eq!(text.parse::<ApiKeyId>().is_ok(), ok, "{text}");
        }
    }

    #[test]
    fn an_assessment_has_one_name() {
        let name = "00c0ffee00c0ffee00c0ffee00c0ffee";
        assert_eq!(name.parse::<AssessmentId>().unwrap().to_string(), name);
        for bad in [
            "",
            "0",
            &name.to_uppercase(),
            &name[1..],
            "+0c0ffee00c0ffee00c0ffee00c0ffee",
        ] {
            assert!(bad.parse::<AssessmentId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_digest_does_not_show_itself_in_logs() {
        assert_eq!(format!("{:?}", ApiKeyHash([0xab; 32])), "ApiKeyHash(abab…)");
    }

    proptest! {
        #[test]
        fn a_token_id_keeps_its_time_and_sorts_by_it(a in 0..1u64 << 48, b in 0..1u64 << 48, tail: [u8; 10]) {
            let (x, y) = (TokenId::new(Millis(a), tail), TokenId::new(Millis(b), tail));
            prop_assert_eq!(x.time(), Millis(a));
            prop_assert_eq!(x.cmp(&y), a.cmp(&b));
            let id = AssessmentId::from(x);
            prop_assert_eq!(id.to_string().parse(), Ok(id));
        }
    }
}
