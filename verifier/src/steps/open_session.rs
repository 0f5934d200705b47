use touchstone_protocol::{Challenge, SESSION_LIFETIME_MS, SessionKey};
use touchstone_score::Opening;
use touchstone_store::SiteKey;
use touchstone_token::{Asked, Millis, Opened, Session};

use super::{StepError, Visitor, page_key::page_key};
use crate::{
    Verifier, calendar,
    environment::fresh,
    keys::{self, may_challenge},
    proofs::Fragment,
};

/// Opens a session for a page: answers the challenge to send.
///
/// `previous` is the sealed copy of the page's last session, or empty. If it is one of ours for the same site key and
/// less than a day old, the new session inherits the page's name and when it was first seen; whatever else it is, is ignored.
pub async fn open_session(
    verifier: &Verifier,
    site_key: &str,
    previous: &[u8],
    visitor: Visitor<'_>,
) -> Result<Vec<u8>, StepError> {
    let key = page_key(verifier, site_key, visitor.countable).await?;
    let now = verifier.now();
    verifier.traffic.requested(site_key, visitor.countable, now);
    if let (Some(crawlers), Some(address)) = (&verifier.crawlers, visitor.countable) {
        crawlers.foresee(visitor.transport.user_agent, address);
    }
    let previous = verifier
        .open_session(previous)
        .await
        .filter(|session| session.site_key == site_key && session.is_refreshable(now));
    let fragment = Fragment::new(fresh()?);
    let asked = Asked {
        layout: fragment.sizes.to_vec(),
        layout_at: now,
        price: verifier.price(site_key, visitor.countable, now),
        is_repeated: false,
    };
    let page = match previous {
        Some(session) => Page::of(&session),
        None => {
            count_page(verifier, &key);
            Page {
                name: fresh()?,
                first_seen: now,
                opened: Opened::default(),
            }
        }
    };
    let opened = opened(&visitor);
    let page = Page { opened, ..page };
    challenge(verifier, &key, visitor.host, page, asked, fragment.json)
}

/// Counts a page that may show something of ours.
fn count_page(verifier: &Verifier, key: &SiteKey) {
    if may_challenge(key.integration) {
        let day = calendar::day(verifier.stored_now());
        verifier.page_loads.count(&key.id, day);
    }
}

/// Answers a report of a live session that has not paid its price: the same session anew, with the price to pay. What the
/// page has shown otherwise stands.
pub(super) fn ask_again(
    verifier: &Verifier,
    key: &SiteKey,
    host: Option<&str>,
    session: &Session,
    price: u32,
) -> Result<Vec<u8>, StepError> {
    let asked = Asked {
        price,
        is_repeated: true,
        ..session.asked.clone()
    };
    challenge(verifier, key, host, Page::of(session), asked, String::new())
}

/// What all sessions of a page have in common.
struct Page {
    name: [u8; 16],
    first_seen: Millis,
    opened: Opened,
}

impl Page {
    fn of(session: &Session) -> Self {
        Self {
            name: session.page,
            first_seen: session.first_seen,
            opened: session.opened,
        }
    }
}

fn opened(visitor: &Visitor<'_>) -> Opened {
    let Opening {
        signs,
        agent,
        language,
    } = Opening::of(&visitor.transport);
    Opened {
        signs,
        agent,
        language,
    }
}

fn challenge(
    verifier: &Verifier,
    key: &SiteKey,
    host: Option<&str>,
    page: Page,
    asked: Asked,
    fragment: String,
) -> Result<Vec<u8>, StepError> {
    let (now, ring) = (verifier.now(), verifier.ring());
    let price = asked.price;
    let session = Session {
        site_key: key.id.as_str().to_owned(),
        key: SessionKey(fresh()?),
        nonce: fresh()?,
        issued_at: now,
        first_seen: page.first_seen,
        page: page.name,
        asked,
        opened: page.opened,
    };
    let challenge = Challenge {
        sealed: session.seal(&ring, fresh()?, now),
        key: session.key,
        lifetime_ms: SESSION_LIFETIME_MS,
        host_not_allowed: !keys::is_allowed(key, host),
        fragment: fragment.into_bytes(),
        price,
    };
    verifier.metrics.session_opened();
    Ok(challenge.encode())
}
