use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::{
    DecodeError, Environment, KEY_CAPACITY, KeyClass, KeyFlags, KeySample, OTHER_CAPACITY,
    OtherKind, OtherSample, POINTER_CAPACITY, PointerDevice, PointerKind, PointerSample, Press,
    environment, wire,
};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "inspect", serde(rename_all = "camelCase"))]
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
        let bytes = wire::encode(VERSION, &Wire::from(self));
        if bytes.len() <= MAX_REPORT_BYTES {
            return bytes;
        }
        let mut shorter = self.clone();
        loop {
            let excess = wire::encode(VERSION, &Wire::from(&shorter));
            if excess.len() <= MAX_REPORT_BYTES {
                return excess;
            }
            // At most 20 bytes a sample, so this many must go at the least; one more step may follow.
            shorter.drop_oldest((excess.len() - MAX_REPORT_BYTES) / 20 + 1);
        }
    }

    /// Reads a report. Every column has its length, every value its range.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > MAX_REPORT_BYTES {
            return Err(DecodeError::TooLarge("the report"));
        }
        wire::decode::<Wire<'_>>(VERSION, bytes)?.try_into()
    }

    /// Leaves out the `count` oldest samples of all three lists together, and counts them.
    fn drop_oldest(&mut self, count: usize) {
        let mut times: Vec<u32> = self.pointer.iter().map(|sample| sample.at).collect();
        times.extend(self.keys.iter().map(|sample| sample.at));
        times.extend(self.other.iter().map(|sample| sample.at));
        times.sort_unstable();
        let Some(&last) = times.get(count.min(times.len()).saturating_sub(1)) else {
            return;
        };
        let before = (self.pointer.len(), self.keys.len(), self.other.len());
        self.pointer.retain(|sample| sample.at > last);
        self.keys.retain(|sample| sample.at > last);
        self.other.retain(|sample| sample.at > last);
        let counters = &mut self.counters;
        let add = |counter: &mut u32, gone: usize| *counter = counter.saturating_add(gone as u32);
        add(&mut counters.pointer_dropped, before.0 - self.pointer.len());
        add(&mut counters.keys_dropped, before.1 - self.keys.len());
        add(&mut counters.other_dropped, before.2 - self.other.len());
    }
}

/// Largest encoded report in bytes (16 KiB).
pub const MAX_REPORT_BYTES: usize = 16 * 1024;

/// The columns. Times are differences to the sample before (the first: to the time origin), positions likewise.
#[derive(Serialize, Deserialize)]
struct Wire<'a> {
    sealed_at: u32,
    started_at: u32,
    #[serde(borrow)]
    environment: environment::Wire<'a>,
    counters: Counters,
    pointer_at: Vec<u32>,
    pointer_x: Vec<i32>,
    pointer_y: Vec<i32>,
    /// Kind in bits 0-2, device in 3-4, off-grid 5, shifted 6, held 7.
    pointer_meta: Vec<u8>,
    coalesced: Vec<u8>,
    latency: Vec<u8>,
    /// Only for samples that are no mouse moves.
    pressure: Vec<u8>,
    contact: Vec<u8>,
    /// Only for presses; `None` where the target could not be measured.
    presses: Vec<Option<Press>>,
    key_at: Vec<u32>,
    /// 0: no keyup seen; else the hold + 1.
    key_hold: Vec<u16>,
    key_class: Vec<u8>,
    key_flags: Vec<u8>,
    other_at: Vec<u32>,
    other_kind: Vec<u8>,
    other_a: Vec<i32>,
    other_b: Vec<i32>,
}

