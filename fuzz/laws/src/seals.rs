//! What is sealed. Random bytes never open, so the plaintexts are sealed first: what another release wrote, or whoever got hold
//! of a key, must not bring the verifier down either.

use touchstone_token::{
    KeyId, KeyRing, Pending, Purpose, RingKey, Session, TOKEN_CHARS, Token, TokenError,
};

/// No text that was not sealed is a token; a sealed plaintext is one that survives another trip, or malformed.
pub(crate) fn token(bytes: &[u8]) {
    let ring = ring();
    if let Ok(text) = std::str::from_utf8(bytes) {
        assert!(Token::open(&ring, text).is_err());
    }
    let text = ring.seal_plain_token(bytes, NONCE);
    assert_eq!(text.len(), TOKEN_CHARS);
    if let Ok(token) = Token::open(&ring, &text) {
        survives(&ring, &token);
    }
    let sealed = ring.seal_plain(Purpose::Challenge, bytes, NONCE);
    if let Ok(pending) = Pending::open(&ring, &sealed) {
        survives(&ring, &pending.token);
        if let Ok(again) = pending.seal(&ring, NONCE, 0) {
            assert_eq!(Pending::open(&ring, &again), Ok(pending));
        }
    }
}

/// A token is sealed again as it was, unless a field is larger than any that the verifier writes.
fn survives(ring: &KeyRing, token: &Token) {
    match token.seal(ring, NONCE, 0) {
        Ok(text) => assert_eq!(Token::open(ring, &text).as_ref(), Ok(token)),
        Err(error) => assert_eq!(error, TokenError::TooLarge),
    }
    let _ = (token.is_expired(0), token.is_from_the_future(u64::MAX));
}

/// The same of sessions.
pub(crate) fn session(bytes: &[u8]) {
    let ring = ring();
    assert!(Session::open(&ring, bytes).is_err());
    let sealed = ring.seal_plain(Purpose::Session, bytes, NONCE);
    if let Ok(session) = Session::open(&ring, &sealed) {
        let again = session.seal(&ring, NONCE, 0);
        assert_eq!(Session::open(&ring, &again).as_ref(), Ok(&session));
        for now in [0, 1_800_000_000_000] {
            let _ = (session.is_live(now), session.is_refreshable(now));
        }
    }
}

pub(crate) fn ring() -> KeyRing {
    let key = RingKey {
        id: KeyId(1),
        secret: [5; 32],
        created_at: 0,
        seals_from: 0,
    };
    KeyRing::new(vec![key]).unwrap()
}

pub(crate) const NONCE: [u8; 24] = [3; 24];
