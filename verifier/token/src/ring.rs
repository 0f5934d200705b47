use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{
    Millis,
    seal::{OpenError, Purpose, Seal, SealNonce, key_id, subkey},
};

/// The keys that sessions and tokens are sealed under, newest last.
///
/// A new key opens at once and seals [`PUBLISH_BEFORE_MS`] later, so that every replica knows it before it meets a blob
/// of it. An old key opens for [`SEALED_LIFETIME_MS`] after its successor began to seal, then it is dropped.
pub struct KeyRing {
    keys: Vec<(RingKey, Subkeys)>,
}

impl KeyRing {
    /// A ring of these keys. Errors: none given, or two with one id.
    pub fn new(mut keys: Vec<RingKey>) -> Result<Self, RingError> {
        keys.sort_by_key(|key| (key.seals_from, key.id.0));
        if keys.is_empty() {
            return Err(RingError::Empty);
        }
        let mut ids: Vec<_> = keys.iter().map(|key| key.id).collect();
        ids.sort_unstable();
        if let Some(twice) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(RingError::Twice(twice[0]));
        }
        let with_subkeys = |key: RingKey| {
            let subkeys = Subkeys::of(&key);
            (key, subkeys)
        };
        Ok(Self {
            keys: keys.into_iter().map(with_subkeys).collect(),
        })
    }

    /// Seals under the newest key that may seal by now.
    pub(crate) fn seal(&self, of: Which, plain: &[u8], nonce: SealNonce, now: Millis) -> Vec<u8> {
        of(&self.sealing(now).1).seal(plain, nonce)
    }

    /// Opens a blob with the key it names.
    pub(crate) fn open(&self, of: Which, blob: &[u8]) -> Result<Vec<u8>, OpenError> {
        of(self.named_by(blob)?).open(blob)
    }

    /// The key that token ids of a session are made with: the one the session was sealed under, so that a rotation
    /// between two posts of one envelope changes nothing.
    pub(crate) fn id_key(&self, sealed_session: &[u8]) -> Result<&[u8; 32], OpenError> {
        Ok(&self.named_by(sealed_session)?.ids)
    }

    /// The keys, oldest first.
    pub fn keys(&self) -> impl Iterator<Item = &RingKey> {
        self.keys.iter().map(|(key, _)| key)
    }

    /// The newest key, if it does not seal yet: a rotation under way.
    pub fn coming(&self, now: Millis) -> Option<&RingKey> {
        let (newest, _) = self.keys.last()?;
        (newest.seals_from > now).then_some(newest)
    }

    /// The keys of the ring after a rotation: a new one that seals from `now +` [`PUBLISH_BEFORE_MS`], without those
    /// that nothing alive is sealed under.
    pub fn rotated(&self, fresh: [u8; 32], now: Millis) -> Vec<RingKey> {
        let mut keys: Vec<RingKey> = self.keys().cloned().collect();
        keys.push(RingKey {
            id: self.next_id(),
            secret: fresh,
            created_at: now,
            seals_from: now.saturating_add(PUBLISH_BEFORE_MS),
        });
        let still_needed = |successor: Option<&RingKey>| {
            successor.is_none_or(|key| now < key.seals_from.saturating_add(SEALED_LIFETIME_MS))
        };
        let needed: Vec<bool> = (0..keys.len())
            .map(|index| still_needed(keys.get(index + 1)))
            .collect();
        let mut needed = needed.into_iter();
        keys.retain(|_| needed.next().unwrap_or(true));
        keys
    }

    /// The number after the highest; after the last number of all, the lowest that is free.
    fn next_id(&self) -> KeyId {
        let highest = self.keys().map(|key| key.id.0).max().unwrap_or(0);
        let is_free = |id: &u32| self.keys().all(|key| key.id.0 != *id);
        let mut after = (1..=u32::MAX).map(|step| highest.wrapping_add(step));
        KeyId(after.find(is_free).unwrap_or(0))
    }

    fn named_by(&self, blob: &[u8]) -> Result<&Subkeys, OpenError> {
        let id = key_id(blob)?;
        let entry = self.keys.iter().find(|(key, _)| key.id == id);
        entry
            .map(|(_, subkeys)| subkeys)
            .ok_or(OpenError::UnknownKey(id))
    }

    fn sealing(&self, now: Millis) -> &(RingKey, Subkeys) {
        let ready = self
            .keys
            .iter()
            .rev()
            .find(|(key, _)| key.seals_from <= now);
        // A ring is never empty (see `new`). Before any key may seal (a clock set back), the oldest one does.
        ready.unwrap_or(&self.keys[0])
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.keys()).finish()
    }
}

/// One key of the ring. The secret is not printed, and wiped when dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct RingKey {
    /// Its number; blobs name it.
    #[zeroize(skip)]
    pub id: KeyId,
    /// 256 random bits.
    pub secret: [u8; 32],
    /// When it was made.
    #[zeroize(skip)]
    pub created_at: Millis,
    /// From when on it seals.
    #[zeroize(skip)]
    pub seals_from: Millis,
}

impl fmt::Debug for RingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "RingKey({}, created {}, seals from {})",
            self.id, self.created_at, self.seals_from
        )
    }
}

/// The number of a key in its ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyId(pub u32);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why keys are no ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RingError {
    /// No key at all.
    #[error("the key ring holds no key")]
    Empty,
    /// Two keys with one number.
    #[error("key {0} is in the ring twice")]
    Twice(KeyId),
}

