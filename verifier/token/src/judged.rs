use base64_simd::URL_SAFE_NO_PAD;

use crate::{
    KeyRing, MAX_TOKEN_CHARS, Millis, Token, TokenError,
    ring::Subkeys,
    seal::{SEAL_OVERHEAD, SealNonce},
    token::{PLAIN_BYTES, open_text},
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
        let plain = open_text(ring, Subkeys::verdict, text)?;
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
    use proptest::prelude::*;

    use super::*;
    use crate::{
        TOKEN_CHARS, open_request, seal_request,
        testing::{ring, token},
    };

    fn judged() -> JudgedToken {
        JudgedToken {
            token: token("two_factor"),
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
