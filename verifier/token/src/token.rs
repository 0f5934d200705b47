use std::net::IpAddr;

use base64_simd::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::{
    ChallengeOutcome, KeyId, KeyRing, Millis, TokenId,
    ring::{Subkeys, Which},
    seal::{OpenError, SEAL_OVERHEAD, SealNonce},
};

/// All that an assessment needs, sealed: what the page's report said and what the verifier saw when it came.
///
/// In text: base64url without padding (RFC 4648, section 5), always [`TOKEN_CHARS`] characters, so that the length tells
/// nothing. The plaintext is a 16-bit length, this many bytes of the fields below in order (postcard: LEB128 varints,
/// length-prefixed strings), and zeros up to the fixed size:
///
/// | field | bytes at most |
/// |---|--:|
/// | id | 16 |
/// | issued_at (varint) | 10 |
/// | site_key | 1 + 64 |
/// | project | 1 + 63 |
/// | action | 1 + 100 |
/// | hostname | 1 + 2 + 253 |
/// | address | 2 + 16 |
/// | user_agent | 2 + 256 |
/// | user_agent_hash (varint) | 10 |
/// | client_signals_failed | 1 |
/// | signer (varint) | 10 |
/// | tls_client (varint) | 10 |
/// | facts | 2 + 384 |
/// | page | 16 |
/// | sketch | 1 + 73 |
/// | challenge | 1 |
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Its name; it is spent under this.
    pub id: TokenIdBytes,
    /// When it was made.
    pub issued_at: Millis,
    /// The site key it was made for.
    pub site_key: String,
    /// The project of that key.
    pub project: String,
    /// The action the page named; may be empty.
    pub action: String,
    /// The host of the page, from the browser's `Origin`; `None` if it was absent or `null`.
    pub hostname: Option<String>,
    /// The visitor's address as the verifier saw it.
    pub address: IpAddr,
    /// The first 256 bytes of the visitor's `User-Agent`, [`Token::cut_user_agent`].
    pub user_agent: String,
    /// [`touchstone_protocol::fnv1a64`] of the whole `User-Agent`.
    pub user_agent_hash: u64,
    /// The agent did not run; nothing was measured.
    pub client_signals_failed: bool,
    /// The key that the request was signed with, as whoever verified it numbers it; 0 for none.
    pub signer: u64,
    /// The TLS client of the visitor, as the scoring engine numbers it; 0 if it is not known.
    pub tls_client: u64,
    /// The facts that scoring works on, in the scoring engine's own encoding, at most [`MAX_FACTS_BYTES`].
    #[serde(with = "serde_bytes")]
    pub facts: Vec<u8>,
    /// Names the page, as [`Session::page`](crate::Session::page); random for a report without a session.
    pub page: [u8; 16],
    /// The sketch of the pointer's path that replays are found by, at most [`MAX_SKETCH_BYTES`]; empty for none.
    #[serde(with = "serde_bytes")]
    pub sketch: Vec<u8>,
    /// How the visitor fared with a challenge. Follows the other fields as one byte: a token of the release before has none,
    /// and that release does not read it.
    #[serde(skip)]
    pub challenge: ChallengeOutcome,
}

/// A [`TokenId`] as its bytes, for serde.
pub type TokenIdBytes = [u8; 16];

impl Token {
    /// The token's text. Errors: a field is larger than its bound.
    pub fn seal(
        &self,
        ring: &KeyRing,
        nonce: SealNonce,
        now: Millis,
    ) -> Result<String, TokenError> {
        let plain = self.to_plain()?;
        Ok(URL_SAFE_NO_PAD.encode_to_string(ring.seal(Subkeys::token, &plain, nonce, now)))
    }

    /// The fields, filled up to [`PLAIN_BYTES`].
    pub(crate) fn to_plain(&self) -> Result<Vec<u8>, TokenError> {
        let mut plain = Vec::with_capacity(PLAIN_BYTES);
        plain.extend_from_slice(&[0; 2]);
        let mut plain = postcard::to_extend(self, plain).map_err(|_| TokenError::TooLarge)?;
        plain.push(self.challenge as u8);
        let fits = self.facts.len() <= MAX_FACTS_BYTES && self.sketch.len() <= MAX_SKETCH_BYTES;
        if plain.len() > PLAIN_BYTES || !fits {
            return Err(TokenError::TooLarge);
        }
        let length = (plain.len() - 2) as u16;
        plain[..2].copy_from_slice(&length.to_be_bytes());
        plain.resize(PLAIN_BYTES, 0);
        Ok(plain)
    }

    /// Opens a token's text. Whether it is expired, spent, or another site's, is judged by the assessment.
    pub fn open(ring: &KeyRing, text: &str) -> Result<Self, TokenError> {
        if text.len() != TOKEN_CHARS {
            return Err(TokenError::Malformed);
        }
        Self::from_plain(&open_text(ring, Subkeys::token, text)?)
    }

