use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{Channel, Endpoint, EndpointError, Millis};

/// What a request token says: whose address a code may be sent to, for whom, until when. The page carries it, sealed.
///
/// The plaintext is a 16-bit length, this many bytes of the fields (postcard), and zeros up to [`REQUEST_BYTES`], so that its length
/// tells nothing of the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactorRequest {
    /// Its name; attempts are counted under this.
    pub id: [u8; 16],
    /// When it was made.
    pub issued_at: Millis,
    /// The site key that it belongs to.
    pub site_key: String,
    /// The project of that key.
    pub project: String,
    /// The keyed hash of the account.
    pub account: [u8; 32],
    /// The keyed hash of the address.
    pub address_hash: [u8; 32],
    /// The address.
    pub endpoint: Endpoint,
    /// The tag of the language of the message.
    pub language: String,
}

/// The fields as they are written.
#[derive(Serialize, Deserialize)]
struct Fields<'a> {
    id: [u8; 16],
    issued_at: Millis,
    site_key: &'a str,
    project: &'a str,
    account: [u8; 32],
    address_hash: [u8; 32],
    channel: u8,
    address: &'a str,
    language: &'a str,
}

impl FactorRequest {
    /// Its bytes, always [`REQUEST_BYTES`].
    ///
    /// # Errors
    /// [`RequestError::TooLarge`]: a field is larger than its bound.
    pub fn to_bytes(&self) -> Result<Zeroizing<Vec<u8>>, RequestError> {
        let fields = Fields {
            id: self.id,
            issued_at: self.issued_at,
            site_key: &self.site_key,
            project: &self.project,
            account: self.account,
            address_hash: self.address_hash,
            channel: match self.endpoint.channel() {
                Channel::Email => EMAIL,
                Channel::Phone => PHONE,
            },
            address: self.endpoint.address(),
            language: &self.language,
        };
        let mut bytes = Zeroizing::new(vec![0; REQUEST_BYTES]);
        let (length, room) = bytes.split_at_mut(2);
        let written = postcard::to_slice(&fields, room).map_err(|_| RequestError::TooLarge)?;
        length.copy_from_slice(&(written.len() as u16).to_be_bytes());
        Ok(bytes)
    }

    /// Reads what [`FactorRequest::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`RequestError::Malformed`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, RequestError> {
        let malformed = RequestError::Malformed;
        let (length, fields) = bytes.split_first_chunk().ok_or(malformed)?;
        let fields = fields.get(..usize::from(u16::from_be_bytes(*length)));
        let fields: Fields<'_> =
            postcard::from_bytes(fields.ok_or(malformed)?).map_err(|_| malformed)?;
        let endpoint = match fields.channel {
            EMAIL => Endpoint::email(fields.address),
            PHONE => Endpoint::phone(fields.address),
            _ => Err(EndpointError::Channel),
        };
        Ok(Self {
            id: fields.id,
            issued_at: fields.issued_at,
            site_key: fields.site_key.to_owned(),
            project: fields.project.to_owned(),
            account: fields.account,
            address_hash: fields.address_hash,
            endpoint: endpoint.map_err(|_| malformed)?,
            language: fields.language.to_owned(),
        })
    }

    /// When it and every code of it are over.
    pub const fn ends_at(&self) -> Millis {
        self.issued_at.saturating_add(REQUEST_LIFETIME_MS)
    }

    /// Whether it is over.
    pub const fn is_over(&self, now: Millis) -> bool {
        now >= self.ends_at()
    }
}

/// Why there is no request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// Not written by us.
    #[error("not the bytes of a request")]
    Malformed,
    /// A field is larger than its bound.
    #[error("the fields of the request do not fit its fixed size")]
    TooLarge,
}

/// How long a request token is valid: 15 minutes.
pub const REQUEST_LIFETIME_MS: Millis = 15 * 60_000;
/// Bytes of every request: the length (2), id (16), time (10 at most), key (1 + 64), project (1 + 63), hashes (64), channel (1),
/// address (2 + 254), language (1 + 8), rounded up so that the sealed text needs no padding.
pub const REQUEST_BYTES: usize = 498;

const EMAIL: u8 = 1;
const PHONE: u8 = 2;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn request(endpoint: Endpoint) -> FactorRequest {
        FactorRequest {
            id: [7; 16],
            issued_at: 1_800_000_000_000,
            site_key: "6L".to_owned(),
            project: "shop".to_owned(),
            account: [1; 32],
            address_hash: [2; 32],
            endpoint,
            language: "de".to_owned(),
        }
    }

    #[test]
    fn it_comes_back_as_it_was_and_its_length_tells_nothing() {
        for endpoint in [
            Endpoint::email("ada@example.com").unwrap(),
            Endpoint::phone("+15555550123").unwrap(),
        ] {
            let request = request(endpoint);
            let bytes = request.to_bytes().unwrap();
            assert_eq!(bytes.len(), REQUEST_BYTES);
            assert_eq!(FactorRequest::from_bytes(&bytes), Ok(request));
        }
    }

    #[test]
    fn the_largest_request_fits() {
        let domain = format!("{0}.{0}.{0}.example", "d".repeat(57));
        let address = format!("{}@{domain}", "l".repeat(64));
        let endpoint = Endpoint::email(&address).unwrap();
        let largest = FactorRequest {
            issued_at: Millis::MAX,
            site_key: "k".repeat(64),
            project: "p".repeat(63),
            language: "l".repeat(8),
            ..request(endpoint)
        };
        assert!(largest.to_bytes().is_ok());
        assert!(address.len() > 240);
    }

    #[test]
    fn it_is_over_after_fifteen_minutes() {
        let request = request(Endpoint::phone("+15555550123").unwrap());
        assert!(!request.is_over(request.issued_at + REQUEST_LIFETIME_MS - 1));
        assert!(request.is_over(request.issued_at + REQUEST_LIFETIME_MS));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_request_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let _ = FactorRequest::from_bytes(&bytes);
        }
    }
}
