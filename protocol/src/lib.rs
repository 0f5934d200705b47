//! What the agent (in the page) and the verifier (on the server) say to each other.
//!
//! ```text
//! verifier ── Challenge ──▶ agent        a session: nonce, key, and its sealed copy to carry back
//! agent ── Envelope(Report) ──▶ verifier  what was measured, under the session key
//! agent ── PlainReport ──▶ verifier       no WebAssembly: nothing measured, and said so
//! ```
//!
//! The crate is `no_std + alloc`, knows neither a browser nor a server, and never panics on foreign bytes: every
//! decoder returns a value or a [`DecodeError`]. The byte layouts are pinned by the numbered files in `samples/`.

#![no_std]

extern crate alloc;

mod challenge;
mod columns;
mod envelope;
mod environment;
mod fragment;
mod hash;
mod payment;
mod plain;
mod report;
mod sample;
mod wire;

pub use challenge::{Challenge, MAX_FRAGMENT_BYTES, SESSION_LIFETIME_MS};
pub use envelope::{Envelope, MAX_ENVELOPE_BYTES, OpenError, SessionKey};
pub use environment::{Environment, Measure, Probe, State};
pub use fragment::BoxSize;
pub use hash::fnv1a64;
pub use payment::Payment;
pub use plain::{BROWSER_ERROR_PREFIX, PlainReason, PlainReport};
pub use report::{Counters, MAX_REPORT_BYTES, Report};
pub use sample::{
    Field, InputKind, KEY_CAPACITY, KeyClass, KeyFlags, KeySample, OTHER_CAPACITY, OtherKind,
    OtherSample, POINTER_CAPACITY, PointerDevice, PointerKind, PointerSample, Press,
};

/// Why foreign bytes are not a message. The agent and the public doors never pass the detail on to the page: it would
/// teach an attacker; it is for logs, tests and tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The bytes end early, or a length or number in them is not encoded as the format says.
    #[error("the bytes are cut short or not encoded as the format says")]
    Malformed,
    /// The first byte names a format this build does not read.
    #[error("format version {0} is not known")]
    Version(u8),
    /// A part is larger than the format allows.
    #[error("{0} is larger than allowed")]
    TooLarge(&'static str),
    /// A value contradicts another one or lies outside its range.
    #[error("{0} is not a possible value")]
    Impossible(&'static str),
    /// The message is followed by more bytes.
    #[error("{0} bytes follow the message")]
    Trailing(usize),
}

/// Longest action name in bytes; longer ones are cut by the face and refused by the decoder.
pub const MAX_ACTION_BYTES: usize = 100;

/// Whether a name keeps to the alphabet of actions: `[A-Za-z0-9/_]`, at most [`MAX_ACTION_BYTES`]. Empty is allowed: no
/// action was named.
pub fn is_action(name: &str) -> bool {
    name.len() <= MAX_ACTION_BYTES
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'/' || b == b'_')
}
