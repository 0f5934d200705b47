use std::{net::IpAddr, sync::Arc};

use touchstone_mfa::{
    Channel, Code, Outcome,
    limits::{self, Limit},
};
use touchstone_store::{CodeKept, FactorState, Millis, NewCode, Quota};

use super::{Presented, Refused, StepError, code_hash, quota_id};
use crate::{
    Verifier,
    environment::fresh,
    factors::{self, Delivery, Parcel},
    keys::KnownKey,
};

/// A page asks for a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendRequest {
    /// The request token that the backend was given for an address.
    pub request_token: String,
    /// A token of the page.
    pub token: String,
}

/// What the page is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// A code is on its way.
    Sent {
        /// How.
        channel: Channel,
        /// Where to, as its owner knows it.
        hint: String,
        /// How long it is valid, in milliseconds.
        expires_in_ms: u64,
        /// Guesses that are left.
        attempts_left: u8,
        /// After how long another one may be asked for, in milliseconds.
        resend_in_ms: u64,
    },
    /// None is.
    Refused(Refused),
}

/// A code that is to be sent, or why none is.
pub enum Prepared {
    /// Nothing is left to do.
    Answered(Sent),
    /// It is to be delivered.
    Ready(Box<Ready>),
}

/// What [`Ready::deliver`] needs.
pub struct Ready {
    presented: Presented,
    code: Code,
    state: FactorState,
}

/// Checks that a code may be sent, and makes it. Delivering it takes as long as a mail server does, so whoever serves may give the
/// request's place away in between.
///
/// Within [`limits::RESEND_AFTER_MS`] of a code, the same is answered, and nothing sent: a page that lost the answer asks again.
///
/// # Errors
/// There is no such site key, or the store does not answer.
pub async fn send_code(
    verifier: &Verifier,
    site_key: &str,
    request: SendRequest,
    address: Option<IpAddr>,
) -> Result<Prepared, StepError> {
    let SendRequest {
        request_token,
        token,
    } = &request;
    let answered = |refused| Ok(Prepared::Answered(Sent::Refused(refused)));
    let opened = Presented::open(verifier, site_key, request_token, token, address).await?;
    let Some(presented) = opened else {
        return answered(Refused::invalid());
    };
    let now = verifier.stored_now();
    let endpoint = &presented.request.endpoint;
    let channel = endpoint.channel();
    if presented.request.is_over(now.0) {
        return answered(presented.expired(verifier)?);
    }
    if is_bypassed(&presented.key) {
        return answered(presented.ended(verifier, Outcome::Bypassed)?);
    }
    if !verifier.factors.offers(channel) {
        tracing::warn!(
            channel = channel.name(),
            "a code was asked for, and nothing is set up to send it: --smtp-url, --sms-webhook"
        );
        return answered(presented.ended(verifier, Outcome::OnboardingIncomplete)?);
    }
    if !verifier.factors.allows(endpoint) {
        return answered(presented.ended(verifier, Outcome::RecipientNotAllowed)?);
    }
    let id = presented.id();
    if let Some(state) = verifier.store.factor(&id, now).await?
        && state.sent_at.after(limits::RESEND_AFTER_MS) > now
    {
        return Ok(Prepared::Answered(presented.sent(state, now)));
    }
    if let Some(outcome) = exhausted(verifier, &presented, now).await? {
        verifier.metrics.factor(channel.name(), "limited");
        return answered(presented.ended(verifier, outcome)?);
    }
    let code = fresh_code()?;
    let new = NewCode {
        id,
        code: code_hash(verifier, &id, &code),
        attempts: limits::ATTEMPTS,
        ends_at: Millis(presented.request.ends_at()),
        again_after_ms: limits::RESEND_AFTER_MS,
    };
    match verifier.store.keep_code(new, now).await? {
        CodeKept::Over => answered(presented.expired(verifier)?),
        CodeKept::TooSoon(state) => Ok(Prepared::Answered(presented.sent(state, now))),
        CodeKept::Kept { attempts_left } => Ok(Prepared::Ready(Box::new(Ready {
            presented,
            code,
            state: FactorState {
                attempts_left,
                sent_at: now,
            },
        }))),
    }
}

impl Ready {
    /// Delivers the code, and waits until it is known what becomes of it, some seconds at most.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn deliver(self, verifier: &Arc<Verifier>) -> Result<Sent, StepError> {
        let Self {
            presented,
            code,
            state,
        } = self;
        let request = &presented.request;
        let parcel = Parcel {
            id: request.id,
            endpoint: request.endpoint.clone(),
            code,
            site: site_name(&presented),
            language: request.language.clone(),
        };
        let dead_at = Millis(request.ends_at());
        let outcome = match factors::send(verifier, parcel, dead_at).await? {
            Delivery::Accepted | Delivery::Later => {
                return Ok(presented.sent(state, verifier.stored_now()));
            }
            Delivery::Refused => Outcome::RecipientNotAllowed,
            Delivery::Failed => Outcome::Internal,
        };
        verifier.store.unsend_code(&presented.id()).await?;
        Ok(Sent::Refused(presented.ended(verifier, outcome)?))
    }
}

impl Presented {
    fn sent(&self, state: FactorState, now: Millis) -> Sent {
        let again_at = state.sent_at.after(limits::RESEND_AFTER_MS);
        Sent::Sent {
            channel: self.request.endpoint.channel(),
            hint: self.request.endpoint.hint(),
            expires_in_ms: self.request.ends_at().saturating_sub(now.0),
            attempts_left: state.attempts_left,
            resend_in_ms: again_at.0.saturating_sub(now.0),
        }
    }
}

/// A key whose answers are fixed for tests verifies nobody.
fn is_bypassed(key: &KnownKey) -> bool {
    key.testing().is_some() || key.test().is_some()
}

/// The narrowest limit that is used up: a flood at one address must not use up what others share.
async fn exhausted(
    verifier: &Verifier,
    presented: &Presented,
    now: Millis,
) -> Result<Option<Outcome>, StepError> {
    let request = &presented.request;
    let (project, site_key) = (request.project.as_bytes(), request.site_key.as_bytes());
    let quota = |kind, of: &[u8], limit: Limit| Quota {
        id: quota_id(verifier, kind, of, limit.window_ms),
        most: limit.most,
        window_ms: limit.window_ms,
    };
    let mut quotas = Vec::new();
    quotas.extend(limits::ADDRESS.map(|limit| quota("address", &request.address_hash, limit)));
    quotas.extend(limits::ACCOUNT.map(|limit| quota("account", &request.account, limit)));
    let of_person = quotas.len();
    quotas.extend(limits::SITE.map(|limit| quota("site", site_key, limit)));
    if let Some(most) = verifier.factors.per_day() {
        quotas.push(quota("project", project, limits::per_day(most.get())));
    }
    let used_up = verifier.store.use_quotas(quotas, now).await?;
    Ok(used_up.map(|place| match place < of_person {
        true => Outcome::AbuseLimitExhausted,
        false => Outcome::QuotaExhausted,
    }))
}

fn fresh_code() -> Result<Code, getrandom::Error> {
    loop {
        if let Some(code) = Code::of_random(fresh()?) {
            return Ok(code);
        }
    }
}

/// How the message calls the site: by the page's host, if the key says which hosts are the site's. Else whoever calls the verifier with
/// an `Origin` of their own would have it written into mails.
fn site_name(presented: &Presented) -> String {
    let Presented { token, key, .. } = presented;
    match (&token.hostname, key.allow_all_domains) {
        (Some(host), false) => host.clone(),
        _ => key.display_name.clone(),
    }
}
