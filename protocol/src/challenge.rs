use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::{DecodeError, SessionKey, wire};

/// A session lives this long from its issue, in milliseconds (10 minutes). After that an `execute` costs one more fetch.
pub const SESSION_LIFETIME_MS: u32 = 600_000;

/// What the verifier answers when the agent opens a session.
///
/// Nothing of it is stored: `sealed` carries the same facts back under the verifier's own key.
#[derive(Clone, PartialEq, Eq)]
pub struct Challenge {
    /// The key that envelopes of this session are sealed under. Friction and integrity, not secrecy from the page's owner.
    pub key: SessionKey,
    /// How long envelopes of this session are accepted, in milliseconds from now.
    pub lifetime_ms: u32,
    /// The page's host is not among the site key's domains: tokens will assess as DOMAIN_MISMATCH, and the script warns.
    pub host_not_allowed: bool,
    /// The verifier's sealed copy of the session, opaque to the agent, at most [`MAX_SEALED_BYTES`].
    pub sealed: Vec<u8>,
}

impl Challenge {
    /// The bytes of the session endpoint's answer.
    pub fn encode(&self) -> Vec<u8> {
        wire::encode(
            VERSION,
            &Wire {
                key: self.key.0,
                lifetime_ms: self.lifetime_ms,
                host_not_allowed: self.host_not_allowed,
                sealed: &self.sealed,
            },
        )
    }

    /// Reads the session endpoint's answer.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let wire: Wire<'_> = wire::decode(VERSION, bytes)?;
        if wire.sealed.len() > MAX_SEALED_BYTES {
            return Err(DecodeError::TooLarge("the sealed session"));
        }
        Ok(Self {
            key: SessionKey(wire.key),
            lifetime_ms: wire.lifetime_ms,
            host_not_allowed: wire.host_not_allowed,
            sealed: wire.sealed.to_vec(),
        })
    }
}

/// Largest sealed session in bytes.
pub const MAX_SEALED_BYTES: usize = 1_024;

#[derive(Serialize, Deserialize)]
struct Wire<'a> {
    key: [u8; 32],
    lifetime_ms: u32,
    host_not_allowed: bool,
    sealed: &'a [u8],
}

const VERSION: u8 = 1;
