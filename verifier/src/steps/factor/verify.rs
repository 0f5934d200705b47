use std::net::IpAddr;

use touchstone_mfa::{Code, Outcome, is_same};
use touchstone_store::Guess;

use super::{Presented, Refused, StepError, code_hash};
use crate::Verifier;
use zeroize::Zeroizing;

/// A page sends the code that its visitor typed.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifyRequest {
    /// The request token that the code was asked for with.
    pub request_token: String,
    /// What was typed.
    pub pin: Zeroizing<String>,
    /// A token of the page.
    pub token: String,
}

/// What the page is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verified {
    /// It is the code: the verdict token.
    Verified(String),
    /// It is not.
    Mismatch {
        /// Guesses that are left.
        attempts_left: u8,
    },
    /// It is no code at all; this used up no guess.
    NoPin {
        /// Guesses that are left.
        attempts_left: u8,
    },
    /// It is not, and there is no guess left: the verdict token.
    Exhausted(String),
    /// None can be typed.
    Refused(Refused),
}

/// Compares a code. Each guess is counted before it is compared, so that many at once are no more than one after the other.
///
/// # Errors
/// There is no such site key, or the store does not answer.
pub async fn verify_code(
    verifier: &Verifier,
    site_key: &str,
    request: VerifyRequest,
    address: Option<IpAddr>,
) -> Result<Verified, StepError> {
    let VerifyRequest {
        request_token,
        pin,
        token,
    } = &request;
    let opened = Presented::open(verifier, site_key, request_token, token, address).await?;
    let Some(presented) = opened else {
        return Ok(Verified::Refused(Refused::invalid()));
    };
    let (now, id) = (verifier.stored_now(), presented.id());
    let expired = |presented: Presented| Ok(Verified::Refused(presented.expired(verifier)?));
    if presented.request.is_over(now.0) {
        return expired(presented);
    }
    let Some(typed) = Code::read(pin) else {
        return match verifier.store.factor(&id, now).await? {
            Some(state) => Ok(Verified::NoPin {
                attempts_left: state.attempts_left,
            }),
            None => expired(presented),
        };
    };
    let typed = code_hash(verifier, &id, &typed);
    let channel = presented.request.endpoint.channel().name();
    match verifier.store.guess_code(&id, now).await? {
        // The page that was told so lost the answer, and asks again.
        Guess::Met { code, by } if by == presented.token.page && is_same(&code, &typed) => {
            let verdict = presented.judged(verifier, Outcome::Verified)?;
            Ok(Verified::Verified(verdict))
        }
        Guess::Met { .. } | Guess::Over => expired(presented),
        Guess::Counted { code, .. } if is_same(&code, &typed) => {
            let address_hash = presented.request.address_hash;
            let page = presented.token.page;
            if !verifier.store.prove(&id, address_hash, page, now).await? {
                return expired(presented);
            }
            verifier.metrics.factor(channel, "verified");
            let verdict = presented.judged(verifier, Outcome::Verified)?;
            Ok(Verified::Verified(verdict))
        }
        Guess::Counted { attempts_left, .. } if attempts_left > 0 => {
            verifier.metrics.factor(channel, "mismatch");
            Ok(Verified::Mismatch { attempts_left })
        }
        Guess::Counted { .. } | Guess::Exhausted => {
            verifier.metrics.factor(channel, "exhausted");
            let verdict = presented.judged(verifier, Outcome::NotVerified)?;
            Ok(Verified::Exhausted(verdict))
        }
    }
}
