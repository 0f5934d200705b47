//! The wire form of a report: a struct of arrays, one column a quantity.

use alloc::vec::Vec;

use serde::Deserialize;

use crate::{
    Counters, DecodeError, Environment, KEY_CAPACITY, KeyClass, KeyFlags, KeySample,
    OTHER_CAPACITY, OtherKind, OtherSample, POINTER_CAPACITY, PointerDevice, PointerKind,
    PointerSample, Press, Report, environment, report::Kept, wire,
};

/// The wire form of a report and of those of its samples that are kept, as long as it may be: the columns of [`Wire`] in
/// their order. What is left out is counted.
pub(crate) fn write(report: &Report, kept: &Kept<'_>) -> Vec<u8> {
    let mut out = wire::Writer::new(VERSION);
    out.number(report.sealed_at.into());
    out.number(report.started_at.into());
    report.environment.write(&mut out);
    let counters = &report.counters;
    let left_out = |all: usize, kept: usize| (all - kept) as u32;
    let pointer = left_out(report.pointer.len(), kept.pointer.len());
    let keys = left_out(report.keys.len(), kept.keys.len());
    let other = left_out(report.other.len(), kept.other.len());
    for count in [
        counters.moves,
        counters.raw_updates,
        counters.untrusted,
        counters.typed,
        counters.pointer_dropped.saturating_add(pointer),
        counters.keys_dropped.saturating_add(keys),
        counters.other_dropped.saturating_add(other),
    ] {
        out.number(count.into());
    }
    write_pointer(&mut out, kept.pointer);
    write_keys(&mut out, kept.keys);
    write_other(&mut out, kept.other);
    out.done()
}

/// Reads a report. Every column has its length, every value its range.
pub(crate) fn read(bytes: &[u8]) -> Result<Report, DecodeError> {
    wire::decode::<Wire<'_>>(VERSION, bytes)?.try_into()
}

/// The columns. Times are differences to the sample before (the first: to the time origin), positions likewise.
#[derive(Deserialize)]
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
    pointer_meta: &'a [u8],
    coalesced: &'a [u8],
    latency: &'a [u8],
    /// Only for samples that are no mouse moves.
    pressure: &'a [u8],
    contact: &'a [u8],
    /// Only for presses; `None` where the target could not be measured.
    presses: Vec<Option<Press>>,
    key_at: Vec<u32>,
    /// 0: no keyup seen; else the hold + 1.
    key_hold: Vec<u16>,
    key_class: &'a [u8],
    key_flags: &'a [u8],
    other_at: Vec<u32>,
    other_kind: &'a [u8],
    other_a: Vec<i32>,
    other_b: Vec<i32>,
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

fn write_pointer(out: &mut wire::Writer, pointer: &[PointerSample]) {
    out.length(pointer.len());
    let mut last = 0;
    for sample in pointer {
        out.number(step(&mut last, sample.at));
    }
    let (mut x, mut y) = (0, 0);
    out.length(pointer.len());
    for sample in pointer {
        out.signed(shift(&mut x, sample.x));
    }
    out.length(pointer.len());
    for sample in pointer {
        out.signed(shift(&mut y, sample.y));
    }
    out.length(pointer.len());
    for sample in pointer {
        out.byte(pointer_meta(sample));
    }
    out.length(pointer.len());
    for sample in pointer {
        out.byte(sample.coalesced);
    }
    out.length(pointer.len());
    for sample in pointer {
        out.byte(sample.latency);
    }
    let detailed = || {
        pointer
            .iter()
            .filter(|sample| is_detailed(sample.kind, sample.device))
    };
    out.length(detailed().count());
    for sample in detailed() {
        out.byte(sample.pressure);
    }
    out.length(detailed().count());
    for sample in detailed() {
        out.byte(sample.contact);
    }
    let presses = || {
        pointer
            .iter()
            .filter(|sample| sample.kind == PointerKind::Down)
    };
    out.length(presses().count());
    for sample in presses() {
        out.byte(sample.press.is_some().into());
        if let Some(press) = sample.press {
            out.signed(press.dx.into());
            out.signed(press.dy.into());
            out.number(press.width.into());
            out.number(press.height.into());
        }
    }
}

fn write_keys(out: &mut wire::Writer, keys: &[KeySample]) {
    out.length(keys.len());
    let mut last = 0;
    for key in keys {
        out.number(step(&mut last, key.at));
    }
    out.length(keys.len());
    for key in keys {
        out.number(key.hold.map_or(0, |hold| hold.min(MAX_HOLD) + 1).into());
    }
    out.length(keys.len());
    for key in keys {
        out.byte(key.class as u8);
    }
    out.length(keys.len());
    for key in keys {
        out.byte(key.flags.0);
    }
}

fn write_other(out: &mut wire::Writer, other: &[OtherSample]) {
    out.length(other.len());
    let mut last = 0;
    for sample in other {
        out.number(step(&mut last, sample.at));
    }
    out.length(other.len());
    for sample in other {
        out.byte(sample.kind as u8);
    }
    out.length(other.len());
    for sample in other {
        out.signed(sample.a);
    }
    out.length(other.len());
    for sample in other {
        out.signed(sample.b);
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
    let mut details = wire.pressure.iter().zip(wire.contact);
    let mut presses = wire.presses.drain(..);
    let mut samples = Vec::with_capacity(n);
    let rows = wire
        .pointer_at
        .iter()
        .zip(&wire.pointer_x)
        .zip(&wire.pointer_y);
    let rows = rows
        .zip(wire.pointer_meta)
        .zip(wire.coalesced)
        .zip(wire.latency);
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
        .zip(wire.key_class)
        .zip(wire.key_flags);
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
        .zip(wire.other_kind)
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

/// The difference of a time to the last one. A time before its predecessor is written as the same time: events arrive in
/// order, time stamps of different sources may be a hair apart.
fn step(last: &mut u32, at: u32) -> u64 {
    let step = at.saturating_sub(*last);
    *last = (*last).max(at);
    step.into()
}

/// The difference of a position to the last one.
fn shift(last: &mut i32, position: i32) -> i32 {
    let position = position.clamp(-MAX_POSITION, MAX_POSITION);
    let shift = position - *last;
    *last = position;
    shift
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
