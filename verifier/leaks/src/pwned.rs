//! Passwords alone, as SHA-1 hashes, in the form of Have I Been Pwned's downloads and ranges.

use data_encoding::{HEXUPPER, HEXUPPER_PERMISSIVE};
use rusqlite::Connection;

use crate::lists::Broken;

/// A SHA-1 hash of a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PwnedHash(pub [u8; 20]);

impl PwnedHash {
    /// What a range shows of it: all but its first 5 hexadecimal digits, 35 of them.
    pub fn suffix(&self) -> String {
        HEXUPPER.encode(&self.0).split_off(RANGE_DIGITS)
    }
}

/// The first 20 bits of hashes: what a client tells of the one it asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PwnedRange(u32);

impl PwnedRange {
    /// Reads 5 hexadecimal digits, in large or small letters.
    pub fn parse(text: &str) -> Option<Self> {
        let is_range = text.len() == RANGE_DIGITS && text.bytes().all(|b| b.is_ascii_hexdigit());
        let number = u32::from_str_radix(text, 16).ok()?;
        is_range.then_some(Self(number))
    }

    fn bounds(self) -> ([u8; 20], [u8; 20]) {
        let (mut first, mut last) = ([0; 20], [0xff; 20]);
        let [_, a, b, c] = (self.0 << 4).to_be_bytes();
        first[..3].copy_from_slice(&[a, b, c]);
        last[..3].copy_from_slice(&[a, b, c | 15]);
        (first, last)
    }
}

/// Reads a line `hash:count`; the count may be missing.
pub(crate) fn parse(line: &[u8]) -> Result<(PwnedHash, u64), Broken> {
    let line = line.trim_ascii();
    if line.is_empty() {
        return Err(Broken::Blank);
    }
    let (hash, rest) = line.split_at_checked(40).ok_or(Broken::NoHash)?;
    let mut bytes = [0; 20];
    HEXUPPER_PERMISSIVE
        .decode_mut(hash, &mut bytes)
        .map_err(|_| Broken::NoHash)?;
    let count = match rest.strip_prefix(b":") {
        Some(count) => std::str::from_utf8(count)
            .ok()
            .and_then(|text| text.parse().ok()),
        None => rest.is_empty().then_some(1),
    };
    // SQLite counts to 2⁶³ - 1.
    let count = count.filter(|count| i64::try_from(*count).is_ok());
    Ok((PwnedHash(bytes), count.ok_or(Broken::NoHash)?))
}

/// The hashes of a range, in order.
pub(crate) fn range(
    connection: &Connection,
    range: PwnedRange,
) -> rusqlite::Result<Vec<(PwnedHash, u64)>> {
    let query = "SELECT hash, count FROM pwned WHERE hash BETWEEN ?1 AND ?2 ORDER BY hash LIMIT ?3";
    let (first, last) = range.bounds();
    connection
        .prepare_cached(query)?
        .query_map((first, last, MAX_HASHES), |row| {
            Ok((PwnedHash(row.get(0)?), row.get(1)?))
        })?
        .collect()
}

/// Hexadecimal digits that a client tells.
const RANGE_DIGITS: usize = 5;
/// Most hashes in an answer. Two thousand million hashes, more than have ever been collected, are some 2,000 a range.
const MAX_HASHES: u32 = 100_000;

#[cfg(test)]
mod tests {
    use super::*;

    /// SHA-1 of "password".
    const LINE: &[u8] = b"5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8:10434004\r";

    #[test]
    fn a_line_of_a_download_is_read() {
        let (hash, count) = parse(LINE).unwrap();
        assert_eq!(count, 10_434_004);
        assert_eq!(hash.suffix(), "1E4C9B93F3F0682250B6CF8331B7EE68FD8");
        let small = LINE.to_ascii_lowercase();
        assert_eq!(parse(&small), Ok((hash, count)));
        assert_eq!(parse(&LINE[..40]), Ok((hash, 1)));
    }

    #[test]
    fn what_is_no_hash_is_told() {
        for line in [
            &b"abc:1"[..],
            &LINE[1..],
            b"5BAA61E4C9B93F3F0682250B6CF8331B7EE68FDG:1",
        ] {
            assert_eq!(parse(line), Err(Broken::NoHash));
        }
        let hash = &LINE[..40];
        for count in [
            &b":"[..],
            b":-1",
            b":x",
            b"1",
            b":99999999999999999999",
            b":9223372036854775808",
        ] {
            assert_eq!(
                parse(&[hash, count].concat()),
                Err(Broken::NoHash),
                "{count:?}"
            );
        }
        assert_eq!(parse(b" \r"), Err(Broken::Blank));
    }

    #[test]
    fn a_range_is_five_digits() {
        for text in ["5BAA6", "5baa6", "00000", "fffff"] {
            assert!(PwnedRange::parse(text).is_some(), "{text}");
        }
        for text in ["", "5BAA", "5BAA61", "5BAAG", "+5BAA", "5BA-6", "äbcd"] {
            assert!(PwnedRange::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn the_bounds_of_a_range_hold_its_hashes_alone() {
        let (first, last) = PwnedRange::parse("5BAA6").unwrap().bounds();
        assert_eq!(first[..3], [0x5b, 0xaa, 0x60]);
        assert_eq!(last[..4], [0x5b, 0xaa, 0x6f, 0xff]);
        let (hash, _) = parse(LINE).unwrap();
        assert!(first <= hash.0 && hash.0 <= last);
    }
}
