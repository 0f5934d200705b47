//! The two habits every message shares: a version byte in front, nothing behind. What lies between is the postcard wire
//! format (<https://postcard.jamesmunns.com/wire-format>): LEB128 varints, zigzag for signed numbers, sequences and
//! texts with their length in front, bytes as they are.
//!
//! The verifier reads with the postcard crate. What the agent does, writing and reading a challenge, is written out here:
//! in WebAssembly the crate and serde cost three kilobytes more than these few lines.

use alloc::vec::Vec;

use serde::Deserialize;

use crate::DecodeError;

/// Writes one message.
pub(crate) struct Writer(Vec<u8>);

impl Writer {
    pub(crate) fn new(version: u8) -> Self {
        let mut out = Vec::with_capacity(1_024);
        out.push(version);
        Self(out)
    }

    pub(crate) fn done(self) -> Vec<u8> {
        self.0
    }

    pub(crate) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Any unsigned number. Kept out of line: it is called from everywhere.
    #[inline(never)]
    pub(crate) fn number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    /// Any signed number.
    pub(crate) fn signed(&mut self, value: i32) {
        self.number(u64::from((value << 1 ^ value >> 31) as u32));
    }

    pub(crate) fn length(&mut self, length: usize) {
        self.number(length as u64);
    }

    /// A text, or bytes with their length.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        self.raw(bytes);
    }
}

/// Reads one message front to back.
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(version: u8, bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let (first, body) = bytes.split_first().ok_or(DecodeError::Malformed)?;
        if *first != version {
            return Err(DecodeError::Version(*first));
        }
        Ok(Self(body))
    }

    pub(crate) fn done(self) -> Result<(), DecodeError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(DecodeError::Trailing(self.0.len()))
        }
    }

    /// All that is left.
    pub(crate) fn rest(self) -> &'a [u8] {
        self.0
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let (head, rest) = self.0.split_first_chunk().ok_or(DecodeError::Malformed)?;
        self.0 = rest;
        Ok(*head)
    }

    pub(crate) fn flag(&mut self) -> Result<bool, DecodeError> {
        match self.array::<1>()? {
            [0] => Ok(false),
            [1] => Ok(true),
            _ => Err(DecodeError::Malformed),
        }
    }

    pub(crate) fn number(&mut self) -> Result<u32, DecodeError> {
        let mut value = 0u64;
        for shift in [0, 7, 14, 21, 28] {
            let [byte] = self.array::<1>()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return u32::try_from(value).map_err(|_| DecodeError::Malformed);
            }
        }
        Err(DecodeError::Malformed)
    }

    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], DecodeError> {
        let length = self.number()? as usize;
        let (head, rest) = self
            .0
            .split_at_checked(length)
            .ok_or(DecodeError::Malformed)?;
        self.0 = rest;
        Ok(head)
    }
}

/// Reads a whole message with the postcard crate. Errors: another version, malformed bytes, trailing bytes.
pub(crate) fn decode<'a, T: Deserialize<'a>>(
    version: u8,
    bytes: &'a [u8],
) -> Result<T, DecodeError> {
    let Reader(body) = Reader::new(version, bytes)?;
    let (value, rest) = postcard::take_from_bytes(body).map_err(|_| DecodeError::Malformed)?;
    Reader(rest).done().map(|()| value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The agent writes by hand what the verifier reads with the crate.
        #[test]
        fn numbers_are_written_as_postcard_writes_them(
            unsigned in any::<u64>(), signed in any::<i32>(), bytes in prop::collection::vec(any::<u8>(), 0..300),
        ) {
            let mut writer = Writer::new(9);
            writer.number(unsigned);
            writer.signed(signed);
            writer.bytes(&bytes);
            let read: (u64, i32, Vec<u8>) = decode(9, &writer.done()).unwrap();
            prop_assert_eq!(read, (unsigned, signed, bytes));
        }

        #[test]
        fn numbers_are_read_as_postcard_reads_them(bytes in prop::collection::vec(any::<u8>(), 0..8)) {
            let by_hand = Reader(&bytes).number();
            let by_crate = postcard::take_from_bytes::<u32>(&bytes);
            prop_assert_eq!(by_hand.ok(), by_crate.ok().map(|(value, _)| value));
        }
    }
}
