use alloc::{borrow::ToOwned, string::String, vec::Vec};
use core::fmt;

use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use serde::Deserialize;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{DecodeError, MAX_REPORT_BYTES, Report, challenge::MAX_SEALED_BYTES, is_action, wire};

/// A report on its way: sealed under the session key, together with the session it belongs to.
///
/// AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce; one key seals at most 64 messages, so nonces do not wear out.
/// The additional data are the length-prefixed sealed session, action and counter: none of them can be exchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The verifier's own sealed copy of the session, as the challenge gave it.
    pub session: Vec<u8>,
    /// The action the page named, [`is_action`].
    pub action: String,
    /// Which `execute` of this session this is, 0 to [`Envelope::LAST_COUNTER`].
    pub counter: u8,
    nonce: [u8; 12],
    ciphertext: Vec<u8>,
}

impl Envelope {
    /// The last counter of a session; then a new session is opened.
    pub const LAST_COUNTER: u8 = 63;

    /// Seals a report. `nonce` must be fresh random bytes for every call.
    pub fn seal(
        report: &Report,
        key: &SessionKey,
        session: &[u8],
        action: &str,
        counter: u8,
        nonce: [u8; 12],
    ) -> Self {
        let plain = report.encode();
        let aad = additional_data(session, action, counter);
        // AES-GCM fails only for plaintexts of 64 GiB and more; reports end at 16 KiB. Empty is refused when opened.
        let ciphertext = cipher(key)
            .encrypt(
                &nonce.into(),
                Payload {
                    msg: &plain,
                    aad: &aad,
                },
            )
            .unwrap_or_default();
        Self {
            session: session.to_vec(),
            action: action.to_owned(),
            counter,
            nonce,
            ciphertext,
        }
    }

    /// Opens the report with the key that the sealed session holds.
    pub fn open(&self, key: &SessionKey) -> Result<Report, OpenError> {
        let aad = additional_data(&self.session, &self.action, self.counter);
        let plain = cipher(key)
            .decrypt(
                &self.nonce.into(),
                Payload {
                    msg: &self.ciphertext,
                    aad: &aad,
                },
            )
            .map_err(|_| OpenError::Seal)?;
        Report::decode(&plain).map_err(OpenError::Report)
    }

    /// The bytes to post to the token endpoint.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = wire::Writer::new(VERSION);
        out.bytes(&self.session);
        out.bytes(self.action.as_bytes());
        out.byte(self.counter);
        out.raw(&self.nonce);
        out.bytes(&self.ciphertext);
        out.done()
    }

    /// Reads posted bytes. The report inside stays sealed until [`Envelope::open`].
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > MAX_ENVELOPE_BYTES {
            return Err(DecodeError::TooLarge("the envelope"));
        }
        let wire: Wire<'_> = wire::decode(VERSION, bytes)?;
        if wire.session.len() > MAX_SEALED_BYTES {
            return Err(DecodeError::TooLarge("the sealed session"));
        }
        if !is_action(wire.action) {
            return Err(DecodeError::Impossible("the action"));
        }
        if wire.counter > Self::LAST_COUNTER {
            return Err(DecodeError::Impossible("the counter"));
        }
        Ok(Self {
            session: wire.session.to_vec(),
            action: wire.action.to_owned(),
            counter: wire.counter,
            nonce: wire.nonce,
            ciphertext: wire.ciphertext.to_vec(),
        })
    }
}

/// The key of one session, 256 bits. Not printed, and wiped when dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct SessionKey(pub [u8; 32]);

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionKey(..)")
    }
}

/// Why an envelope does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Key, session, action, counter or ciphertext are not the ones it was sealed with.
    #[error("the seal does not hold")]
    Seal,
    /// The seal holds, but what is inside is no report.
    #[error("the report inside: {0}")]
    Report(DecodeError),
}

/// Largest envelope in bytes: a full report, a full session and the frame around them.
pub const MAX_ENVELOPE_BYTES: usize = MAX_REPORT_BYTES + MAX_SEALED_BYTES + 512;

#[derive(Deserialize)]
struct Wire<'a> {
    session: &'a [u8],
    action: &'a str,
    counter: u8,
    nonce: [u8; 12],
    ciphertext: &'a [u8],
}

fn cipher(key: &SessionKey) -> Aes256Gcm {
    Aes256Gcm::new(&key.0.into())
}

/// Length-prefixed, so that no byte can move from one part to its neighbour.
fn additional_data(session: &[u8], action: &str, counter: u8) -> Vec<u8> {
    let mut aad = Vec::with_capacity(LABEL.len() + session.len() + action.len() + 9);
    for part in [LABEL, session, action.as_bytes()] {
        aad.extend_from_slice(&(part.len() as u32).to_be_bytes());
        aad.extend_from_slice(part);
    }
    aad.push(counter);
    aad
}

const VERSION: u8 = 1;
const LABEL: &[u8] = b"touchstone envelope 1";

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed() -> (Envelope, SessionKey) {
        let key = SessionKey([7; 32]);
        let envelope = Envelope::seal(
            &Report::default(),
            &key,
            b"sealed session",
            "login",
            3,
            [9; 12],
        );
        (envelope, key)
    }

    #[test]
    fn an_envelope_opens_with_its_own_key_session_action_and_counter_alone() {
        let (envelope, key) = sealed();
        assert_eq!(envelope.open(&key), Ok(Report::default()));
        type Spoil = fn(&mut Envelope);
        let spoil: [(&str, Spoil); 5] = [
            ("session", |e| e.session[0] ^= 1),
            ("action", |e| e.action = "buy".to_owned()),
            ("counter", |e| e.counter += 1),
            ("nonce", |e| e.nonce[0] ^= 1),
            ("ciphertext", |e| e.ciphertext[0] ^= 1),
        ];
        for (what, spoil) in spoil {
            let mut changed = envelope.clone();
            spoil(&mut changed);
            assert_eq!(changed.open(&key), Err(OpenError::Seal), "{what}");
        }
        assert_eq!(envelope.open(&SessionKey([8; 32])), Err(OpenError::Seal));
    }

    #[test]
    fn a_byte_cannot_move_from_the_session_into_the_action() {
        assert_ne!(
            additional_data(b"ab", "c", 0),
            additional_data(b"a", "bc", 0)
        );
    }

    #[test]
    fn a_cut_or_lengthened_envelope_is_refused() {
        let bytes = sealed().0.encode();
        assert!(Envelope::decode(&bytes).is_ok());
        for length in 0..bytes.len() {
            assert!(Envelope::decode(&bytes[..length]).is_err(), "{length}");
        }
        let mut longer = bytes;
        longer.push(0);
        assert_eq!(Envelope::decode(&longer), Err(DecodeError::Trailing(1)));
    }

    #[test]
    fn an_action_outside_the_alphabet_is_refused() {
        let (mut envelope, _) = sealed();
        envelope.action = "log in".to_owned();
        assert_eq!(
            Envelope::decode(&envelope.encode()),
            Err(DecodeError::Impossible("the action"))
        );
    }
}
