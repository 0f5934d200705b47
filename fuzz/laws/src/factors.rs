//! The second factor: what a backend names, what a person types, and what is sealed of it.

use touchstone_mfa::{Code, Endpoint, FactorRequest, Verdict, read_language};
use touchstone_token::{JudgedToken, Purpose, TokenError, open_request};

use crate::seals::{NONCE, ring};

/// An address that is believed can be written to a header and comes back, as a code and a tag do; what is sealed survives another trip.
pub(crate) fn factor(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        for endpoint in [Endpoint::email(text), Endpoint::phone(text)]
            .into_iter()
            .flatten()
        {
            assert!(!endpoint.address().contains(['\r', '\n', ' ', '"', '\0']));
            assert!(!endpoint.hint().is_empty() && !endpoint.canonical().is_empty());
        }
        if let Some(code) = Code::read(text) {
            assert_eq!(Code::read(code.as_str()), Some(code));
        }
        if let Ok(language) = read_language(text) {
            assert_eq!(read_language(language), Ok(language));
        }
        assert!(JudgedToken::open(&ring(), text).is_err());
        assert!(open_request(&ring(), text).is_err());
    }
    if let Ok(request) = FactorRequest::from_bytes(bytes)
        && let Ok(again) = request.to_bytes()
    {
        assert_eq!(FactorRequest::from_bytes(&again), Ok(request));
    }
    let sealed = ring().seal_plain(Purpose::FactorVerdict, bytes, NONCE);
    let text = data_encoding::BASE64URL_NOPAD.encode(&sealed);
    if let Ok(judged) = JudgedToken::open(&ring(), &text) {
        match judged.seal(&ring(), NONCE, 0) {
            Ok(again) => assert_eq!(JudgedToken::open(&ring(), &again).as_ref(), Ok(&judged)),
            Err(error) => assert_eq!(error, TokenError::TooLarge),
        }
        if let Some(verdict) = Verdict::from_bytes(&judged.verdict) {
            assert_eq!(verdict.to_bytes(), judged.verdict);
        }
    }
}
