//! Seals and opens what the verifier hands out.
//!
//! ```text
//! KeyRing ── Purpose ──▶ Seal ──▶ sealed session   (carried by the page, back with each report)
//!                             ├─▶ token            (carried by the site's backend, back in an assessment)
//!                             ├─▶ pending token    (carried by the page while its visitor is asked a question)
//!                             ├─▶ request token    (carried by the page while a code is sent and typed)
//!                             └─▶ verdict token    (a token, and how that ended)
//! Vault   ─────────────▶ hashes of API keys, sealed siteverify secrets (never rotated)
//! KeyEncryptionKey ────▶ ring and vault key at rest, where verifiers share them
//! ```
//!
//! No clock, no randomness, no disk: `now` and fresh bytes are arguments. Whoever holds the ring can open everything,
//! on any machine: nothing is stored when a session or a token is issued.

#[cfg(feature = "fuzzing")]
mod fuzzing;
mod id;
mod judged;
mod outcome;
mod pending;
mod request;
mod ring;
mod seal;
mod session;
#[cfg(test)]
mod testing;
mod token;
mod vault;
mod wrap;

pub use id::TokenId;
pub use judged::{JUDGED_CHARS, JUDGEMENT_BYTES, JudgedToken};
pub use outcome::ChallengeOutcome;
pub use pending::{CHALLENGE_LIFETIME_MS, COURSE_BYTES, Pending, QUESTION_LIFETIME_MS};
pub use request::{open_request, seal_request};
pub use ring::{KeyId, KeyRing, PUBLISH_BEFORE_MS, RingError, RingKey, SEALED_LIFETIME_MS};
pub use seal::{OpenError, Purpose, SEAL_OVERHEAD, SealNonce};
pub use session::{Asked, Opened, Session};
pub use token::{
    MAX_FACTS_BYTES, MAX_SKETCH_BYTES, MAX_TOKEN_CHARS, MIN_TOKEN_CHARS, TOKEN_CHARS,
    TOKEN_LIFETIME_MS, Token, TokenError,
};
pub use vault::{SecretHash, Vault, VaultKey};
pub use wrap::{KekTextError, KeyEncryptionKey};

/// Milliseconds since the Unix epoch.
pub type Millis = u64;
