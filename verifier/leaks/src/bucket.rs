use sha2::{Digest, Sha256};

/// The first 26 bits of a hash of a user name: some 67 million buckets, which users share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bucket(u32);

/// Why bytes are no bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BucketError {
    /// There are not 4 of them.
    #[error("it has {0} bytes instead of 4")]
    Length(usize),
    /// More than 26 bits are told.
    #[error("the low 6 bits of its last byte are not zero, so it tells more than 26 bits")]
    TooLong,
}

impl Bucket {
    /// The bucket of a canonical user name.
    pub fn of(canonical: &str) -> Self {
        let hash = Sha256::new()
            .chain_update(canonical)
            .chain_update(SALT)
            .finalize();
        let [a, b, c, d, ..] = hash.0;
        Self(u32::from_be_bytes([a, b, c, d]) >> SPARE_BITS)
    }

    /// Reads what a client sends: 4 bytes, big-endian, the low 6 bits zero.
    ///
    /// # Errors
    /// See [`BucketError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, BucketError> {
        let four: [u8; 4] = bytes
            .try_into()
            .map_err(|_| BucketError::Length(bytes.len()))?;
        let number = u32::from_be_bytes(four);
        match number.trailing_zeros() >= SPARE_BITS {
            true => Ok(Self(number >> SPARE_BITS)),
            false => Err(BucketError::TooLong),
        }
    }

    /// What a client sends.
    pub fn to_bytes(self) -> [u8; 4] {
        (self.0 << SPARE_BITS).to_be_bytes()
    }

    /// Its number, 0 to 2²⁶ - 1.
    pub fn number(self) -> u32 {
        self.0
    }

    /// The bucket of a number; the bits above the 26th are cut off.
    pub fn from_number(number: u32) -> Self {
        Self(number & (u32::MAX >> SPARE_BITS))
    }
}

/// Bits of the 4 bytes that are not told.
const SPARE_BITS: u32 = 6;
/// Part of the protocol.
const SALT: [u8; 32] = [
    0xc4, 0x94, 0xa3, 0x95, 0xf8, 0xc0, 0xe2, 0x3e, 0xa9, 0x23, 0x04, 0x78, 0x70, 0x2c, 0x72, 0x18,
    0x56, 0x54, 0x99, 0xb3, 0xe9, 0x21, 0x18, 0x6c, 0x21, 0x1a, 0x01, 0x22, 0x3c, 0x45, 0x4a, 0xfa,
];

#[cfg(test)]
mod tests {
    use data_encoding::{BASE64, HEXLOWER};

    use super::*;

    #[test]
    fn a_name_is_in_the_published_bucket() {
        for (name, hex) in [
            ("leakedusername", "ce8c59c0"),
            ("foobar.baz", "c5e89740"),
            ("foobarbaz", "031d1580"),
            // The first bytes of the published hash of this name, cut to 26 bits.
            ("jonsnow", "3d70d340"),
        ] {
            assert_eq!(HEXLOWER.encode(&Bucket::of(name).to_bytes()), hex, "{name}");
        }
        assert_eq!(
            BASE64.encode(&Bucket::of("leakedusername").to_bytes()),
            "zoxZwA=="
        );
    }

    #[test]
    fn bytes_and_numbers_are_two_forms_of_one_bucket() {
        let bucket = Bucket::of("jonsnow");
        assert_eq!(Bucket::parse(&bucket.to_bytes()), Ok(bucket));
        assert_eq!(Bucket::from_number(bucket.number()), bucket);
        assert_eq!(
            Bucket::parse(&[0xff, 0xff, 0xff, 0xc0]).map(Bucket::number),
            Ok((1 << 26) - 1)
        );
    }

    #[test]
    fn what_is_no_bucket_is_refused() {
        assert_eq!(Bucket::parse(&[]), Err(BucketError::Length(0)));
        assert_eq!(Bucket::parse(&[0; 5]), Err(BucketError::Length(5)));
        for bit in 0..6 {
            assert_eq!(
                Bucket::parse(&[0, 0, 0, 1 << bit]),
                Err(BucketError::TooLong)
            );
        }
    }
}
