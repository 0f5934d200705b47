use alloc::vec::Vec;

use crate::{DecodeError, wire};

/// A proof of work and the envelope that it pays for: what is posted where the challenge names a price.
///
/// Of each round `i`, counted from 0, the answer is a number `n` for which the first four bytes of
/// SHA-256(`D` ‖ `i` ‖ `n`), read as a number, are below 2³² x [`Payment::ROUNDS`] / price. `D` is the SHA-256 of the
/// envelope's bytes; `i` and `n` have four bytes; all numbers are big-endian. So a proof is bound to the session, the counter
/// and the sealed report, and cannot be made before the report is. Many small rounds rather than a large one keep the time
/// that it takes close to its mean.
///
/// Wire form: [`Payment::MARK`], the answers with their number in front, the envelope to the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment<'a> {
    /// The answers in the order of the rounds, from the first one on. Fewer than [`Payment::ROUNDS`]: part of the price.
    pub answers: Vec<u32>,
    /// The bytes of the envelope, not yet read.
    pub envelope: &'a [u8],
}

impl<'a> Payment<'a> {
    /// The first byte of the wire form: no version of the envelope comes near it.
    pub const MARK: u8 = 255;
    /// Rounds of a full proof.
    pub const ROUNDS: usize = 32;

    /// The bytes to post to the token endpoint.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = wire::Writer::new(Self::MARK);
        out.length(self.answers.len());
        for answer in &self.answers {
            out.number((*answer).into());
        }
        out.raw(self.envelope);
        out.done()
    }

    /// Reads posted bytes; neither the answers nor the envelope are checked.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut input = wire::Reader::new(Self::MARK, bytes)?;
        let count = input.number()? as usize;
        if count > Self::ROUNDS {
            return Err(DecodeError::TooLarge("the proof of work"));
        }
        let answers = (0..count).map(|_| input.number());
        Ok(Self {
            answers: answers.collect::<Result<_, _>>()?,
            envelope: input.rest(),
        })
    }
}
