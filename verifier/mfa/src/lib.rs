//! The second factor: a person proves that an address is theirs by a code that was sent there.
//!
//! ```text
//! backend: accountVerification ─▶ Endpoint ─▶ FactorRequest   (sealed: the request token, one for each address)
//! page:    send                ─▶ Code ─▶ message             (mail or text, in the person's language)
//! page:    verify              ─▶ Verdict                     (sealed into a token: the verdict token)
//! backend: verdict token       ─▶ Outcome
//! ```
//!
//! No clock, no randomness, no network, no seals: time and fresh bytes are arguments, and what is sealed here is only written and
//! read as bytes. How often codes are sent and guessed is bounded by [`limits`].

mod code;
mod endpoint;
mod language;
pub mod limits;
mod message;
mod request;
mod verdict;
mod words;

pub use code::{CODE_DIGITS, Code, is_same};
pub use endpoint::{Channel, Endpoint, EndpointError};
pub use language::{LanguageError, read_language};
pub use message::{Message, Occasion};
pub use request::{FactorRequest, REQUEST_BYTES, REQUEST_LIFETIME_MS, RequestError};
pub use verdict::{Outcome, VERDICT_BYTES, Verdict};

/// Milliseconds since the Unix epoch.
pub type Millis = u64;
