//! The second factor: what an assessment is asked about it and answers, and what the page does in between.

mod ask;
mod send;
mod verify;

use std::net::IpAddr;

use touchstone_mfa::{FactorRequest, Outcome, Verdict};
use touchstone_store::FactorId;
use touchstone_token::{JudgedToken, Token};

use super::{StepError, page_key::page_key};
use crate::{
    Verifier,
    environment::fresh,
    keys::{self, KnownKey},
};

pub(super) use ask::{FactorAnswer, FactorQuestion};
pub use send::{Prepared, SendRequest, Sent, send_code};
pub use verify::{Verified, VerifyRequest, verify_code};

/// Why no code is sent, or none can be typed any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The request token, or the token with it, is not of this site key, or not valid.
    InvalidRequestToken,
    /// Its time is over, or it was met, or its guesses are used up.
    ChallengeExpired,
    /// A verification that ended so.
    Ended(Outcome),
}

/// A refusal, as the page is told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub refusal: Refusal,
    /// What tells the backend, where there is something to tell.
    pub verdict_token: Option<String>,
}

/// What the page presented, opened and checked.
struct Presented {
    request: FactorRequest,
    token: Token,
    key: std::sync::Arc<KnownKey>,
}

impl Presented {
    /// Opens what a page presents. Any token of the page that would be valid in an assessment will do; it is not spent.
    async fn open(
        verifier: &Verifier,
        site_key: &str,
        request_token: &str,
        token: &str,
        address: Option<IpAddr>,
    ) -> Result<Option<Self>, StepError> {
        let key = page_key(verifier, site_key, address).await?;
        let now = verifier.now();
        verifier.traffic.requested(site_key, address, now);
        let Some(request) = verifier.open_factor_request(request_token).await else {
            return Ok(None);
        };
        let Some(token) = verifier.open_token(token).await else {
            return Ok(None);
        };
        let is_of_key = request.site_key == site_key
            && request.project == key.project.as_str()
            && token.site_key == site_key;
        let is_valid = !token.is_expired(now)
            && !token.is_from_the_future(now)
            && keys::is_allowed(&key, token.hostname.as_deref());
        Ok((is_of_key && is_valid).then_some(Self {
            request,
            token,
            key,
        }))
    }

    fn id(&self) -> FactorId {
        FactorId {
            account: self.request.account,
            request: self.request.id,
        }
    }

    /// The token with a verdict, for the backend.
    fn judged(self, verifier: &Verifier, outcome: Outcome) -> Result<String, StepError> {
        let now = verifier.now();
        let verdict = Verdict {
            outcome,
            account: self.request.account,
            address_hash: self.request.address_hash,
            at: now,
        };
        let judged = JudgedToken {
            token: self.token,
            verdict: verdict.to_bytes(),
        };
        Ok(judged.seal(&verifier.ring(), fresh()?, now)?)
    }

    /// A refusal that the backend learns of by this outcome.
    fn refused(
        self,
        verifier: &Verifier,
        refusal: Refusal,
        outcome: Outcome,
    ) -> Result<Refused, StepError> {
        Ok(Refused {
            refusal,
            verdict_token: Some(self.judged(verifier, outcome)?),
        })
    }

    /// A verification that ended without a code that was typed.
    fn ended(self, verifier: &Verifier, outcome: Outcome) -> Result<Refused, StepError> {
        self.refused(verifier, Refusal::Ended(outcome), outcome)
    }

    /// The time of the request token is over, or its guesses are.
    fn expired(self, verifier: &Verifier) -> Result<Refused, StepError> {
        self.refused(verifier, Refusal::ChallengeExpired, Outcome::NotVerified)
    }
}

impl Refused {
    /// Nothing can be told to the backend about what is not ours.
    const fn invalid() -> Self {
        Self {
            refusal: Refusal::InvalidRequestToken,
            verdict_token: None,
        }
    }
}

/// The keyed hash of a code, which is all that the store keeps of it. Bound to its challenge, so that two codes that are the same do
/// not look it.
fn code_hash(verifier: &Verifier, id: &FactorId, code: &touchstone_mfa::Code) -> [u8; 32] {
    let hex = data_encoding::HEXLOWER;
    let text = zeroize::Zeroizing::new(format!(
        "factor code\0{}\0{}\0{}",
        hex.encode(&id.account),
        hex.encode(&id.request),
        code.as_str()
    ));
    verifier.vault.hash(&text)
}

/// Names what is counted, of a kind, in a quota.
fn quota_id(verifier: &Verifier, kind: &str, of: &[u8], window_ms: u64) -> [u8; 16] {
    let of = data_encoding::HEXLOWER.encode(of);
    let hash = verifier
        .vault
        .hash(&format!("factor quota\0{kind}\0{window_ms}\0{of}"));
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    id
}
