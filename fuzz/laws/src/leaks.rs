//! Leaked passwords: what a backend asks with, and lines of lists that anybody may have written.

use touchstone_leaks::{BlindedPoint, Bucket, EpochKey, PwnedRange, names, parse};

/// A line gives a name that can be looked up, a bucket and a point survive another trip, and a point that is believed lies on the curve.
pub fn leaks(bytes: &[u8]) {
    for line in bytes.split(|byte| *byte == b'\n') {
        if let Ok(pair) = parse(line, None) {
            assert!(!pair.password.is_empty());
            assert!((1..=MOST_FORMS).contains(&names(&pair.user).len()));
        }
    }
    if let Ok(bucket) = Bucket::parse(bytes) {
        assert_eq!(bucket.to_bytes(), bytes);
    }
    if let Ok(point) = BlindedPoint::parse(bytes) {
        let key = EpochKey::from_bytes(&[7; 32]).unwrap();
        assert!(BlindedPoint::parse(&key.reencrypt(&point)).is_ok());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        assert!(PwnedRange::parse(text).is_none() || text.len() == 5);
    }
}

/// Ways in which clients hash one name.
const MOST_FORMS: usize = 5;
