use std::fmt;

use data_encoding::{BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{
    KeyId,
    seal::{OpenError, Purpose, Seal, SealNonce, key_id, subkey},
};

/// Wraps key material that is kept where others may read it, such as in a shared store.
///
/// What is wrapped in one place does not open as that of another: the place is additional data. Not printed, wiped when
/// dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct KeyEncryptionKey([u8; 32]);

impl KeyEncryptionKey {
    /// A key of fresh random bytes.
    pub fn new(fresh: [u8; 32]) -> Self {
        Self(fresh)
    }

    /// Reads 32 bytes in base64url (43 characters, `=` behind them or not) or in hexadecimal (64).
    ///
    /// # Errors
    /// The text is something else.
    pub fn from_text(text: &str) -> Result<Self, KekTextError> {
        let decoded = match text.len() {
            HEX_CHARS => HEXLOWER_PERMISSIVE.decode(text.as_bytes()),
            _ => BASE64URL_NOPAD.decode(text.strip_suffix('=').unwrap_or(text).as_bytes()),
        };
        // The cause would quote a character of the secret.
        let bytes = Zeroizing::new(decoded.map_err(|_| KekTextError)?);
        let key = bytes.as_slice().try_into().map_err(|_| KekTextError)?;
        Ok(Self(key))
    }

    /// The key in base64url, for the file or variable it is kept in.
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64URL_NOPAD.encode(&self.0))
    }

    /// Tells this key from others and is no secret: 32 bits derived from it. Wrapped blobs name it.
    pub fn id(&self) -> KeyId {
        let mut derived = subkey(&self.0, b"key-encryption key id");
        let [a, b, c, d, ..] = derived;
        derived.zeroize();
        KeyId(u32::from_be_bytes([a, b, c, d]))
    }

    /// Wraps key material for one place.
    pub fn wrap(&self, plain: &[u8], place: &str, nonce: SealNonce) -> Vec<u8> {
        self.seal(place).seal(plain, nonce)
    }

    /// Opens what was wrapped under this key for this place.
    ///
    /// # Errors
    /// [`OpenError::UnknownKey`] when another key wrapped it, [`OpenError::Seal`] when it was changed or wrapped for
    /// another place, [`OpenError::Format`] when it is no wrapped blob.
    pub fn open(&self, wrapped: &[u8], place: &str) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let id = key_id(wrapped)?;
        if id != self.id() {
            return Err(OpenError::UnknownKey(id));
        }
        self.seal(place).open(wrapped).map(Zeroizing::new)
    }

    fn seal(&self, place: &str) -> Seal {
        Seal::new(&self.0, self.id(), Purpose::Keys).bound_to(place)
    }
}

impl fmt::Debug for KeyEncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyEncryptionKey({:08x})", self.id().0)
    }
}

/// The text is no key-encryption key. Does not quote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not 32 bytes in base64url (43 characters) or hexadecimal (64)")]
pub struct KekTextError;

const HEX_CHARS: usize = 64;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_wrapped_opens_under_its_key_and_in_its_place_alone() {
        let (key, other) = (
            KeyEncryptionKey::new([1; 32]),
            KeyEncryptionKey::new([2; 32]),
        );
        let wrapped = key.wrap(b"ring", "shop", [3; 24]);
        assert_eq!(key.open(&wrapped, "shop").unwrap().as_slice(), b"ring");
        assert_eq!(key.open(&wrapped, "other").err(), Some(OpenError::Seal));
        assert_eq!(
            other.open(&wrapped, "shop").err(),
            Some(OpenError::UnknownKey(key.id()))
        );
        let mut changed = wrapped.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert_eq!(key.open(&changed, "shop").err(), Some(OpenError::Seal));
        assert_eq!(
            key.open(&wrapped[..20], "shop").err(),
            Some(OpenError::Format)
        );
    }

    #[test]
    fn a_key_is_not_printed_and_an_error_does_not_quote_it() {
        let key = KeyEncryptionKey::new([200; 32]);
        assert!(!format!("{key:?}").contains(&*key.text()));
        let error = KeyEncryptionKey::from_text("secret?").unwrap_err();
        assert!(!error.to_string().contains("secret"));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in [
            "",
            "AAAA",
            &"A".repeat(42),
            &"A".repeat(44),
            &"g".repeat(64),
        ] {
            assert!(KeyEncryptionKey::from_text(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_key_is_read_in_each_of_its_forms(bytes: [u8; 32]) {
            let key = KeyEncryptionKey::new(bytes);
            let padded = format!("{}=", *key.text());
            let hex: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
            for text in [key.text().as_str(), &padded, &hex] {
                prop_assert_eq!(KeyEncryptionKey::from_text(text).unwrap().0, bytes);
            }
        }
    }
}
