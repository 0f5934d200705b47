use serde::{Deserialize, Serialize};
use touchstone_protocol::{BoxSize, SessionKey};

use crate::{
    KeyRing, Millis, SEALED_LIFETIME_MS, TokenId,
    ring::Subkeys,
    seal::{OpenError, SealNonce},
};

/// A visit's session, as the verifier knows it again when the page carries it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The site key it was opened for.
    pub site_key: String,
    /// The key that its envelopes are sealed under.
    pub key: SessionKey,
    /// Names the session; token ids are made of it.
    pub nonce: [u8; 16],
    /// When this session was opened.
    pub issued_at: Millis,
    /// When the first session of this page was opened: a refresh inherits it.
    pub first_seen: Millis,
    /// Names the page, at random: a refresh inherits it. What one page sends twice is no replay.
    pub page: [u8; 16],
    /// What its challenge asked for.
    pub asked: Asked,
    /// What the request showed that opened it; all 0 where that is not known.
    pub opened: Opened,
}

/// What the request that opens a session shows, for the report to be compared with: bits and hashes whose meaning is the
/// scoring engine's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Opened {
    /// What its headers say, a bit each.
    pub signs: u32,
    /// A hash of its user agent, 0 for none.
    pub agent: u32,
    /// A hash of its language, 0 for none.
    pub language: u32,
}

/// What a challenge asks the page to prove, and what the answers are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    /// The sizes of the fragment's told boxes; none if there was no fragment.
    pub layout: Vec<BoxSize>,
    /// When the page got that fragment.
    pub layout_at: Millis,
    /// The price of a report, in hashes; 0 for none.
    pub price: u32,
    /// Whether this session was the answer to a report that had not paid: it is not asked a third time.
    pub is_repeated: bool,
}

impl Session {
    /// The sealed copy for the page to carry.
    pub fn seal(&self, ring: &KeyRing, nonce: SealNonce, now: Millis) -> Vec<u8> {
        let wire = Wire {
            site_key: &self.site_key,
            key: self.key.0,
            nonce: self.nonce,
            issued_at: self.issued_at,
            first_seen: self.first_seen,
        };
        let later = WireLater {
            page: self.page,
            layout: self
                .asked
                .layout
                .iter()
                .map(|size| size.measure())
                .collect(),
            layout_at: self.asked.layout_at,
            price: self.asked.price,
            is_repeated: self.asked.is_repeated,
        };
        // Plain structs always serialise; an empty plaintext would not open as a session.
        let plain = postcard::to_allocvec(&(wire, later, self.opened)).unwrap_or_default();
        ring.seal(Subkeys::session, &plain, nonce, now)
    }

    /// Opens a sealed copy. How old it is, is the caller's to judge: [`Session::is_live`], [`Session::is_refreshable`].
    pub fn open(ring: &KeyRing, sealed: &[u8]) -> Result<Self, OpenError> {
        let plain = ring.open(Subkeys::session, sealed)?;
        let (wire, rest): (Wire<'_>, _) =
            postcard::take_from_bytes(&plain).map_err(|_| OpenError::Format)?;
        // The releases before ask for nothing, and their session is a page of its own; or they do not say how it was opened.
        let (page, asked, opened) = if rest.is_empty() {
            (wire.nonce, Asked::default(), Opened::default())
        } else {
            let (later, rest): (WireLater, _) =
                postcard::take_from_bytes(rest).map_err(|_| OpenError::Format)?;
            let opened = match rest {
                [] => Opened::default(),
                rest => postcard::from_bytes(rest).map_err(|_| OpenError::Format)?,
            };
            let layout = later.layout.into_iter().map(BoxSize::of_measure);
            let asked = Asked {
                layout: layout.collect(),
                layout_at: later.layout_at,
                price: later.price,
                is_repeated: later.is_repeated,
            };
            (later.page, asked, opened)
        };
        Ok(Self {
            site_key: wire.site_key.to_owned(),
            key: SessionKey(wire.key),
            nonce: wire.nonce,
            issued_at: wire.issued_at,
            first_seen: wire.first_seen,
            page,
            asked,
            opened,
        })
    }

    /// Whether envelopes of it are accepted: for the session's lifetime, and a minute longer for what is under way.
    pub fn is_live(&self, now: Millis) -> bool {
        let lifetime = Millis::from(touchstone_protocol::SESSION_LIFETIME_MS) + UNDER_WAY_MS;
        now < self.issued_at.saturating_add(lifetime) && self.issued_at <= now + SKEW_MS
    }

    /// Whether a new session may inherit its `first_seen`: for 24 hours.
    pub fn is_refreshable(&self, now: Millis) -> bool {
        now < self.issued_at.saturating_add(SEALED_LIFETIME_MS) && self.issued_at <= now + SKEW_MS
    }

    /// The id of the token for execute number `counter`.
    pub fn token_id(
        &self,
        ring: &KeyRing,
        sealed: &[u8],
        counter: u8,
    ) -> Result<TokenId, OpenError> {
        let key = ring.id_key(sealed)?;
        Ok(TokenId::of_session(
            key,
            self.issued_at,
            &self.nonce,
            counter,
        ))
    }
}

#[derive(Serialize, Deserialize)]
struct Wire<'a> {
    site_key: &'a str,
    key: [u8; 32],
    nonce: [u8; 16],
    issued_at: Millis,
    first_seen: Millis,
}

