//! What an account is used to, and how little an event looks like it. No clock, no store, no I/O.
//!
//! ```text
//! Profile::judge(&Salt, &Event) -> Findings           before the event is taken in: risk, labels, reasons, terms
//! Profile::observe(&mut self, &Salt, &Event) -> Fingerprint      takes the event in; the fingerprint goes into its record
//! Profile::confirm(&mut self, Fingerprint, at, Proof)            an annotation tells how it turned out
//! Profile::encode / Profile::decode                   what a store keeps: at most Profile::MAX_BYTES bytes
//! ```
//!
//! A profile holds keyed hashes of coarse environments and network prefixes, days, and counts. Its [`Salt`] belongs to one
//! project **and** one account, so that two profiles cannot be compared by whoever reads the store.
//!
//! - `familiarity`, `habit` and `velocity` each say what they find as [`Contribution`]s: log-odds, positive for a stranger.
//!   Findings are their sum and nothing else; `calibration` says how many good logins reach it.
//! - Trust is earned by [`Proof`] alone. Years of regular logins lower the risk, but never give [`Labels::profile_match`].
//!
//! All times are milliseconds since the Unix epoch, and come in as arguments.

mod calibration;
mod codec;
mod disposable;
mod environment;
mod event;
mod familiarity;
mod findings;
mod habit;
mod judge;
mod place;
mod profile;
mod proof;
mod salt;
#[cfg(test)]
mod testing;
mod velocity;

pub use codec::ProfileError;
pub use disposable::has_disposable_domain;
pub use environment::Environment;
pub use event::{Count, Crowd, Event, Kind};
pub use findings::{Contribution, Findings, Labels, RiskReason, TrustReason};
pub use place::Fingerprint;
pub use profile::Profile;
pub use proof::Proof;
pub use salt::Salt;

/// Milliseconds since the Unix epoch.
pub type Millis = u64;

/// Milliseconds of a day.
const DAY: Millis = 86_400_000;
