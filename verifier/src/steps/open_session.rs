use touchstone_protocol::{Challenge, SESSION_LIFETIME_MS, SessionKey};
use touchstone_token::Session;

use super::{StepError, Visitor};
use crate::{Verifier, environment::fresh, keys};

/// Opens a session for a page: answers the challenge to send.
///
/// `previous` is the sealed copy of the page's last session, or empty. If it is one of ours for the same site key and
/// less than a day old, the new session inherits when the page was first seen; whatever else it is, is ignored.
pub async fn open_session(
    verifier: &Verifier,
    site_key: &str,
    previous: &[u8],
    visitor: Visitor<'_>,
) -> Result<Vec<u8>, StepError> {
    let key = verifier
        .site_keys
        .get(site_key)
        .await?
        .ok_or(StepError::UnknownSiteKey)?;
    let (now, ring) = (verifier.now(), verifier.ring());
    verifier.traffic.requested(site_key, visitor.countable, now);
    let previous = verifier
        .open_session(previous)
        .filter(|session| session.site_key == site_key && session.is_refreshable(now));
    let session = Session {
        site_key: site_key.to_owned(),
        key: SessionKey(fresh()?),
        nonce: fresh()?,
        issued_at: now,
        first_seen: previous.as_ref().map_or(now, |session| session.first_seen),
        page: match previous {
            Some(session) => session.page,
            None => fresh()?,
        },
    };
    let challenge = Challenge {
        sealed: session.seal(&ring, fresh()?, now),
        key: session.key,
        lifetime_ms: SESSION_LIFETIME_MS,
        host_not_allowed: !keys::is_allowed(&key, visitor.host),
    };
    verifier.metrics.session_opened();
    Ok(challenge.encode())
}
