use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::Millis;

/// The name of a token, 128 bits: 48 bits of time in milliseconds, then 80 bits that only the verifier can compute.
///
/// The id of an enveloped report depends on its session and execute counter alone: the same envelope posted twice gives
/// the same id, so it spends once, on any replica, with nothing stored at issue. Ids sort by time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TokenId(pub [u8; 16]);

impl TokenId {
    /// The id of execute number `counter` of a session.
    pub(crate) fn of_session(
        key: &[u8; 32],
        issued_at: Millis,
        nonce: &[u8; 16],
        counter: u8,
    ) -> Self {
        // HMAC takes keys of any length; this branch cannot be reached.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
            return Self([0; 16]);
        };
        mac.update(nonce);
        mac.update(&[counter]);
        let tag = mac.finalize().into_bytes();
        let mut tail = [0; 10];
        tail.copy_from_slice(&tag[..10]);
        Self::at(issued_at, tail)
    }

    /// An id of its own, from fresh random bytes: for reports without a session and assessments without a token.
    pub fn random(now: Millis, fresh: [u8; 10]) -> Self {
        Self::at(now, fresh)
    }

    /// The time inside, in milliseconds since the Unix epoch.
    pub fn time(&self) -> Millis {
        self.0[..6]
            .iter()
            .fold(0, |time, byte| time << 8 | u64::from(*byte))
    }

    fn at(time: Millis, tail: [u8; 10]) -> Self {
        let mut id = [0; 16];
        id[..6].copy_from_slice(&time.to_be_bytes()[2..]);
        id[6..].copy_from_slice(&tail);
        Self(id)
    }
}

/// 32 lower-case hex digits: the id of the assessment that spends the token.
impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenId({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_carry_their_time_and_sort_by_it() {
        let early = TokenId::of_session(&[1; 32], 1_000, &[9; 16], 0);
        let late = TokenId::random(1_001, [0; 10]);
        assert_eq!((early.time(), late.time()), (1_000, 1_001));
        assert!(early < late);
    }

    #[test]
    fn each_execute_of_a_session_has_an_id_of_its_own_and_keeps_it() {
        let id = |counter| TokenId::of_session(&[1; 32], 1_000, &[9; 16], counter);
        assert_eq!(id(7), id(7));
        assert_ne!(id(7), id(8));
        assert_ne!(id(7), TokenId::of_session(&[2; 32], 1_000, &[9; 16], 7));
    }
}
