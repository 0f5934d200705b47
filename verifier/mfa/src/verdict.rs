use crate::Millis;

/// How a verification ended. The numbers are those of the contract's `AccountVerificationInfo.Result`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The right code was typed.
    Verified = 1,
    /// It was not: guesses or time ran out.
    NotVerified = 2,
    /// Nothing is set up that could send to this kind of address.
    OnboardingIncomplete = 3,
    /// The address takes no mail, or the operator allows none to it.
    RecipientNotAllowed = 4,
    /// Too many codes were sent to the address, or for the account.
    AbuseLimitExhausted = 5,
    /// The message could not be sent: mail server or gateway is down.
    Internal = 6,
    /// The project or its site sent as many codes as it may.
    QuotaExhausted = 7,
    /// The site key is one for tests: nothing was sent.
    Bypassed = 8,
    /// The verdict is of another account or address. Found by the assessment; no verdict says so.
    Mismatch = 9,
}

impl Outcome {
    /// Its number in the contract.
    pub const fn number(self) -> i32 {
        self as i32
    }

    const fn of_byte(byte: u8) -> Option<Self> {
        Some(match byte {
            1 => Self::Verified,
            2 => Self::NotVerified,
            3 => Self::OnboardingIncomplete,
            4 => Self::RecipientNotAllowed,
            5 => Self::AbuseLimitExhausted,
            6 => Self::Internal,
            7 => Self::QuotaExhausted,
            8 => Self::Bypassed,
            _ => return None,
        })
    }
}

/// How a verification ended, of which account and address: what a verdict token says beyond an ordinary one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// How it ended.
    pub outcome: Outcome,
    /// The keyed hash of the account.
    pub account: [u8; 32],
    /// The keyed hash of the address.
    pub address_hash: [u8; 32],
    /// When.
    pub at: Millis,
}

impl Verdict {
    /// Its bytes: outcome (1), account (32), address (32), time (8, big-endian).
    pub fn to_bytes(&self) -> [u8; VERDICT_BYTES] {
        let mut bytes = [0; VERDICT_BYTES];
        bytes[0] = self.outcome as u8;
        bytes[1..33].copy_from_slice(&self.account);
        bytes[33..65].copy_from_slice(&self.address_hash);
        bytes[65..].copy_from_slice(&self.at.to_be_bytes());
        bytes
    }

    /// Reads them; none for an outcome that this release does not know.
    pub fn from_bytes(bytes: &[u8; VERDICT_BYTES]) -> Option<Self> {
        let (outcome, rest) = bytes.split_first()?;
        let (account, rest) = rest.split_first_chunk()?;
        let (address_hash, at) = rest.split_first_chunk()?;
        Some(Self {
            outcome: Outcome::of_byte(*outcome)?,
            account: *account,
            address_hash: *address_hash,
            at: Millis::from_be_bytes(at.try_into().ok()?),
        })
    }

    /// What it says about an account and its addresses: a verdict of another account, or of an address that is not among them, is
    /// none about this one.
    pub fn about(&self, account: &[u8; 32], addresses: &[[u8; 32]]) -> Outcome {
        match self.account == *account && addresses.contains(&self.address_hash) {
            true => self.outcome,
            false => Outcome::Mismatch,
        }
    }
}

/// Bytes of every verdict.
pub const VERDICT_BYTES: usize = 73;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn verdict(outcome: Outcome) -> Verdict {
        Verdict {
            outcome,
            account: [1; 32],
            address_hash: [2; 32],
            at: 1_800_000_000_000,
        }
    }

    #[test]
    fn a_verdict_comes_back_as_it_was() {
        for number in 1..=8 {
            let verdict = verdict(Outcome::of_byte(number).unwrap());
            assert_eq!(Verdict::from_bytes(&verdict.to_bytes()), Some(verdict));
            assert_eq!(verdict.outcome.number(), i32::from(number));
        }
    }

    #[test]
    fn a_verdict_is_of_its_account_and_address_alone() {
        let verdict = verdict(Outcome::Verified);
        let about = |account, addresses: &[[u8; 32]]| verdict.about(&[account; 32], addresses);
        assert_eq!(about(1, &[[9; 32], [2; 32]]), Outcome::Verified);
        assert_eq!(about(3, &[[2; 32]]), Outcome::Mismatch);
        assert_eq!(about(1, &[[9; 32]]), Outcome::Mismatch);
        assert_eq!(about(1, &[]), Outcome::Mismatch);
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_verdict_or_none(bytes in proptest::array::uniform32(any::<u8>()), first: u8) {
            let mut all = [first; VERDICT_BYTES];
            all[8..40].copy_from_slice(&bytes);
            if let Some(verdict) = Verdict::from_bytes(&all) {
                prop_assert_eq!(verdict.to_bytes(), all);
            }
        }
    }
}
