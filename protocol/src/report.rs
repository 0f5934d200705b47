use alloc::vec::Vec;

use serde::Deserialize;
#[cfg(feature = "inspect")]
use serde::Serialize;

use crate::{DecodeError, Environment, KeySample, OtherSample, PointerSample, columns};

/// Everything the agent measured until an `execute`: facts, never verdicts.
///
/// On the wire a struct of arrays: one column a quantity, times and positions as differences, so that most values take
/// one byte. At most [`MAX_REPORT_BYTES`]; the oldest samples are left out first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(
    feature = "inspect",
    derive(Serialize),
    serde(rename_all = "camelCase")
)]
pub struct Report {
    /// When the report was sealed, in units of 0.1 ms since the page's time origin.
    pub sealed_at: u32,
    /// When the agent began to listen, same unit.
    pub started_at: u32,
    /// What the sources read.
    pub environment: Environment,
    /// What was only counted.
    pub counters: Counters,
    /// Pointer events, oldest first.
    pub pointer: Vec<PointerSample>,
    /// Key presses, oldest first.
    pub keys: Vec<KeySample>,
    /// All other events, oldest first.
    pub other: Vec<OtherSample>,
}

/// Events that are counted, not kept. All since the agent began to listen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[cfg_attr(
    feature = "inspect",
    derive(Serialize),
    serde(rename_all = "camelCase")
)]
pub struct Counters {
    /// `pointermove` events.
    pub moves: u32,
    /// `pointerrawupdate` events.
    pub raw_updates: u32,
    /// Events with `isTrusted` false: dropped. Password managers and assistive extensions send them, too.
    pub untrusted: u32,
    /// Changes of a text field that keys account for.
    pub typed: u32,
    /// Pointer samples that no longer fit.
    pub pointer_dropped: u32,
    /// Key samples that no longer fit.
    pub keys_dropped: u32,
    /// Other samples that no longer fit.
    pub other_dropped: u32,
}

impl Report {
    /// Samples of all kinds.
    pub fn len(&self) -> usize {
        self.pointer.len() + self.keys.len() + self.other.len()
    }

    /// Whether nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes that are sealed into an envelope, at most [`MAX_REPORT_BYTES`].
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = columns::write(self);
        if bytes.len() > MAX_REPORT_BYTES {
            let mut shorter = self.clone();
            while bytes.len() > MAX_REPORT_BYTES {
                // At most 32 bytes a sample, so this many must go at the least; another round may follow.
                shorter.drop_oldest((bytes.len() - MAX_REPORT_BYTES) / 32 + 1);
                bytes = columns::write(&shorter);
            }
        }
        bytes
    }

    /// Reads a report. Every column has its length, every value its range.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > MAX_REPORT_BYTES {
            return Err(DecodeError::TooLarge("the report"));
        }
        columns::read(bytes)
    }

    /// Leaves out the `count` oldest samples of all three lists together, and counts them. The lists are in order.
    fn drop_oldest(&mut self, count: usize) {
        let (mut pointer, mut keys, mut other) = (0, 0, 0);
        for _ in 0..count {
            let heads = [
                self.pointer.get(pointer).map(|sample| sample.at),
                self.keys.get(keys).map(|sample| sample.at),
                self.other.get(other).map(|sample| sample.at),
            ];
            let Some(oldest) = heads.into_iter().flatten().min() else {
                break;
            };
            if heads[0] == Some(oldest) {
                pointer += 1;
            } else if heads[1] == Some(oldest) {
                keys += 1;
            } else {
                other += 1;
            }
        }
        self.pointer.drain(..pointer);
        self.keys.drain(..keys);
        self.other.drain(..other);
        let counters = &mut self.counters;
        let add = |counter: &mut u32, gone: usize| *counter = counter.saturating_add(gone as u32);
        add(&mut counters.pointer_dropped, pointer);
        add(&mut counters.keys_dropped, keys);
        add(&mut counters.other_dropped, other);
    }
}

/// Largest encoded report in bytes (16 KiB).
pub const MAX_REPORT_BYTES: usize = 16 * 1024;
