use alloc::vec::Vec;

use crate::{DecodeError, SessionKey, wire};

/// A session lives this long from its issue, in milliseconds (10 minutes). After that an `execute` costs one more fetch.
pub const SESSION_LIFETIME_MS: u32 = 600_000;

/// What the verifier answers when the agent opens a session.
///
/// Nothing of it is stored: `sealed` carries the same facts back under the verifier's own key. A newer verifier appends
/// fields, and an older agent ignores what follows those it knows.
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
    /// What the page's layout engine is asked, as JSON (UTF-8) of at most 2,048 bytes: an array of boxes, each `[inside, css, told]`.
    /// `inside` is the number of the box it lies in, counted from 1 in the order of the array, 0 for the fragment itself; `css`
    /// its declarations; of a box that is `told` (1) the report states the size, in the order of the array, at most four of
    /// them: [`Measure::Box0`](crate::Measure::Box0) and following. Empty: nothing new is asked, an earlier answer stands.
    pub fragment: Vec<u8>,
    /// What a report costs: the number of hashes that its proof of work takes on average ([`Payment`](crate::Payment)). 0 for
    /// none.
    pub price: u32,
}

impl Challenge {
    /// The bytes of the session endpoint's answer.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = wire::Writer::new(VERSION);
        out.raw(&self.key.0);
        out.number(self.lifetime_ms.into());
        out.byte(self.host_not_allowed.into());
        out.bytes(&self.sealed);
        out.bytes(&self.fragment);
        out.number(self.price.into());
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
            fragment: input.bytes()?.to_vec(),
            price: input.number()?,
        };
        if challenge.sealed.len() > MAX_SEALED_BYTES {
            return Err(DecodeError::TooLarge("the sealed session"));
        }
        if challenge.fragment.len() > MAX_FRAGMENT_BYTES {
            return Err(DecodeError::TooLarge("the fragment"));
        }
        Ok(challenge)
    }
}

/// Largest sealed session in bytes.
pub const MAX_SEALED_BYTES: usize = 1_024;
/// Largest fragment in bytes.
pub const MAX_FRAGMENT_BYTES: usize = 2_048;

const VERSION: u8 = 2;
