use std::fmt;

/// A point in time: milliseconds since the Unix epoch, UTC.
///
/// Arithmetic saturates: a wrong clock gives a wrong time, never a panic or a time on the other side of the epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Millis(pub u64);

impl Millis {
    /// Later than any time that a store can keep: the low-water mark of a copy that does not serve yet.
    pub const NEVER: Self = Self(i64::MAX as u64);

    /// This time and `ms` milliseconds.
    #[must_use]
    pub const fn after(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// The day in UTC.
    #[must_use]
    pub fn day(self) -> Day {
        Day(i32::try_from(self.0 / DAY_MS).unwrap_or(i32::MAX))
    }

    /// `ms` milliseconds before this time, at the earliest the epoch.
    #[must_use]
    pub const fn before(self, ms: u64) -> Self {
        Self(self.0.saturating_sub(ms))
    }
}

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A day: how many it is after 1 January 1970 in the calendar of the caller, who knows in which time zone days begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Day(pub i32);

/// How many days before the present one counts are kept.
pub const COUNT_LIFE_DAYS: i32 = 90;

/// How long a spent mark is kept, from the time inside the token id: 27 minutes.
///
/// That time is when the token's *session* began. For ten minutes more the same envelope can be turned into a token
/// with the same id; its visitor may have to answer questions first, for another ten; then it is valid for two minutes; five
/// are added for clocks that differ. A shorter life would let a second token with that id outlive the mark, or, where the
/// low-water mark rises instead, refuse tokens of visitors whose session is still good.
pub const SPENT_MARK_LIFE_MS: u64 =
    SESSION_LIFE_MS + CHALLENGE_LIFE_MS + TOKEN_LIFE_MS + CLOCK_SLACK_MS;

/// How long the answer to an idempotent request is kept, from the request: 2 minutes.
pub const FIRST_ANSWER_LIFE_MS: u64 = 2 * MINUTE_MS;

/// How long an id that was taken is remembered, from the time when it was taken: as long as a spent mark, so that whatever
/// a page was given in its session is over by then.
pub const TAKEN_LIFE_MS: u64 = SPENT_MARK_LIFE_MS;

const SESSION_LIFE_MS: u64 = 10 * MINUTE_MS;
const CHALLENGE_LIFE_MS: u64 = 10 * MINUTE_MS;
const TOKEN_LIFE_MS: u64 = 2 * MINUTE_MS;
const CLOCK_SLACK_MS: u64 = 5 * MINUTE_MS;
const DAY_MS: u64 = 24 * 60 * MINUTE_MS;
const MINUTE_MS: u64 = 60_000;