/// Follows [`Wire`], and is followed by [`Opened`]. What a newer release appends is not read.
#[derive(Serialize, Deserialize)]
struct WireLater {
    page: [u8; 16],
    layout: Vec<i32>,
    layout_at: Millis,
    price: u32,
    is_repeated: bool,
}

const UNDER_WAY_MS: Millis = 60_000;
/// How far replicas' clocks may be apart: 60 seconds.
const SKEW_MS: Millis = 60_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ring;

    fn session() -> Session {
        Session {
            site_key: "6Lexample".to_owned(),
            key: SessionKey([1; 32]),
            nonce: [2; 16],
            issued_at: 1_000_000,
            first_seen: 900_000,
            asked: Asked {
                layout: vec![BoxSize::new(200, 40), BoxSize::new(17, 333)],
                layout_at: 950_000,
                price: 16_384,
                is_repeated: true,
            },
            page: [3; 16],
            opened: Opened {
                signs: 1 << 17,
                agent: u32::MAX,
                language: 7,
            },
        }
    }

    #[test]
    fn a_session_comes_back_as_it_was() {
        let sealed = session().seal(&ring(), [0; 24], 1_000_000);
        assert_eq!(Session::open(&ring(), &sealed), Ok(session()));
        assert!(
            sealed.len() < 256,
            "{} bytes travel with each report",
            sealed.len()
        );
    }

    #[test]
    fn a_session_of_the_release_before_is_a_page_of_its_own_and_asks_for_nothing() {
        let session = session();
        let wire = Wire {
            site_key: &session.site_key,
            key: session.key.0,
            nonce: session.nonce,
            issued_at: session.issued_at,
            first_seen: session.first_seen,
        };
        let plain = postcard::to_allocvec(&wire).unwrap();
        let sealed = ring().seal(Subkeys::session, &plain, [0; 24], 1_000_000);
        let expected = Session {
            page: session.nonce,
            asked: Asked::default(),
            opened: Opened::default(),
            ..session.clone()
        };
        assert_eq!(Session::open(&ring(), &sealed), Ok(expected));
        let later = WireLater {
            page: session.page,
            layout: vec![1],
            layout_at: 950_000,
            price: 0,
            is_repeated: false,
        };
        let plain = postcard::to_allocvec(&(wire, later)).unwrap();
        let sealed = ring().seal(Subkeys::session, &plain, [0; 24], 1_000_000);
        let opened = Session::open(&ring(), &sealed).map(|session| session.opened);
        assert_eq!(opened, Ok(Opened::default()));
    }

    #[test]
    fn a_session_lives_ten_minutes_and_can_be_refreshed_for_a_day() {
        let session = session();
        assert!(session.is_live(1_000_000 + 600_000));
        assert!(!session.is_live(1_000_000 + 660_000));
        assert!(session.is_refreshable(1_000_000 + SEALED_LIFETIME_MS - 1));
        assert!(!session.is_refreshable(1_000_000 + SEALED_LIFETIME_MS));
        assert!(
            !session.is_live(1_000_000 - SKEW_MS - 1),
            "issued in the future"
        );
    }
}