    /// Reads what [`Token::to_plain`] wrote.
    pub(crate) fn from_plain(plain: &[u8]) -> Result<Self, TokenError> {
        let (length, fields) = plain
            .split_first_chunk::<2>()
            .ok_or(TokenError::Malformed)?;
        let fields = fields
            .get(..usize::from(u16::from_be_bytes(*length)))
            .ok_or(TokenError::Malformed)?;
        let (token, rest): (Self, _) =
            postcard::take_from_bytes(fields).map_err(|_| TokenError::Malformed)?;
        let challenge = rest.first().copied().map(ChallengeOutcome::from_byte);
        Ok(Self {
            challenge: challenge.unwrap_or_default(),
            ..token
        })
    }

    /// The token's name.
    pub fn id(&self) -> TokenId {
        TokenId(self.id)
    }

    /// Whether its two minutes are over.
    pub fn is_expired(&self, now: Millis) -> bool {
        now >= self.issued_at.saturating_add(TOKEN_LIFETIME_MS)
    }

    /// Whether it claims to come from more than a minute ahead: replicas' clocks are closer than that.
    pub fn is_from_the_future(&self, now: Millis) -> bool {
        self.issued_at > now.saturating_add(60_000)
    }

    /// At most 256 bytes of a user agent, cut between characters.
    pub fn cut_user_agent(user_agent: &str) -> &str {
        let mut end = user_agent.len().min(256);
        while !user_agent.is_char_boundary(end) {
            end -= 1;
        }
        &user_agent[..end]
    }
}

/// Why a text is no token, or a token cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Wrong length or alphabet, changed, or not sealed by this ring.
    #[error("not a token of this verifier")]
    Malformed,
    /// Sealed under a key that this ring does not hold: look whether there is a newer ring before answering MALFORMED.
    #[error("sealed under key {0}, which is not in the ring")]
    UnknownKey(KeyId),
    /// A field is too large to be sealed into a token of the fixed size.
    #[error("the token's fields do not fit its fixed size")]
    TooLarge,
}

impl From<OpenError> for TokenError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::UnknownKey(id) => Self::UnknownKey(id),
            OpenError::Format | OpenError::Seal => Self::Malformed,
        }
    }
}

/// Opens a text of one of the kinds that pages carry. Its length is the caller's to bound.
pub(crate) fn open_text(ring: &KeyRing, of: Which, text: &str) -> Result<Vec<u8>, TokenError> {
    let blob = URL_SAFE_NO_PAD
        .decode_to_vec(text)
        .map_err(|_| TokenError::Malformed)?;
    Ok(ring.open(of, &blob)?)
}

/// How long a token is valid: 2 minutes.
pub const TOKEN_LIFETIME_MS: Millis = 120_000;
/// Most bytes of facts in a token.
pub const MAX_FACTS_BYTES: usize = 384;
/// Most bytes of a sketch in a token.
pub const MAX_SKETCH_BYTES: usize = 73;
/// Characters of every token.
pub const TOKEN_CHARS: usize = (PLAIN_BYTES + SEAL_OVERHEAD) * 4 / 3;
/// Shortest text that clients of the contract take for a token.
pub const MIN_TOKEN_CHARS: usize = 100;
/// Longest text that clients of the contract take for a token.
pub const MAX_TOKEN_CHARS: usize = 2_000;
/// The sum of the table above, rounded up so that base64url needs no padding.
pub(crate) const PLAIN_BYTES: usize = 1_299;

