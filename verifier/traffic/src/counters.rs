use std::net::IpAddr;

use crate::{Happening, Millis, Source, Tallies};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject<'a> {
    /// A site key: the agent's requests of all its pages.
    SiteKey(&'a str),
    /// The agent's requests from an IPv4 address or an IPv6 /64.
    Address(IpAddr),
    /// The agent's requests from an IPv4 /24 or an IPv6 /48.
    Network(IpAddr),
    /// The assessed tokens of one page: the random name that all its sessions have.
    Page(&'a [u8; 16]),
    /// The assessments of a project that name an account; its keyed hash.
    Account(&'a [u8; 32]),
    /// Requests from an address (as [`Subject::Address`]) with a site key that does not exist.
    Stranger(IpAddr),
    /// Wrong answers to challenges from an address (as [`Subject::Address`]).
    WrongAnswer(IpAddr),
    /// What happens to accounts from one source.
    Crowd(Source, Happening),
    /// The same for a week at a time: its day is seven.
    Habit(Source, Happening),
    /// One account, by its keyed hash, that is asked for from one source in one stretch of time, by its number.
    Pair(Source, &'a [u8; 32], Happening, u64),
}

/// How often something was counted in the last ten seconds, minute, ten minutes, hour and day; estimates, never above what the counting
/// cells of the subject hold.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Levels {
    /// In the last ten seconds.
    pub ten_seconds: f32,
    /// In the last minute.
    pub minute: f32,
    /// In the last ten minutes.
    pub ten_minutes: f32,
    /// In the last hour.
    pub hour: f32,
    /// In the last day.
    pub day: f32,
}

/// Where counts are kept.
///
/// Counting and reading must answer at once: they stand in the way of every request. Verifiers that share their counts count here
/// and exchange sums in the background.
pub trait Counters: Send + Sync {
    /// Counts one and answers the levels afterwards.
    fn add(&self, subject: Subject<'_>, now: Millis) -> Levels;
    /// The levels as they are.
    fn read(&self, subject: Subject<'_>, now: Millis) -> Levels;
    /// What was counted here since this was last asked; nothing where counts are not shared.
    fn take_untold(&self) -> Tallies;
    /// Counts what another process counted under the same key.
    fn absorb(&self, tallies: &Tallies, now: Millis);
}