impl<'a> From<&'a Report> for Wire<'a> {
    fn from(report: &'a Report) -> Self {
        let Report {
            pointer,
            keys,
            other,
            ..
        } = report;
        let detailed = || {
            pointer
                .iter()
                .filter(|sample| is_detailed(sample.kind, sample.device))
        };
        let presses = pointer
            .iter()
            .filter(|sample| sample.kind == PointerKind::Down);
        Self {
            sealed_at: report.sealed_at,
            started_at: report.started_at,
            environment: report.environment.to_wire(),
            counters: report.counters,
            pointer_at: steps(pointer.iter().map(|sample| sample.at)),
            pointer_x: moves(pointer.iter().map(|sample| sample.x)),
            pointer_y: moves(pointer.iter().map(|sample| sample.y)),
            pointer_meta: pointer.iter().map(pointer_meta).collect(),
            coalesced: pointer.iter().map(|sample| sample.coalesced).collect(),
            latency: pointer.iter().map(|sample| sample.latency).collect(),
            pressure: detailed().map(|sample| sample.pressure).collect(),
            contact: detailed().map(|sample| sample.contact).collect(),
            presses: presses.map(|sample| sample.press).collect(),
            key_at: steps(keys.iter().map(|sample| sample.at)),
            key_hold: keys
                .iter()
                .map(|key| key.hold.map_or(0, |h| h.min(MAX_HOLD) + 1))
                .collect(),
            key_class: keys.iter().map(|key| key.class as u8).collect(),
            key_flags: keys.iter().map(|key| key.flags.0).collect(),
            other_at: steps(other.iter().map(|sample| sample.at)),
            other_kind: other.iter().map(|sample| sample.kind as u8).collect(),
            other_a: other.iter().map(|sample| sample.a).collect(),
            other_b: other.iter().map(|sample| sample.b).collect(),
        }
    }
}

impl TryFrom<Wire<'_>> for Report {
    type Error = DecodeError;

    fn try_from(mut wire: Wire<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            sealed_at: wire.sealed_at,
            started_at: wire.started_at,
            counters: wire.counters,
            pointer: read_pointer(&mut wire)?,
            keys: read_keys(&wire)?,
            other: read_other(&wire)?,
            environment: Environment::from_wire(wire.environment)?,
        })
    }
}

fn read_pointer(wire: &mut Wire<'_>) -> Result<Vec<PointerSample>, DecodeError> {
    let n = wire.pointer_at.len();
    if n > POINTER_CAPACITY {
        return Err(DecodeError::TooLarge("the list of pointer events"));
    }
    let columns = [
        wire.pointer_x.len(),
        wire.pointer_y.len(),
        wire.pointer_meta.len(),
        wire.coalesced.len(),
        wire.latency.len(),
    ];
    same_length(&columns, n)?;
    let (mut at, mut x, mut y) = (Clock::default(), 0i32, 0i32);
    let mut details = wire.pressure.iter().zip(&wire.contact);
    let mut presses = wire.presses.drain(..);
    let mut samples = Vec::with_capacity(n);
    let rows = wire
        .pointer_at
        .iter()
        .zip(&wire.pointer_x)
        .zip(&wire.pointer_y);
    let rows = rows
        .zip(&wire.pointer_meta)
        .zip(&wire.coalesced)
        .zip(&wire.latency);
    for (((((step, dx), dy), meta), coalesced), latency) in rows {
        let kind = PointerKind::try_from(meta & 7)?;
        let device = PointerDevice::try_from(meta >> 3 & 3)?;
        x = position(x, *dx)?;
        y = position(y, *dy)?;
        let (pressure, contact) = match is_detailed(kind, device) {
            true => details.next().ok_or(UNEQUAL)?,
            false => (&0, &0),
        };
        let press = match kind {
            PointerKind::Down => presses.next().ok_or(UNEQUAL)?,
            _ => None,
        };
        samples.push(PointerSample {
            at: at.advance(*step)?,
            x,
            y,
            kind,
            device,
            off_grid: meta & 32 != 0,
            shifted: meta & 64 != 0,
            held: meta & 128 != 0,
            coalesced: *coalesced,
            latency: *latency,
            pressure: *pressure,
            contact: *contact,
            press,
        });
    }
    let all_read = details.next().is_none() && presses.next().is_none();
    drop(presses);
    if !all_read || wire.pressure.len() != wire.contact.len() {
        return Err(UNEQUAL);
    }
    Ok(samples)
}

