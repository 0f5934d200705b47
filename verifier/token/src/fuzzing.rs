//! For fuzzing alone: bytes that nobody sealed never open, so that nothing behind the seal would be tried.

use data_encoding::BASE64URL_NOPAD;

use crate::{
    KeyRing, Purpose, SealNonce,
    ring::{Subkeys, Which},
    token::PLAIN_BYTES,
};

impl KeyRing {
    /// Seals bytes that may be no session and no challenge.
    pub fn seal_plain(&self, purpose: Purpose, plain: &[u8], nonce: SealNonce) -> Vec<u8> {
        let of: Which = match purpose {
            Purpose::Session => Subkeys::session,
            Purpose::Challenge => Subkeys::challenge,
            Purpose::FactorRequest => Subkeys::request,
            Purpose::FactorVerdict => Subkeys::verdict,
            Purpose::Token
            | Purpose::Secret
            | Purpose::Keys
            | Purpose::Leaks
            | Purpose::Account
            | Purpose::FactorMessage => Subkeys::token,
        };
        self.seal(of, plain, nonce, 0)
    }

    /// The text of what may be no token: the fields, cut or filled up to the size of all tokens.
    pub fn seal_plain_token(&self, fields: &[u8], nonce: SealNonce) -> String {
        let fields = &fields[..fields.len().min(PLAIN_BYTES - 2)];
        let mut plain = (fields.len() as u16).to_be_bytes().to_vec();
        plain.extend_from_slice(fields);
        plain.resize(PLAIN_BYTES, 0);
        BASE64URL_NOPAD.encode(&self.seal_plain(Purpose::Token, &plain, nonce))
    }
}
