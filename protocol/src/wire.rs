//! The two habits every message shares: a version byte in front, nothing behind.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::DecodeError;

/// `version`, then the postcard encoding of `value` (<https://postcard.jamesmunns.com/wire-format>: LEB128 varints,
/// zigzag for signed numbers, length-prefixed sequences).
pub(crate) fn encode<T: Serialize>(version: u8, value: &T) -> Vec<u8> {
    let mut out = Vec::with_capacity(256);
    out.push(version);
    // Serialising plain structs into a growing vector has no failing path; if that ever changes, an empty message
    // (refused by every decoder) is the safe answer.
    postcard::to_extend(value, out).unwrap_or_default()
}

/// Reads what [`encode`] wrote. Errors: another version, malformed bytes, trailing bytes.
pub(crate) fn decode<'a, T: Deserialize<'a>>(
    version: u8,
    bytes: &'a [u8],
) -> Result<T, DecodeError> {
    let (first, body) = bytes.split_first().ok_or(DecodeError::Malformed)?;
    if *first != version {
        return Err(DecodeError::Version(*first));
    }
    let (value, rest) = postcard::take_from_bytes(body).map_err(|_| DecodeError::Malformed)?;
    if rest.is_empty() {
        Ok(value)
    } else {
        Err(DecodeError::Trailing(rest.len()))
    }
}
