use serde::{Deserialize, Serialize};
use touchstone_mfa::{Channel, Code, Endpoint};
use touchstone_token::OpenError;
use zeroize::Zeroizing;

use crate::{Verifier, environment::fresh};

/// A code on its way: what a message is written from, when it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parcel {
    /// Names it: the request token's own name, so that a newer code takes the place of an older one.
    pub id: [u8; 16],
    /// Where to.
    pub endpoint: Endpoint,
    /// The code.
    pub code: Code,
    /// The site's name.
    pub site: String,
    /// The tag of the language.
    pub language: String,
}

#[derive(Serialize, Deserialize)]
struct Fields<'a> {
    id: [u8; 16],
    channel: &'a str,
    address: &'a str,
    code: &'a str,
    site: &'a str,
    language: &'a str,
}

impl Parcel {
    /// Sealed, to wait in the store.
    pub fn seal(&self, verifier: &Verifier) -> Result<Vec<u8>, getrandom::Error> {
        let fields = Fields {
            id: self.id,
            channel: self.endpoint.channel().name(),
            address: self.endpoint.address(),
            code: self.code.as_str(),
            site: &self.site,
            language: &self.language,
        };
        // Strings and bytes are always written; what could not be, would not open.
        let plain = Zeroizing::new(postcard::to_allocvec(&fields).unwrap_or_default());
        Ok(verifier.vault.seal_message(&plain, fresh()?))
    }

    /// Opens what waited.
    pub fn open(verifier: &Verifier, sealed: &[u8]) -> Result<Self, OpenError> {
        let plain = verifier.vault.open_message(sealed)?;
        Self::read(&plain).ok_or(OpenError::Format)
    }

    fn read(plain: &[u8]) -> Option<Self> {
        let fields: Fields<'_> = postcard::from_bytes(plain).ok()?;
        let endpoint = match fields.channel.parse().ok()? {
            Channel::Email => Endpoint::email(fields.address),
            Channel::Phone => Endpoint::phone(fields.address),
        };
        Some(Self {
            id: fields.id,
            endpoint: endpoint.ok()?,
            code: Code::read(fields.code)?,
            site: fields.site.to_owned(),
            language: fields.language.to_owned(),
        })
    }
}
