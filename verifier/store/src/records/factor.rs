use crate::Millis;

/// Names a challenge of the second factor: the account that it is about, as a keyed hash, and the request token's own name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FactorId {
    /// The account.
    pub account: [u8; 32],
    /// The request token.
    pub request: [u8; 16],
}

/// A code that is about to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCode {
    /// The challenge.
    pub id: FactorId,
    /// The keyed hash of the code.
    pub code: [u8; 32],
    /// Guesses that the challenge has, if this is its first code.
    pub attempts: u8,
    /// When the challenge is over.
    pub ends_at: Millis,
    /// How long after the code before it this one may be sent at the earliest, in milliseconds.
    pub again_after_ms: u64,
}

/// What came of a new code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeKept {
    /// It is the challenge's code now, the one before is void.
    Kept {
        /// Guesses that are left.
        attempts_left: u8,
    },
    /// One was sent a moment ago, and stays.
    TooSoon(FactorState),
    /// The challenge was met, or has no guess left.
    Over,
}

/// A challenge under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactorState {
    /// Guesses that are left.
    pub attempts_left: u8,
    /// When its last code was kept.
    pub sent_at: Millis,
}

/// A guess that was begun, and counted already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guess {
    /// It may be compared.
    Counted {
        /// The keyed hash of the right code.
        code: [u8; 32],
        /// Guesses that are left after this one.
        attempts_left: u8,
    },
    /// There was none left.
    Exhausted,
    /// The challenge was met; this counted nothing.
    Met {
        /// The keyed hash of the code that was right.
        code: [u8; 32],
        /// Who met it, as given to [`Store::prove`](crate::Store::prove).
        by: [u8; 16],
    },
    /// There is no such challenge, or it is over.
    Over,
}

/// An address that was proved for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proved {
    /// The keyed hash of the address.
    pub address: [u8; 32],
    /// When it was proved last.
    pub at: Millis,
}

/// How often something may happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Names what is counted.
    pub id: [u8; 16],
    /// How often it may happen within the window.
    pub most: u32,
    /// The window, in milliseconds, from the first time on.
    pub window_ms: u64,
}

/// A message that waits to be sent. What is in it, only the verifier knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingMessage {
    /// Names it; a later one of the same name takes its place.
    pub id: [u8; 16],
    /// Its bytes, at most [`MAX_MESSAGE_BYTES`].
    pub sealed: Vec<u8>,
    /// When it is of no use any more.
    pub dead_at: Millis,
}

/// Largest waiting message, in bytes.
pub const MAX_MESSAGE_BYTES: usize = 4_096;
/// Most messages that wait at once.
pub const MAX_WAITING_MESSAGES: u32 = 10_000;
/// Most addresses that are remembered of one account; those proved last.
pub const MAX_PROVED: u32 = 64;
/// How long it is remembered that an address was proved: 400 days, so that a login once a year finds it.
pub const PROVED_LIFE_MS: u64 = 400 * 24 * 3_600_000;
