use crate::{
    KeyRing, Millis, Token, TokenError,
    ring::Subkeys,
    seal::{OpenError, SealNonce},
    token::PLAIN_BYTES,
};

/// A token that its visitor gets once a question is answered, and how far the answering is. The page carries it, sealed.
///
/// The plaintext is a token's, then these fields in order, integers big-endian:
///
/// | field | bytes |
/// |---|--:|
/// | begun_at | 8 |
/// | asked_at | 8 |
/// | course | 8 |
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The token to be.
    pub token: Token,
    /// When its report came: [`CHALLENGE_LIFETIME_MS`] later all is over.
    pub begun_at: Millis,
    /// When the open question was asked: [`QUESTION_LIFETIME_MS`] later another one is to be asked.
    pub asked_at: Millis,
    /// The right answer and what came before, in the asking engine's own encoding.
    pub course: [u8; COURSE_BYTES],
}

impl Pending {
    /// A token whose visitor is to be asked; nothing is asked yet.
    pub const fn new(token: Token, now: Millis) -> Self {
        Self {
            token,
            begun_at: now,
            asked_at: now,
            course: [0; COURSE_BYTES],
        }
    }

    /// The sealed copy for the page to carry, always of one length. Errors: a field of the token is larger than its bound.
    pub fn seal(
        &self,
        ring: &KeyRing,
        nonce: SealNonce,
        now: Millis,
    ) -> Result<Vec<u8>, TokenError> {
        let mut plain = self.token.to_plain()?;
        plain.extend_from_slice(&self.begun_at.to_be_bytes());
        plain.extend_from_slice(&self.asked_at.to_be_bytes());
        plain.extend_from_slice(&self.course);
        Ok(ring.seal(Subkeys::challenge, &plain, nonce, now))
    }

    /// Opens a sealed copy. Whether it is over, or was answered before, is the caller's to judge.
    pub fn open(ring: &KeyRing, sealed: &[u8]) -> Result<Self, OpenError> {
        let plain = ring.open(Subkeys::challenge, sealed)?;
        let (token, rest) = plain
            .split_at_checked(PLAIN_BYTES)
            .ok_or(OpenError::Format)?;
        let (begun_at, rest) = rest.split_first_chunk().ok_or(OpenError::Format)?;
        let (asked_at, rest) = rest.split_first_chunk().ok_or(OpenError::Format)?;
        let (course, _) = rest.split_first_chunk().ok_or(OpenError::Format)?;
        Ok(Self {
            token: Token::from_plain(token).map_err(|_| OpenError::Format)?,
            begun_at: Millis::from_be_bytes(*begun_at),
            asked_at: Millis::from_be_bytes(*asked_at),
            course: *course,
        })
    }

    /// Whether it can still become a token.
    pub fn is_live(&self, now: Millis) -> bool {
        now < self.begun_at.saturating_add(CHALLENGE_LIFETIME_MS)
            && self.begun_at <= now.saturating_add(SKEW_MS)
    }

    /// Whether an answer to its question still counts. After that the visitor is asked another one: slowness is no fault.
    pub fn is_open(&self, now: Millis) -> bool {
        now < self.asked_at.saturating_add(QUESTION_LIFETIME_MS)
    }
}

/// How long a challenge may take in all: 10 minutes. Spent marks outlive it.
pub const CHALLENGE_LIFETIME_MS: Millis = 600_000;
/// How long a question waits for its answer: 2 minutes.
pub const QUESTION_LIFETIME_MS: Millis = 120_000;
/// Bytes of the asking engine's state.
pub const COURSE_BYTES: usize = 8;
/// How far replicas' clocks may be apart: 60 seconds.
const SKEW_MS: Millis = 60_000;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{ring, token};

    fn pending() -> Pending {
        Pending {
            token: token("login"),
            begun_at: 1_000_000,
            asked_at: 1_100_000,
            course: [1, 2, 3, 4, 5, 6, 7, 8],
        }
    }

    #[test]
    fn it_comes_back_as_it_was_and_its_length_tells_nothing() {
        let pending = pending();
        let sealed = pending.seal(&ring(), [0; 24], 0).unwrap();
        assert_eq!(Pending::open(&ring(), &sealed), Ok(pending.clone()));
        let longer = Pending {
            token: Token {
                sketch: vec![1; 64],
                ..pending.token.clone()
            },
            ..pending
        };
        let other = longer.seal(&ring(), [0; 24], 0).unwrap();
        assert_eq!(other.len(), sealed.len());
    }

    #[test]
    fn it_is_no_token_and_a_token_is_not_pending() {
        let sealed = pending().seal(&ring(), [0; 24], 0).unwrap();
        let text = data_encoding::BASE64URL_NOPAD.encode(&sealed);
        assert!(Token::open(&ring(), &text).is_err());
        let token = pending().token.seal(&ring(), [0; 24], 0).unwrap();
        let token = data_encoding::BASE64URL_NOPAD
            .decode(token.as_bytes())
            .unwrap();
        assert_eq!(Pending::open(&ring(), &token), Err(OpenError::Seal));
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
            prop_assert!(Pending::open(&ring(), &bytes).is_err());
        }

        #[test]
        fn a_changed_byte_is_noticed(at in 0usize..1_350, with in 1u8..) {
            let mut sealed = pending().seal(&ring(), [0; 24], 0).unwrap();
            let length = sealed.len();
            sealed[at % length] ^= with;
            prop_assert!(Pending::open(&ring(), &sealed).is_err());
        }
    }

    #[test]
    fn a_question_waits_two_minutes_and_a_challenge_ten() {
        let pending = pending();
        assert!(pending.is_open(1_100_000 + QUESTION_LIFETIME_MS - 1));
        assert!(!pending.is_open(1_100_000 + QUESTION_LIFETIME_MS));
        assert!(pending.is_live(1_000_000 + CHALLENGE_LIFETIME_MS - 1));
        assert!(!pending.is_live(1_000_000 + CHALLENGE_LIFETIME_MS));
        assert!(
            !pending.is_live(1_000_000 - SKEW_MS - 1),
            "begun in the future"
        );
    }
}
