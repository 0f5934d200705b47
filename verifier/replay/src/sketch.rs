use touchstone_protocol::Report;

use crate::{
    digits::{Digits, Spread, evidence},
    path,
    stroke::{self, Stroke},
};

/// What is kept of a visit's pointer movement to know it again: its most bent strokes, each with its relation to the one
/// before, at most [`Sketch::MAX_BYTES`].
///
/// Place, size, pace, polling rate, whole pixels and the length of the recording leave it nearly unchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sketch {
    /// In order of time.
    strokes: Vec<Digits>,
    is_enough: bool,
    pub(crate) span: Span,
}

/// When the events of a sketch came, on the page's clock, in its tenths of a millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: u32,
    pub(crate) to: u32,
}

impl Sketch {
    /// Most bytes of a sketch.
    pub const MAX_BYTES: usize = HEAD + MAX_STROKES * 8;

    /// The sketch of a report; `None` if there is too little to be a replay of anything: fewer than 3 bent strokes or 100
    /// pointer events. Linear in the number of samples.
    pub fn of(report: &Report) -> Option<Self> {
        if report.pointer.len() < FEWEST_EVENTS {
            return None;
        }
        let mut all: Vec<Stroke> = Vec::with_capacity(64);
        path::for_each(&report.pointer, |path| {
            stroke::for_each(path, |stroke| all.push(stroke));
        });
        let mut chosen: Vec<Chosen<'_>> = chosen(&all).collect();
        let plain = chosen
            .iter()
            .filter(|chosen| is_plain(chosen.stroke))
            .count();
        let is_enough = plain >= MIN_STROKES && report.pointer.len() >= MIN_EVENTS;
        chosen.sort_by(|a, b| b.bow().total_cmp(&a.bow()));
        chosen.truncate(MAX_STROKES);
        chosen.sort_by_key(|chosen| chosen.place);
        let digits = |chosen: &Chosen<'_>| Digits::of(chosen.stroke, chosen.before);
        let times = || report.pointer.iter().map(|sample| sample.at);
        let span = Span {
            from: times().min().unwrap_or(0),
            to: times().max().unwrap_or(0),
        };
        (chosen.len() >= MIN_STROKES).then(|| Self {
            strokes: chosen.iter().map(digits).collect(),
            is_enough,
            span,
        })
    }

    /// The bytes that a token carries: whether it is enough, when its events came, and 8 a stroke, big-endian.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEAD + self.strokes.len() * 8);
        bytes.push(self.is_enough.into());
        bytes.extend_from_slice(&self.span.from.to_be_bytes());
        bytes.extend_from_slice(&self.span.to.to_be_bytes());
        for digits in &self.strokes {
            bytes.extend_from_slice(&digits.0.to_be_bytes());
        }
        bytes
    }

    /// Reads what [`Sketch::to_bytes`] wrote; `None` for anything else, empty included.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (is_enough, bytes) = bytes.split_first()?;
        let (from, bytes) = bytes.split_first_chunk()?;
        let (to, bytes) = bytes.split_first_chunk()?;
        let (strokes, rest) = bytes.as_chunks::<8>();
        let fits = *is_enough <= 1
            && rest.is_empty()
            && (MIN_STROKES..=MAX_STROKES).contains(&strokes.len());
        let digits = |bytes: &[u8; 8]| Digits(u64::from_be_bytes(*bytes) & Digits::MASK);
        fits.then(|| Self {
            strokes: strokes.iter().map(digits).collect(),
            is_enough: *is_enough == 1,
            span: Span {
                from: u32::from_be_bytes(*from),
                to: u32::from_be_bytes(*to),
            },
        })
    }

    /// Whether it reaches the minimum of information: 3 strokes that are plainly bent, and 200 pointer events. A visit below
    /// that is compared with earlier ones, for a replay at a lower rate or size has less than its original; but nothing is
    /// ever compared with it. All short straight moves look equal.
    pub fn is_enough(&self) -> bool {
        self.is_enough
    }

    /// How many strokes it has: 3 to 8.
    #[expect(clippy::len_without_is_empty, reason = "a sketch is never empty")]
    pub fn len(&self) -> usize {
        self.strokes.len()
    }

    pub(crate) fn strokes(&self) -> &[Digits] {
        &self.strokes
    }

    /// How much speaks for one of the two being a replay of the other, of which there are `count` strokes, in order of time,
    /// too.
    pub(crate) fn agreement(&self, others: &Spread, count: usize) -> Agreement {
        // The heaviest chain of agreeing pairs in the order of both: the usual table, a row at a time.
        let mut best = [Agreement::default(); MAX_STROKES + 1];
        for ours in &self.strokes {
            let mut before = Agreement::default();
            for (j, bits) in evidence(*ours, others).into_iter().take(count).enumerate() {
                let above = best[j + 1];
                let longer = match bits >= LEAST_BITS {
                    true => before.with(bits),
                    false => Agreement::default(),
                };
                best[j + 1] = above.or(best[j]).or(longer);
                before = above;
            }
        }
        best[count.min(MAX_STROKES)]
    }
}

