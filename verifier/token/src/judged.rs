use base64_simd::URL_SAFE_NO_PAD;

use crate::{
    KeyRing, MAX_TOKEN_CHARS, Millis, Token, TokenError,
    ring::Subkeys,
    seal::{OpenError, SEAL_OVERHEAD, SealNonce},
    token::PLAIN_BYTES,
};

/// A token and how a second factor ended: the verdict token. It is what the ordinary token is, under the same id, so that of the two
/// one alone is ever spent.
///
/// In text: base64url without padding, always [`JUDGED_CHARS`] characters, by which it is told from an ordinary one. The plaintext is
/// a token's, then the verdict and zeros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgedToken {
    /// The token.
    pub token: Token,
    /// The verdict, in the second factor's own encoding.
    pub verdict: [u8; JUDGEMENT_BYTES],
}

impl JudgedToken {
    /// The token's text. Errors: a field of the token is larger than its bound.
    pub fn seal(
        &self,
        ring: &KeyRing,
        nonce: SealNonce,
        now: Millis,
    ) -> Result<String, TokenError> {
        let mut plain = self.token.to_plain()?;
        plain.extend_from_slice(&self.verdict);
        plain.resize(JUDGED_PLAIN_BYTES, 0);
        let sealed = ring.seal(Subkeys::verdict, &plain, nonce, now);
        Ok(URL_SAFE_NO_PAD.encode_to_string(sealed))
    }

    /// Opens a text. Whether it is expired, spent, or another site's, is judged by the assessment.
    pub fn open(ring: &KeyRing, text: &str) -> Result<Self, TokenError> {
        if text.len() != JUDGED_CHARS {
            return Err(TokenError::Malformed);
        }
        let blob = URL_SAFE_NO_PAD
            .decode_to_vec(text)
            .map_err(|_| TokenError::Malformed)?;
        let plain = ring
            .open(Subkeys::verdict, &blob)
            .map_err(|error| match error {
                OpenError::UnknownKey(id) => TokenError::UnknownKey(id),
                OpenError::Format | OpenError::Seal => TokenError::Malformed,
            })?;
        let (token, rest) = plain
            .split_at_checked(PLAIN_BYTES)
            .ok_or(TokenError::Malformed)?;
        let verdict = rest.first_chunk().ok_or(TokenError::Malformed)?;
        Ok(Self {
            token: Token::from_plain(token)?,
            verdict: *verdict,
        })
    }
}

/// Seals what a request token of the second factor says. It is of one length always; the text's length follows from it alone.
pub fn seal_request(ring: &KeyRing, plain: &[u8], nonce: SealNonce, now: Millis) -> String {
    URL_SAFE_NO_PAD.encode_to_string(ring.seal(Subkeys::request, plain, nonce, now))
}

/// Opens a request token. Errors: as of a token.
pub fn open_request(ring: &KeyRing, text: &str) -> Result<Vec<u8>, TokenError> {
    if text.len() > MAX_TOKEN_CHARS {
        return Err(TokenError::Malformed);
    }
    let blob = URL_SAFE_NO_PAD
        .decode_to_vec(text)
        .map_err(|_| TokenError::Malformed)?;
    ring.open(Subkeys::request, &blob)
        .map_err(|error| match error {
            OpenError::UnknownKey(id) => TokenError::UnknownKey(id),
            OpenError::Format | OpenError::Seal => TokenError::Malformed,
        })
}

/// Bytes of a verdict.
pub const JUDGEMENT_BYTES: usize = 73;
/// Characters of every verdict token.
pub const JUDGED_CHARS: usize = (JUDGED_PLAIN_BYTES + SEAL_OVERHEAD) * 4 / 3;
/// Rounded up so that base64url needs no padding.
const JUDGED_PLAIN_BYTES: usize = PLAIN_BYTES + JUDGEMENT_BYTES + 2;

const _: () = assert!((JUDGED_PLAIN_BYTES + SEAL_OVERHEAD).is_multiple_of(3));
const _: () = assert!(JUDGED_CHARS <= MAX_TOKEN_CHARS);

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use proptest::prelude::*;

    use super::*;
    use crate::{ChallengeOutcome, KeyId, RingKey, TOKEN_CHARS};

    fn ring() -> KeyRing {
        let key = RingKey {
            id: KeyId(1),
            secret: [5; 32],
            created_at: 0,
            seals_from: 0,
        };
        KeyRing::new(vec![key]).unwrap()
    }

    fn judged() -> JudgedToken {
        let token = Token {
            id: [7; 16],
            issued_at: 1_800_000_000_000,
            site_key: "6L".to_owned(),
            project: "p".to_owned(),
            action: "two_factor".to_owned(),
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
        };
        JudgedToken {
            token,
            verdict: [9; JUDGEMENT_BYTES],
        }
    }

    #[test]
    fn a_verdict_token_comes_back_as_it_was_and_is_told_by_its_length() {
        let text = judged().seal(&ring(), [0; 24], 0).unwrap();
        assert_eq!(JudgedToken::open(&ring(), &text), Ok(judged()));
        assert_eq!(text.len(), JUDGED_CHARS);
        assert_ne!(JUDGED_CHARS, TOKEN_CHARS);
    }

    #[test]
    fn nothing_opens_as_what_it_is_not() {
        let text = judged().seal(&ring(), [0; 24], 0).unwrap();
        assert!(Token::open(&ring(), &text).is_err());
        assert!(open_request(&ring(), &text).is_err());
        // As long as a verdict token, but sealed for another purpose.
        let request = seal_request(&ring(), &[0; JUDGED_PLAIN_BYTES], [0; 24], 0);
        assert_eq!(request.len(), JUDGED_CHARS);
        assert!(JudgedToken::open(&ring(), &request).is_err());
        assert_eq!(
            open_request(&ring(), &request),
            Ok(vec![0; JUDGED_PLAIN_BYTES])
        );
    }

    proptest! {
        #[test]
        fn any_text_is_an_error(text in "[A-Za-z0-9_-]{0,200}|\\PC{0,100}") {
            prop_assert!(JudgedToken::open(&ring(), &text).is_err());
            prop_assert!(open_request(&ring(), &text).is_err());
        }
    }
}
