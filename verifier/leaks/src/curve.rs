//! Hashing to the curve: try and increment, as the protocol has it.

use p256::{
    AffinePoint, FieldBytes,
    elliptic_curve::{
        bigint::{Encoding, NonZero, U256, U512},
        point::DecompressPoint,
    },
};
use sha2::{Digest, Sha256};

/// The point of a message: the random oracle's number is taken as x, and hashed again until it is that of a point; of the two points
/// with that x it is the one with even y.
///
/// How often it is hashed depends on the message. That shows in the time it takes, so it is for messages that are known here.
pub(crate) fn hash_to_curve(message: &[u8]) -> AffinePoint {
    let mut x = random_oracle(message);
    loop {
        let bytes: FieldBytes = x.to_be_bytes().into();
        if let Some(point) = AffinePoint::decompress(&bytes, 0.into()).into_option() {
            return point;
        }
        let bytes = x.to_be_bytes();
        let leading = bytes.iter().take_while(|byte| **byte == 0).count();
        x = random_oracle(&bytes[leading..]);
    }
}

/// 512 bits of SHA-256, as a number modulo the field's prime.
fn random_oracle(message: &[u8]) -> U256 {
    let half = |counter: u8| {
        Sha256::new()
            .chain_update([counter])
            .chain_update(message)
            .finalize()
    };
    let mut wide = [0; 64];
    wide[..32].copy_from_slice(&half(1));
    wide[32..].copy_from_slice(&half(2));
    let (low, _) = U512::from_be_bytes(wide.into()).rem(&PRIME).split();
    low
}

/// The prime of P-256's field, FIPS 186-5: 2²⁵⁶ - 2²²⁴ + 2¹⁹² + 2⁹⁶ - 1.
const PRIME: NonZero<U512> = NonZero::<U512>::new_unwrap(U512::from_be_hex(concat!(
    "0000000000000000000000000000000000000000000000000000000000000000",
    "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"
)));

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;
    use p256::elliptic_curve::group::GroupEncoding;

    use super::*;

    #[test]
    fn messages_hash_to_the_published_points() {
        let pair = "f6e6fdb323af6f3d0310bb300e5a786b39a9a387c2eddecdfe184bf22330b272";
        let pair = HEXLOWER.decode(pair.as_bytes()).unwrap();
        for (message, point) in [
            (
                &b""[..],
                "026b51b9d722460e1f8073e65a824ebe2282f2d7d945491f150c1c04e6e553bb23",
            ),
            (
                b"a",
                "02a2584c304a4a67a0ce0e30fa6788f41bc4ff173d354eded0c89575b5c0a099c7",
            ),
            (
                b"hello",
                "02b57639fbca45d99498a458eb0c0b4d7e3aba0066e1781e753c275d11f53df004",
            ),
            (
                &pair,
                "0225ae9b76d1feed0ce390633c5993e10c95240299ab8ab51374816c1605cbd33b",
            ),
        ] {
            let found = HEXLOWER.encode(&hash_to_curve(message).to_bytes());
            assert_eq!(found, point, "{message:?}");
        }
    }
}