/// Whether one of the first `count` others may be the same stroke as this one.
pub(crate) fn has_alike(stroke: Digits, others: &Spread, count: usize) -> bool {
    let bits = evidence(stroke, others);
    bits.iter().take(count).any(|bits| *bits >= LEAST_BITS)
}

/// Strokes of two visits that agree.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Agreement {
    /// How many.
    pub(crate) strokes: u8,
    /// How much they say together, in bits.
    pub(crate) bits: f32,
}

impl Agreement {
    /// Far beyond chance: see the crate's example `replays` for what chance reaches.
    pub(crate) fn is_replay(self) -> bool {
        self.strokes >= 2 && self.bits >= REPLAY_BITS
    }

    fn or(self, other: Self) -> Self {
        if other.bits > self.bits { other } else { self }
    }

    fn with(self, bits: f32) -> Self {
        Self {
            strokes: self.strokes + 1,
            bits: self.bits + bits,
        }
    }
}

/// A stroke for the sketch.
struct Chosen<'a> {
    place: usize,
    stroke: &'a Stroke,
    /// The last one before it of some size: tiny corrections come and go with jitter.
    before: &'a Stroke,
}

impl Chosen<'_> {
    /// How far the path leaves the straight line, in pixels.
    fn bow(&self) -> f32 {
        self.stroke.size * self.stroke.bend()
    }
}

/// The strokes that say something: not tiny, bent, and not the first.
fn chosen(all: &[Stroke]) -> impl Iterator<Item = Chosen<'_>> {
    all.iter().enumerate().filter_map(|(place, stroke)| {
        let is_telling =
            stroke.size >= SMALLEST && (LEAST_BEND..MOST_BEND).contains(&stroke.bend());
        let before = all[..place].iter().rev().take(FARTHEST_BEFORE);
        let before = { before }.find(|before| before.size >= LEAST_BEFORE * stroke.size)?;
        is_telling.then_some(Chosen {
            place,
            stroke,
            before,
        })
    })
}

/// Whether a stroke counts towards the minimum of information.
fn is_plain(stroke: &Stroke) -> bool {
    stroke.size >= 2.0 * SMALLEST && stroke.bend() >= PLAIN_BEND
}

pub(crate) const MIN_STROKES: usize = 3;
/// As many as fit the token.
pub(crate) const MAX_STROKES: usize = 8;
/// Pointer events of a visit that others are compared with.
const MIN_EVENTS: usize = 200;
/// Pointer events of a visit that is compared.
const FEWEST_EVENTS: usize = 100;
/// In pixels.
const SMALLEST: f32 = 15.0;
const LEAST_BEND: f32 = 0.045;
/// Circles and scribbles have no leading direction.
const MOST_BEND: f32 = 2.0;
const PLAIN_BEND: f32 = 0.06;
/// Least size of the stroke before, as a share.
const LEAST_BEFORE: f32 = 0.25;
/// How many strokes back it is looked for.
const FARTHEST_BEFORE: usize = 32;
/// What a pair of strokes must say to count.
const LEAST_BITS: f32 = 6.0;
const REPLAY_BITS: f32 = 64.0;
/// Bytes before the strokes.
const HEAD: usize = 1 + 4 + 4;