const _: () = assert!((PLAIN_BYTES + SEAL_OVERHEAD).is_multiple_of(3));
const _: () = assert!(TOKEN_CHARS >= MIN_TOKEN_CHARS && TOKEN_CHARS <= MAX_TOKEN_CHARS);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::RingKey;

    #[test]
    fn facts_lie_as_lists_of_numbers_do() {
        let token = largest();
        let written = postcard::to_allocvec(&token).unwrap();
        let (facts, sketch) = (token.facts.clone(), token.sketch.clone());
        let numbers = postcard::to_allocvec(&(facts, token.page, sketch)).unwrap();
        assert!(written.ends_with(&numbers));
    }

    fn ring(id: u32) -> KeyRing {
        let key = RingKey {
            id: KeyId(id),
            secret: [id as u8; 32],
            created_at: 0,
            seals_from: 0,
        };
        KeyRing::new(vec![key]).unwrap()
    }

    fn small() -> Token {
        Token {
            id: [7; 16],
            issued_at: 1_800_000_000_000,
            site_key: "6L".to_owned(),
            project: "p".to_owned(),
            action: String::new(),
            hostname: None,
            address: IpAddr::from([127, 0, 0, 1]),
            user_agent: String::new(),
            user_agent_hash: 0,
            client_signals_failed: false,
            signer: 0,
            tls_client: 0,
            facts: vec![],
            page: [0; 16],
            sketch: vec![],
            challenge: ChallengeOutcome::None,
        }
    }

    fn largest() -> Token {
        Token {
            id: [255; 16],
            issued_at: Millis::MAX,
            site_key: "k".repeat(64),
            project: "p".repeat(63),
            action: "a".repeat(100),
            hostname: Some("h".repeat(253)),
            address: IpAddr::from([0xffff; 8]),
            user_agent: "u".repeat(256),
            user_agent_hash: u64::MAX,
            client_signals_failed: true,
            signer: u64::MAX,
            tls_client: u64::MAX,
            facts: vec![255; MAX_FACTS_BYTES],
            page: [255; 16],
            sketch: vec![255; MAX_SKETCH_BYTES],
            challenge: ChallengeOutcome::Failed,
        }
    }

    #[test]
    fn the_smallest_and_the_largest_token_have_one_length_and_come_back_whole() {
        for token in [small(), largest()] {
            let text = token.seal(&ring(1), [4; 24], 0).unwrap();
            assert_eq!(text.len(), TOKEN_CHARS);
            assert!(
                text.bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            );
            assert_eq!(Token::open(&ring(1), &text), Ok(token));
        }
    }

    #[test]
    fn a_token_of_the_release_before_had_no_challenge() {
        let token = largest();
        let fields = postcard::to_allocvec(&token).unwrap();
        let mut plain = (fields.len() as u16).to_be_bytes().to_vec();
        plain.extend_from_slice(&fields);
        plain.resize(PLAIN_BYTES, 0);
        let expected = Token {
            challenge: ChallengeOutcome::None,
            ..token
        };
        assert_eq!(Token::from_plain(&plain), Ok(expected));
    }

    #[test]
    fn every_outcome_of_a_challenge_comes_back() {
        use ChallengeOutcome::{Failed, NoCaptcha, None, Passed};
        for challenge in [None, NoCaptcha, Passed, Failed] {
            let token = Token {
                challenge,
                ..small()
            };
            let text = token.seal(&ring(1), [4; 24], 0).unwrap();
            assert_eq!(Token::open(&ring(1), &text), Ok(token));
        }
    }

    #[test]
    fn what_does_not_fit_is_an_error_and_not_a_longer_token() {
        let token = Token {
            facts: vec![0; MAX_FACTS_BYTES + 1],
            ..small()
        };
        assert_eq!(token.seal(&ring(1), [4; 24], 0), Err(TokenError::TooLarge));
        let token = Token {
            action: "a".repeat(2_000),
            ..small()
        };
        assert_eq!(token.seal(&ring(1), [4; 24], 0), Err(TokenError::TooLarge));
    }

    #[test]
    fn another_ring_does_not_open_it() {
        let text = small().seal(&ring(1), [4; 24], 0).unwrap();
        assert_eq!(
            Token::open(&ring(2), &text),
            Err(TokenError::UnknownKey(KeyId(1)))
        );
        let same_number = RingKey {
            id: KeyId(1),
            secret: [9; 32],
            created_at: 0,
            seals_from: 0,
        };
        let impostor = KeyRing::new(vec![same_number]).unwrap();
        assert_eq!(Token::open(&impostor, &text), Err(TokenError::Malformed));
    }

    #[test]
    fn a_token_is_valid_for_two_minutes() {
        let token = small();
        assert!(!token.is_expired(token.issued_at + TOKEN_LIFETIME_MS - 1));
        assert!(token.is_expired(token.issued_at + TOKEN_LIFETIME_MS));
        assert!(!token.is_from_the_future(token.issued_at - 60_000));
        assert!(token.is_from_the_future(token.issued_at - 60_001));
    }

    #[test]
    fn a_session_does_not_open_as_a_token() {
        let sealed = ring(1).seal(Subkeys::session, &[0; PLAIN_BYTES], [0; 24], 0);
        let text = URL_SAFE_NO_PAD.encode_to_string(&sealed);
        assert_eq!(text.len(), TOKEN_CHARS);
        assert_eq!(Token::open(&ring(1), &text), Err(TokenError::Malformed));
    }

    proptest! {
        #[test]
        fn a_changed_character_is_malformed(at in 0..TOKEN_CHARS, with in "[A-Za-z0-9_-]") {
            let text = largest().seal(&ring(1), [4; 24], 0).unwrap();
            let mut changed = text.clone();
            changed.replace_range(at..=at, &with);
            if changed != text {
                let error = Token::open(&ring(1), &changed).unwrap_err();
                prop_assert!(matches!(error, TokenError::Malformed | TokenError::UnknownKey(_)));
            }
        }

        #[test]
        fn any_text_is_a_token_or_an_error(text in "\\PC{0,200}") {
            prop_assert!(Token::open(&ring(1), &text).is_err());
        }

        #[test]
        fn a_user_agent_is_cut_between_characters(text in "\\PC{0,400}") {
            let cut = Token::cut_user_agent(&text);
            prop_assert!(cut.len() <= 256 && text.starts_with(cut));
        }
    }
}
