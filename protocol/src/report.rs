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
        let mut kept = Kept {
            pointer: &self.pointer,
            keys: &self.keys,
            other: &self.other,
        };
        loop {
            let bytes = columns::write(self, &kept);
            let Some(excess @ 1..) = bytes.len().checked_sub(MAX_REPORT_BYTES) else {
                return bytes;
            };
            // At most 32 bytes a sample, so this many must go at the least; another round may follow.
            kept.drop_oldest(excess / 32 + 1);
        }
    }

    /// Reads a report. Every column has its length, every value its range.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > MAX_REPORT_BYTES {
            return Err(DecodeError::TooLarge("the report"));
        }
        columns::read(bytes)
    }
}

/// The samples of a report that fit: the newest of each list. The lists are in order.
pub(crate) struct Kept<'a> {
    pub pointer: &'a [PointerSample],
    pub keys: &'a [KeySample],
    pub other: &'a [OtherSample],
}

impl Kept<'_> {
    /// Leaves out the `count` oldest samples of all three lists together.
    fn drop_oldest(&mut self, count: usize) {
        for _ in 0..count {
            let pointer = head(self.pointer.first().map(|sample| sample.at));
            let key = head(self.keys.first().map(|sample| sample.at));
            let other = head(self.other.first().map(|sample| sample.at));
            if pointer <= key.min(other) {
                self.pointer = tail(self.pointer);
            } else if key <= other {
                self.keys = tail(self.keys);
            } else {
                self.other = tail(self.other);
            }
        }
    }
}

/// When the first sample of a list happened; of an empty one, after all others.
fn head(at: Option<u32>) -> u64 {
    at.map_or(u64::MAX, u64::from)
}

fn tail<T>(list: &[T]) -> &[T] {
    list.get(1..).unwrap_or_default()
}

/// Largest encoded report in bytes (16 KiB).
pub const MAX_REPORT_BYTES: usize = 16 * 1024;
