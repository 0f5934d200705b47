use alloc::vec::Vec;

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
    /// The verifier's sealed copy of the session, opaque to the agent, at most 1,024 bytes.
    pub sealed: Vec<u8>,
}

impl Challenge {
    /// The bytes of the session endpoint's answer.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = wire::Writer::new(VERSION);
        out.raw(&self.key.0);
        out.number(self.lifetime_ms.into());
        out.byte(self.host_not_allowed.into());
        out.bytes(&self.sealed);
        out.done()
    }

    /// Reads the session endpoint's answer.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut input = wire::Reader::new(VERSION, bytes)?;
        let challenge = Self {
            key: SessionKey(input.array()?),
            lifetime_ms: input.number()?,
            host_not_allowed: input.flag()?,
            sealed: input.bytes()?.to_vec(),
        };
        input.done()?;
        if challenge.sealed.len() > MAX_SEALED_BYTES {
            return Err(DecodeError::TooLarge("the sealed session"));
        }
        Ok(challenge)
    }
}

/// Largest sealed session in bytes.
pub const MAX_SEALED_BYTES: usize = 1_024;

const VERSION: u8 = 1;