fn read_keys(wire: &Wire<'_>) -> Result<Vec<KeySample>, DecodeError> {
    let n = wire.key_at.len();
    if n > KEY_CAPACITY {
        return Err(DecodeError::TooLarge("the list of keys"));
    }
    same_length(
        &[
            wire.key_hold.len(),
            wire.key_class.len(),
            wire.key_flags.len(),
        ],
        n,
    )?;
    let mut at = Clock::default();
    let rows = wire
        .key_at
        .iter()
        .zip(&wire.key_hold)
        .zip(&wire.key_class)
        .zip(&wire.key_flags);
    rows.map(|(((step, hold), class), flags)| {
        Ok(KeySample {
            at: at.advance(*step)?,
            hold: hold.checked_sub(1),
            class: KeyClass::try_from(*class)?,
            flags: KeyFlags(*flags),
        })
    })
    .collect()
}

fn read_other(wire: &Wire<'_>) -> Result<Vec<OtherSample>, DecodeError> {
    let n = wire.other_at.len();
    if n > OTHER_CAPACITY {
        return Err(DecodeError::TooLarge("the list of other events"));
    }
    same_length(
        &[
            wire.other_kind.len(),
            wire.other_a.len(),
            wire.other_b.len(),
        ],
        n,
    )?;
    let mut at = Clock::default();
    let rows = wire
        .other_at
        .iter()
        .zip(&wire.other_kind)
        .zip(&wire.other_a)
        .zip(&wire.other_b);
    rows.map(|(((step, kind), a), b)| {
        Ok(OtherSample {
            at: at.advance(*step)?,
            kind: OtherKind::try_from(*kind)?,
            a: *a,
            b: *b,
        })
    })
    .collect()
}

/// Mouse moves have neither pressure nor contact worth a byte.
fn is_detailed(kind: PointerKind, device: PointerDevice) -> bool {
    kind != PointerKind::Move || device != PointerDevice::Mouse
}

fn pointer_meta(sample: &PointerSample) -> u8 {
    let flag = |yes: bool, bit: u8| if yes { bit } else { 0 };
    sample.kind as u8
        | (sample.device as u8) << 3
        | flag(sample.off_grid, 32)
        | flag(sample.shifted, 64)
        | flag(sample.held, 128)
}

/// Differences of times. A time before its predecessor is encoded as the same time: events arrive in order, time stamps
/// of different sources may be a hair apart.
fn steps(times: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut last = 0;
    let step = |at: u32| {
        let step = at.saturating_sub(last);
        last = last.max(at);
        step
    };
    times.map(step).collect()
}

fn moves(positions: impl Iterator<Item = i32>) -> Vec<i32> {
    let mut last = 0;
    let step = |position: i32| {
        let position = position.clamp(-MAX_POSITION, MAX_POSITION);
        let step = position - last;
        last = position;
        step
    };
    positions.map(step).collect()
}

#[derive(Default)]
struct Clock(u32);

impl Clock {
    fn advance(&mut self, step: u32) -> Result<u32, DecodeError> {
        self.0 = self
            .0
            .checked_add(step)
            .ok_or(DecodeError::Impossible("a time"))?;
        Ok(self.0)
    }
}

fn position(last: i32, step: i32) -> Result<i32, DecodeError> {
    let position = last
        .checked_add(step)
        .filter(|p| (-MAX_POSITION..=MAX_POSITION).contains(p));
    position.ok_or(DecodeError::Impossible("a position"))
}

fn same_length(columns: &[usize], n: usize) -> Result<(), DecodeError> {
    if columns.iter().all(|length| *length == n) {
        Ok(())
    } else {
        Err(UNEQUAL)
    }
}

const VERSION: u8 = 1;
const UNEQUAL: DecodeError = DecodeError::Impossible("the length of a column");
/// Positions in CSS pixels; screens end far below.
const MAX_POSITION: i32 = 1 << 20;
/// Longest hold in units of 0.1 ms: 6.5 s.
const MAX_HOLD: u16 = u16::MAX - 1;