/// How long before it seals a new key is published: 70 seconds. A replica whose clock is half a minute ahead of true time must
/// not seal before one has seen the key that was told of it by a clock half a minute behind; that leaves 10 seconds, five times
/// the interval at which rings are looked at.
pub const PUBLISH_BEFORE_MS: Millis = 70_000;
/// How long a sealed session can still be refreshed: 24 hours. Nothing sealed lives longer.
pub const SEALED_LIFETIME_MS: Millis = 24 * 3_600_000;

/// Picks the seal of one purpose.
pub(crate) type Which = fn(&Subkeys) -> &Seal;

/// One subkey a purpose.
pub(crate) struct Subkeys {
    session: Seal,
    token: Seal,
    challenge: Seal,
    request: Seal,
    verdict: Seal,
    ids: [u8; 32],
}

impl Subkeys {
    fn of(key: &RingKey) -> Self {
        let seal = |purpose| Seal::new(&key.secret, key.id, purpose);
        Self {
            session: seal(Purpose::Session),
            token: seal(Purpose::Token),
            challenge: seal(Purpose::Challenge),
            request: seal(Purpose::FactorRequest),
            verdict: seal(Purpose::FactorVerdict),
            ids: subkey(&key.secret, b"token id"),
        }
    }

    pub(crate) fn session(&self) -> &Seal {
        &self.session
    }

    pub(crate) fn token(&self) -> &Seal {
        &self.token
    }

    pub(crate) fn challenge(&self) -> &Seal {
        &self.challenge
    }

    pub(crate) fn request(&self) -> &Seal {
        &self.request
    }

    pub(crate) fn verdict(&self) -> &Seal {
        &self.verdict
    }
}

impl Drop for Subkeys {
    fn drop(&mut self) {
        self.ids.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(id: u32, seals_from: Millis) -> RingKey {
        RingKey {
            id: KeyId(id),
            secret: [id as u8; 32],
            created_at: seals_from,
            seals_from,
        }
    }

    #[test]
    fn a_new_key_opens_at_once_and_seals_when_every_replica_knows_it() {
        let ring = KeyRing::new(vec![key(1, 0)]).unwrap();
        let rotated = KeyRing::new(ring.rotated([9; 32], 1_000)).unwrap();
        let sealed_by = |now| key_id(&rotated.seal(Subkeys::token, b"x", [0; 24], now)).unwrap();
        assert_eq!(sealed_by(1_000 + PUBLISH_BEFORE_MS - 1), KeyId(1));
        assert_eq!(sealed_by(1_000 + PUBLISH_BEFORE_MS), KeyId(2));
    }

    #[test]
    fn a_rotation_is_under_way_until_its_key_seals() {
        let ring = KeyRing::new(vec![key(1, 0)]).unwrap();
        let rotated = KeyRing::new(ring.rotated([9; 32], 1_000)).unwrap();
        let coming = |now| rotated.coming(now).map(|key| key.id);
        assert_eq!(ring.coming(1_000).map(|key| key.id), None);
        assert_eq!(coming(1_000 + PUBLISH_BEFORE_MS - 1), Some(KeyId(2)));
        assert_eq!(coming(1_000 + PUBLISH_BEFORE_MS), None);
    }

    #[test]
    fn what_was_sealed_before_a_rotation_opens_after_it() {
        let ring = KeyRing::new(vec![key(1, 0)]).unwrap();
        let blob = ring.seal(Subkeys::session, b"x", [0; 24], 5);
        let rotated = KeyRing::new(ring.rotated([9; 32], 1_000)).unwrap();
        assert_eq!(rotated.open(Subkeys::session, &blob), Ok(b"x".to_vec()));
    }

    #[test]
    fn a_key_is_dropped_when_nothing_alive_is_sealed_under_it() {
        let first = KeyRing::new(vec![key(1, 0)]).unwrap();
        let second = KeyRing::new(first.rotated([9; 32], 1_000)).unwrap();
        let successor_seals = 1_000 + PUBLISH_BEFORE_MS;
        let ids = |now| {
            second
                .rotated([8; 32], now)
                .iter()
                .map(|key| key.id.0)
                .collect::<Vec<_>>()
        };
        assert_eq!(ids(successor_seals + SEALED_LIFETIME_MS - 1), [1, 2, 3]);
        assert_eq!(ids(successor_seals + SEALED_LIFETIME_MS), [2, 3]);
    }

    #[test]
    fn a_ring_with_the_last_number_and_the_last_time_rotates() {
        let ring = KeyRing::new(vec![key(0, 0), key(u32::MAX, Millis::MAX)]).unwrap();
        let keys = ring.rotated([9; 32], 1_000);
        let ids: Vec<_> = keys.iter().map(|key| key.id.0).collect();
        assert_eq!(ids, [0, u32::MAX, 1]);
        assert!(KeyRing::new(keys).is_ok());
    }

    #[test]
    fn a_ring_needs_a_key_and_no_number_twice() {
        assert_eq!(KeyRing::new(vec![]).err(), Some(RingError::Empty));
        assert_eq!(
            KeyRing::new(vec![key(4, 0), key(4, 9)]).err(),
            Some(RingError::Twice(KeyId(4)))
        );
    }

    #[test]
    fn a_blob_of_an_unknown_key_names_it() {
        let blob = KeyRing::new(vec![key(3, 0)])
            .unwrap()
            .seal(Subkeys::token, b"x", [0; 24], 1);
        let ring = KeyRing::new(vec![key(1, 0)]).unwrap();
        assert_eq!(
            ring.open(Subkeys::token, &blob),
            Err(OpenError::UnknownKey(KeyId(3)))
        );
    }

    #[test]
    fn secrets_are_not_printed() {
        let ring = KeyRing::new(vec![key(200, 0)]).unwrap();
        assert!(!format!("{ring:?}").contains("200, 200"));
    }
}
