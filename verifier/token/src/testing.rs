//! What tests of sealed things begin with.

use std::net::IpAddr;

use crate::{ChallengeOutcome, KeyId, KeyRing, RingKey, Token};

/// A ring of one key.
pub(crate) fn ring() -> KeyRing {
    let key = RingKey {
        id: KeyId(1),
        secret: [5; 32],
        created_at: 0,
        seals_from: 0,
    };
    KeyRing::new(vec![key]).unwrap()
}

/// A token for an action, as a page gets it.
pub(crate) fn token(action: &str) -> Token {
    Token {
        id: [7; 16],
        issued_at: 1_800_000_000_000,
        site_key: "6L".to_owned(),
        project: "p".to_owned(),
        action: action.to_owned(),
        hostname: Some("shop.example".to_owned()),
        address: IpAddr::from([127, 0, 0, 1]),
        user_agent: String::new(),
        user_agent_hash: 3,
        client_signals_failed: false,
        signer: 0,
        tls_client: 0,
        facts: vec![1; 261],
        page: [0; 16],
        sketch: vec![],
        challenge: ChallengeOutcome::None,
    }
}
