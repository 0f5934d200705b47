//! How much comes from where: counts over sliding windows, in memory that no flood can make grow.
//!
//! ```text
//! Traffic::requested(site key, address)        when the agent opens a session or posts a report
//! Traffic::assessed(page, account)             when a token is assessed: answers the counts, this one included
//! Traffic::asked_for(account, origin)          when it names an account: what came to other accounts from there
//! Traffic::visits(address)                     what comes from an address, and what is ordinary for it
//! Traffic::pressure(site key, address)         the last minute against an ordinary one: the price of the next session
//! ```
//!
//! Nothing here is a verdict: the score gets plain numbers, and its detectors say what they mean. Addresses, accounts and
//! pages are counted under a keyed hash and never kept; a restart forgets them.
//!
//! - [`Sketch`] counts in this process. Processes that share a key tell each other by [`Traffic::tell`] and [`Traffic::hear`] what they
//!   counted, and know of each other's visitors as soon as they have: keyed hashes and numbers, nothing that names anybody.
//! - All times are milliseconds since the Unix epoch, and come in as arguments.

mod address;
mod cell;
mod counters;
mod crowds;
mod sketch;
mod tallies;
mod traffic;

pub use address::{is_public, narrow, wide};
pub use counters::{Counters, Levels, Subject};
pub use crowds::{Busyness, Crowd, Happening, Origin, Source};
pub use sketch::{Sketch, SketchKey};
pub use tallies::{Tallies, TalliesError};
pub use traffic::{Assessed, Rate, Traffic, Visits};

/// Milliseconds since the Unix epoch.
pub type Millis = u64;
