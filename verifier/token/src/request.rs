use base64_simd::URL_SAFE_NO_PAD;

use crate::{
    KeyRing, MAX_TOKEN_CHARS, Millis, TokenError, ring::Subkeys, seal::SealNonce, token::open_text,
};

/// Seals what a request token of the second factor says. It is of one length always; the text's length follows from it alone.
pub fn seal_request(ring: &KeyRing, plain: &[u8], nonce: SealNonce, now: Millis) -> String {
    URL_SAFE_NO_PAD.encode_to_string(ring.seal(Subkeys::request, plain, nonce, now))
}

/// Opens a request token. Errors: as of a token.
pub fn open_request(ring: &KeyRing, text: &str) -> Result<Vec<u8>, TokenError> {
    if text.len() > MAX_TOKEN_CHARS {
        return Err(TokenError::Malformed);
    }
    open_text(ring, Subkeys::request, text)
}
