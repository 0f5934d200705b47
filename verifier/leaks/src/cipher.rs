use std::fmt;

use p256::{
    AffinePoint, ProjectivePoint, Scalar,
    elliptic_curve::{Field, PrimeField, group::GroupEncoding},
};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use crate::{PairHash, curve::hash_to_curve};

/// The key of one database, under which its match prefixes were made: a number from 1 to the order of P-256 less 1. Never
/// printed, wiped when dropped.
pub struct EpochKey(Scalar);

impl EpochKey {
    /// The key of 32 bytes, big-endian. None of 2³² random ones is refused but for one.
    pub fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        let scalar = Scalar::from_repr((*bytes).into()).into_option()?;
        (!bool::from(scalar.is_zero())).then_some(Self(scalar))
    }

    /// Its bytes, to be sealed.
    pub fn to_bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_repr().into())
    }

    /// A client's point, multiplied by the key. Takes the same time for every key and point.
    pub fn reencrypt(&self, point: &BlindedPoint) -> [u8; POINT_BYTES] {
        compressed(self.times(&point.0))
    }

    /// What is kept of a leaked pair: the first bytes of the hash of its point under the key, which a client compares with what it
    /// finds under its own point.
    pub fn match_prefix(&self, pair: &PairHash) -> MatchPrefix {
        let point = compressed(self.times(&hash_to_curve(pair.as_bytes())));
        let mut prefix = [0; MATCH_PREFIX_BYTES];
        prefix.copy_from_slice(&Sha256::digest(point)[..MATCH_PREFIX_BYTES]);
        MatchPrefix(prefix)
    }

    fn times(&self, point: &AffinePoint) -> AffinePoint {
        (ProjectivePoint::from(*point) * self.0).to_affine()
    }
}

impl fmt::Debug for EpochKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EpochKey(…)")
    }
}

impl Drop for EpochKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// A client's point: the hash of its pair, multiplied by a number that it alone knows. On the curve, and not the point at infinity,
/// so that multiplying it tells nothing of our key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlindedPoint(AffinePoint);

/// Why bytes are no point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PointError {
    /// There are not 33 of them.
    #[error("it has {0} bytes instead of 33")]
    Length(usize),
    /// The first one is not that of a compressed point.
    #[error("its first byte is 0x{0:02x} instead of 0x02 or 0x03")]
    Form(u8),
    /// No point of the curve has this x.
    #[error("it is no point of the curve P-256")]
    NotOnCurve,
}

impl BlindedPoint {
    /// Reads a point as clients send it: 33 bytes, SEC 1, compressed.
    ///
    /// # Errors
    /// See [`PointError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, PointError> {
        let all: [u8; POINT_BYTES] = bytes
            .try_into()
            .map_err(|_| PointError::Length(bytes.len()))?;
        // The library takes 33 zero bytes for the point at infinity; SEC 1 has no compressed form of it.
        if !matches!(all[0], 2 | 3) {
            return Err(PointError::Form(all[0]));
        }
        AffinePoint::from_bytes(&all.into())
            .into_option()
            .map(Self)
            .ok_or(PointError::NotOnCurve)
    }
}

/// What is kept of a leaked pair, and told to clients that ask about its bucket.
///
/// 6 bytes: somebody whose password did not leak is told that it did once in 2⁴⁸ divided by the bucket's size, which is one of 280
/// million questions about a bucket of a million pairs, and one of 10¹⁴ about one of three. In base64 they take 8 characters, as 5 bytes
/// would, while 7 take 12.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MatchPrefix(pub [u8; MATCH_PREFIX_BYTES]);

/// Bytes of a [`MatchPrefix`].
pub const MATCH_PREFIX_BYTES: usize = 6;
/// Bytes of a compressed point.
pub(crate) const POINT_BYTES: usize = 33;

