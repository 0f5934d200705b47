//! How often codes are sent and guessed.
//!
//! Whoever has a password can begin as often as the site lets them, and each beginning gives [`ATTEMPTS`] guesses at one of a million
//! codes. What bounds their chance are the codes of a day: with the [`ADDRESS`] limit of a day, [`ATTEMPTS`] × 20 guesses, that is one
//! in 10,000 a day.

use crate::Millis;

/// Most codes within a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// How many.
    pub most: u32,
    /// The time, in milliseconds; counted from the first one.
    pub window_ms: Millis,
}

/// Guesses at the codes of one request token, whichever of its codes they are at.
pub const ATTEMPTS: u8 = 5;
/// How long after a code the next one may be sent for the same request token: 30 seconds. Asking sooner is answered, and sends
/// nothing.
pub const RESEND_AFTER_MS: Millis = 30_000;
/// Codes to one address, for whichever account.
pub const ADDRESS: [Limit; 2] = [per_hour(10), per_day(20)];
/// Codes for one account, to whichever address.
pub const ACCOUNT: [Limit; 2] = [per_hour(10), per_day(20)];
/// Codes for one site key: a flood from one site must not use up a day's quota of the project in a minute, nor the good name of the
/// mail server.
pub const SITE: [Limit; 1] = [Limit {
    most: 300,
    window_ms: 60_000,
}];

/// The limit of a project's codes in a day.
pub const fn per_day(most: u32) -> Limit {
    Limit {
        most,
        window_ms: 24 * 3_600_000,
    }
}

const fn per_hour(most: u32) -> Limit {
    Limit {
        most,
        window_ms: 3_600_000,
    }
}