fn compressed(point: AffinePoint) -> [u8; POINT_BYTES] {
    point.to_bytes().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(bytes: [u8; 32]) -> Option<EpochKey> {
        EpochKey::from_bytes(&bytes)
    }

    /// What a client does with a pair before it asks.
    fn blind(client: &EpochKey, pair: &PairHash) -> BlindedPoint {
        BlindedPoint(client.times(&hash_to_curve(pair.as_bytes())))
    }

    /// What a client does with the answer.
    fn unblind(client: &EpochKey, answer: &[u8; POINT_BYTES]) -> Vec<u8> {
        let inverse = client.0.invert().unwrap();
        let point = BlindedPoint::parse(answer).unwrap().0;
        let own = (ProjectivePoint::from(point) * inverse).to_affine();
        Sha256::digest(compressed(own)).to_vec()
    }

    #[test]
    fn a_pair_matches_itself_and_no_other() {
        let (server, client) = (key([7; 32]).unwrap(), key([9; 32]).unwrap());
        let leaked = PairHash::of("jonsnow", "Targaryen");
        let prefix = server.match_prefix(&leaked);
        let matches = |pair: &PairHash| {
            let answer = server.reencrypt(&blind(&client, pair));
            unblind(&client, &answer).starts_with(&prefix.0)
        };
        assert!(matches(&leaked));
        assert!(!matches(&PairHash::of("jonsnow", "Stark")));
    }

    #[test]
    fn what_is_no_point_is_refused() {
        let mut point = compressed(AffinePoint::GENERATOR);
        assert!(BlindedPoint::parse(&point).is_ok());
        assert_eq!(
            BlindedPoint::parse(&point[..32]),
            Err(PointError::Length(32))
        );
        assert_eq!(BlindedPoint::parse(&[]), Err(PointError::Length(0)));
        for first in [0, 1, 4, 5, 6, 7, 0xff] {
            point[0] = first;
            assert_eq!(BlindedPoint::parse(&point), Err(PointError::Form(first)));
        }
        // The point at infinity, as some libraries write it.
        assert_eq!(BlindedPoint::parse(&[0; 33]), Err(PointError::Form(0)));
        // x = 1 is on the curve, 0xff… is beyond the field's prime.
        let mut beyond = [0xff; 33];
        beyond[0] = 2;
        assert_eq!(BlindedPoint::parse(&beyond), Err(PointError::NotOnCurve));
    }

    #[test]
    fn about_half_of_all_x_are_on_the_curve() {
        let on_curve = (0..200u8).filter(|x| {
            let mut bytes = [0; 33];
            (bytes[0], bytes[32]) = (2, *x);
            BlindedPoint::parse(&bytes).is_ok()
        });
        assert!((70..130).contains(&on_curve.count()));
    }

    #[test]
    fn zero_and_numbers_beyond_the_order_are_no_keys() {
        assert!(key([0; 32]).is_none());
        assert!(key([0xff; 32]).is_none());
        let order = (Scalar::ZERO - Scalar::ONE).to_repr();
        assert!(key(order.into()).is_some());
    }

    #[test]
    fn a_key_is_not_printed() {
        assert_eq!(format!("{:?}", key([7; 32])), "Some(EpochKey(…))");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_client_finds_what_the_server_keeps(
            server: [u8; 32],
            client: [u8; 32],
            name in ".{0,8}",
            password in ".{0,8}",
        ) {
            let (Some(server), Some(client)) = (key(server), key(client)) else {
                return Ok(());
            };
            let pair = PairHash::of(&name, &password);
            let answer = server.reencrypt(&blind(&client, &pair));
            let prefix = server.match_prefix(&pair);
            prop_assert!(unblind(&client, &answer).starts_with(&prefix.0));
        }

        #[test]
        fn any_bytes_are_a_point_or_an_error(bytes: Vec<u8>) {
            let _ = BlindedPoint::parse(&bytes);
            let _ = crate::Bucket::parse(&bytes);
        }
    }
}
