use std::{array::from_fn, f32::consts::TAU, sync::LazyLock};

use crate::{sketch::MAX_STROKES, stroke::Stroke};

/// A stroke together with the one before it, in 63 bits: what is compared, [`TRAITS`] by trait, the first in the highest
/// bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Digits(pub(crate) u64);

impl Digits {
    /// The bits in use.
    pub(crate) const MASK: u64 = u64::MAX >> 1;

    /// Of a stroke and its predecessor.
    pub(crate) fn of(stroke: &Stroke, before: &Stroke) -> Self {
        let gap = (stroke.at - before.at) / stroke.width;
        // The order of TRAITS.
        let values = [
            stroke.angle,
            stroke.across[1],
            stroke.across[2],
            stroke.across[3],
            stroke.along[3],
            stroke.along[4],
            gap.max(f32::MIN_POSITIVE).ln(),
            (stroke.size / before.size).ln(),
            stroke.angle - before.angle,
            before.across[1],
            before.across[2],
            stroke.width.ln(),
        ];
        let mut packed = 0;
        for (trait_, value) in TRAITS.iter().zip(values) {
            packed = packed << trait_.bits | u64::from(trait_.digit(value));
        }
        Self(packed)
    }

    /// The digit of each trait.
    fn unpack(self) -> Unpacked {
        let mut left = u64::BITS - 1;
        Unpacked(TRAITS.each_ref().map(|trait_| {
            left -= trait_.bits;
            (self.0 >> left & trait_.most()) as u8
        }))
    }
}

/// [`Digits`], one trait each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Unpacked([u8; TRAITS.len()]);

/// A sketch's strokes in the order that [`evidence`] reads them: trait by trait.
pub(crate) struct Spread {
    digits: [[u8; MAX_STROKES]; TRAITS.len()],
    /// How likely another visit's stroke has these digits, directions aside: a logarithm, in bits.
    usual: [f32; MAX_STROKES],
}

impl Spread {
    /// Of the first [`MAX_STROKES`] of them. Places without a stroke are all zeros, and for the caller to leave out.
    pub(crate) fn of(strokes: &[Digits]) -> Self {
        let mut spread = Self {
            digits: [[0; MAX_STROKES]; TRAITS.len()],
            usual: [0.0; MAX_STROKES],
        };
        for (place, stroke) in strokes.iter().take(MAX_STROKES).enumerate() {
            let traits = TABLES.iter().zip(stroke.unpack().0).zip(&mut spread.digits);
            for ((table, digit), digits) in traits {
                digits[place] = digit;
                spread.usual[place] += table.usual[usize::from(digit)];
            }
        }
        spread
    }
}

/// How much likelier a stroke and each of the others are one and the same, changed as a replay may change it, than of two
/// visits: in bits.
pub(crate) fn evidence(stroke: Digits, others: &Spread) -> [f32; MAX_STROKES] {
    let mut bits = others.usual.map(|usual| -usual);
    let traits = TABLES.iter().zip(stroke.unpack().0).zip(&others.digits);
    for ((table, ours), theirs) in traits {
        for (bits, theirs) in bits.iter_mut().zip(theirs) {
            *bits += table.alike[usize::from(ours.wrapping_sub(*theirs))];
        }
    }
    bits
}

/// Where a stroke's digits lie: its band, and the nearest borders of the band's cells.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    band: Band,
    /// The nearest first.
    borders: [Border; BORDERS],
}

impl Place {
    pub(crate) fn of(digits: Digits) -> Self {
        let mut band = Band([0; TRAITS.len()]);
        let mut borders = [Border::FAR; BORDERS];
        for (at, (table, digit)) in TABLES.iter().zip(digits.unpack().0).enumerate() {
            let Some((cell, border)) = table.cells[usize::from(digit)] else {
                continue;
            };
            band.0[at] = cell;
            if let Some(place) = borders.iter().position(|b| border.distance < b.distance) {
                borders[place..].rotate_right(1);
                borders[place] = Border { at, ..border };
            }
        }
        Self { band, borders }
    }

    /// The cells that the digits lie in.
    pub(crate) fn band(&self) -> Band {
        self.band
    }

    /// The bands that the stroke may have come from if it is a replay: the likeliest `count` (at
    /// most 31).
    pub(crate) fn neighbours(&self, count: usize) -> impl Iterator<Item = Band> {
        // How unlikely it is that these borders are crossed; and which, a bit each, in the lowest bits of the number: so that
        // numbers of which a few are picked say both.
        let mut costs = [0.0; 1 << BORDERS];
        let mut crossings = [0u32; 1 << BORDERS];
        for crossed in 1..costs.len() {
            let (without, border) = (crossed & (crossed - 1), crossed.trailing_zeros() as usize);
            costs[crossed] = costs[without] + CROSSING + self.borders[border].distance.powi(2);
            // Positive floats are in the order of their bits.
            crossings[crossed] = f32::to_bits(costs[crossed]) & !CROSSED | crossed as u32;
        }
        crossings.select_nth_unstable(count.min(CROSSED as usize));
        let Self { band, borders } = *self;
        crossings
            .into_iter()
            // Nothing costs least: what is not crossed at all is the first.
            .take(count + 1)
            .filter(|crossing| *crossing != 0)
            .map(move |crossing| {
                let mut band = band;
                for (b, border) in borders.iter().enumerate() {
                    if crossing >> b & 1 == 1 {
                        band.0[border.at] = border.neighbour;
                    }
                }
                band
            })
    }
}

/// The cells of one stroke, one for each trait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Band(pub(crate) [u8; TRAITS.len()]);

/// The nearest border of a trait's cell.
#[derive(Clone, Copy)]
struct Border {
    /// In standard deviations of a replay.
    distance: f32,
    at: usize,
    neighbour: u8,
}

impl Border {
    const FAR: Self = Self {
        distance: f32::MAX,
        at: 0,
        neighbour: 0,
    };
}

/// One number that describes a stroke, as a digit.
struct Trait {
    /// Bits of the digit, at most 8.
    bits: u32,
    /// The value of digit 0.
    low: f32,
    /// From one digit to the next.
    step: f32,
    /// Digits of a cell; `None` if the trait is in no band.
    cell: Option<u8>,
    /// Mean and standard deviation over people's strokes, in digits; for angles over pairs of strokes.
    people: (f32, f32),
    /// What a replay changes, as a standard deviation in digits.
    noise: f32,
    /// Whether the highest digit is a neighbour of the lowest.
    is_angle: bool,
}

impl Trait {
    const fn angle(bits: u32, cell: u8, spread: f32, noise: f32) -> Self {
        let step = TAU / (1 << bits) as f32;
        Self {
            bits,
            low: 0.0,
            step,
            cell: Some(cell),
            people: (0.0, spread),
            noise,
            is_angle: true,
        }
    }

    const fn number(
        bits: u32,
        low: f32,
        step: f32,
        cell: Option<u8>,
        people: (f32, f32),
        noise: f32,
    ) -> Self {
        Self {
            bits,
            low,
            step,
            cell,
            people,
            noise,
            is_angle: false,
        }
    }

    /// The highest digit.
    const fn most(&self) -> u64 {
        (1 << self.bits) - 1
    }

    fn digit(&self, value: f32) -> u8 {
        let steps = (value - self.low) / self.step;
        match self.is_angle {
            true => steps
                .rem_euclid((self.most() + 1) as f32)
                .min(self.most() as f32) as u8,
            false => steps.clamp(0.0, self.most() as f32) as u8,
        }
    }

    /// A digit beyond an end: on the other side for angles, the end for others.
    fn wrap(&self, digit: i16) -> u8 {
        let most = self.most() as i16;
        match self.is_angle {
            true => digit.rem_euclid(most + 1) as u8,
            false => digit.clamp(0, most) as u8,
        }
    }

    /// What is asked of each digit, or each difference of two, in every lookup.
    fn table(&self) -> Table {
        Table {
            alike: from_fn(|difference| {
                let (same, other) = self.weight(self.distance(difference as u8));
                // Visitors of one page move in the same directions.
                if self.is_angle { same - other } else { same }
            }),
            usual: from_fn(|digit| match self.is_angle {
                true => 0.0,
                false => self.weight(digit as u8).1,
            }),
            cells: from_fn(|digit| self.cell.map(|cell| self.place(digit as u8, cell))),
        }
    }

    /// Logarithms of how likely a replay is `apart` digits away, and of how likely another visit has the digit `apart`
    /// (for angles: is that far away).
    ///
    /// A replay is close or, changed strongly, a little off; and now and then anything, so that one odd trait decides nothing.
    /// Of another visit's digits the unusual ones say more.
    fn weight(&self, apart: u8) -> (f32, f32) {
        let apart = f32::from(apart);
        let any = 1.0 / (self.most() + 1) as f32;
        let same =
            0.5 * normal(apart, 0.5) + 0.45 * normal(apart, 1.5 * self.noise + 0.3) + 0.05 * any;
        let (mean, spread) = self.people;
        let other = 0.85 * normal(apart - mean, spread) + 0.15 * any;
        (same.log2(), other.log2())
    }

    /// How far two digits are apart, given their difference modulo 256.
    fn distance(&self, difference: u8) -> u8 {
        let back = difference.wrapping_neg();
        match self.is_angle {
            true => (difference & self.most() as u8).min(back & self.most() as u8),
            false => difference.min(back),
        }
    }

    /// The cell that a digit lies in, of `cell` digits each, and its nearest border.
    fn place(&self, digit: u8, cell: u8) -> (u8, Border) {
        let below = f32::from(digit % cell) + 0.5;
        let above = f32::from(cell) - below;
        let step = i16::from(cell) * if below < above { -1 } else { 1 };
        let border = Border {
            distance: below.min(above) / self.noise,
            neighbour: self.wrap(i16::from(digit) + step) / cell,
            ..Border::FAR
        };
        (digit / cell, border)
    }
}

/// A trait's answers, worked out once.
struct Table {
    /// By the difference of two digits modulo 256: how likely it is of a stroke and its replay; for angles against two
    /// visits. Logarithms, in bits.
    alike: [f32; 256],
    /// By digit: how likely another visit has it; 0 for angles.
    usual: [f32; 256],
    /// By digit: its cell and the nearest border; none if the trait is in no band.
    cells: [Option<(u8, Border)>; 256],
}

static TABLES: LazyLock<[Table; TRAITS.len()]> = LazyLock::new(|| TRAITS.map(|t| t.table()));

/// Density of the normal distribution.
fn normal(x: f32, deviation: f32) -> f32 {
    (-0.5 * (x / deviation).powi(2)).exp() / (TAU.sqrt() * deviation)
}

/// Ranges and steps fit what people do; noise is what was measured between recordings and their replays at 0.6 of the size,
/// with 2 px of jitter, another pace and another rate.
const TRAITS: [Trait; 12] = [
    // Direction of the stroke.
    Trait::angle(8, 8, 8.0, 0.7),
    // Its bend: coefficients 1 to 3 across.
    Trait::number(6, -0.8, 0.025, Some(4), (31.5, 6.0), 0.8),
    Trait::number(5, -0.48, 0.03, Some(4), (15.5, 2.5), 0.7),
    Trait::number(5, -0.48, 0.03, Some(4), (15.5, 2.0), 0.7),
    // How its speed is spread over time: coefficients 3 and 4 along.
    Trait::number(5, -0.42, 0.03, Some(5), (15.5, 3.5), 0.9),
    Trait::number(5, -0.48, 0.03, Some(5), (16.0, 3.0), 0.9),
    // Time since the stroke before, in its own widths: logarithm.
    Trait::number(5, 0.3, 0.18, Some(3), (11.0, 5.0), 0.7),
    // Size against the stroke before: logarithm.
    Trait::number(5, -3.2, 0.15, Some(3), (22.0, 4.0), 0.5),
    // Turn since the stroke before, and the bend of that one.
    Trait::angle(6, 2, 3.0, 0.3),
    Trait::number(5, -0.96, 0.06, Some(2), (15.5, 2.5), 0.4),
    Trait::number(4, -0.64, 0.08, Some(2), (7.5, 1.3), 0.3),
    // Width in milliseconds: logarithm.
    Trait::number(4, 3.2, 0.2, None, (4.5, 1.8), 0.8),
];
/// Borders of a band that may be crossed.
const BORDERS: usize = 5;
/// What one more crossing costs, besides its distance.
const CROSSING: f32 = 0.3;
/// The bits of a crossing that say which borders are crossed.
const CROSSED: u32 = (1 << BORDERS) - 1;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_digits_fill_63_bits() {
        assert_eq!(TRAITS.iter().map(|trait_| trait_.bits).sum::<u32>(), 63);
    }

    #[test]
    fn directions_wrap_around() {
        let [direction, bend, ..] = &TRAITS;
        assert_eq!(direction.distance(255u8.wrapping_sub(1)), 2);
        assert_eq!(TRAITS[8].distance(63u8.wrapping_sub(1)), 2);
        assert_eq!(direction.digit(-0.01), 255);
        assert_eq!(bend.distance(63 - 1), 62);
        assert_eq!(bend.distance(1u8.wrapping_sub(63)), 62);
        assert_eq!((bend.digit(-9.0), bend.digit(9.0)), (0, 63));
    }

    proptest! {
        #[test]
        fn a_stroke_speaks_for_itself_more_than_for_any_other(a in any::<u64>(), b in any::<u64>()) {
            let (a, b) = (Digits(a >> 1), Digits(b >> 1));
            let [own, ..] = evidence(a, &Spread::of(&[a]));
            let [others, ..] = evidence(b, &Spread::of(&[a]));
            prop_assert!(own > 0.0);
            prop_assert!(a == b || others < own);
        }

        #[test]
        fn a_stroke_has_as_many_neighbours_as_asked_for_and_is_none_of_them(
            digits in any::<u64>(), count in 1usize..=31,
        ) {
            let place = Place::of(Digits(digits >> 1));
            let all: Vec<Band> = place.neighbours(count).collect();
            prop_assert_eq!(all.len(), count);
            // At the ends of a trait there may be no cell beyond the border.
            let crossed = all.iter().filter(|band| **band != place.band()).count();
            prop_assert!(crossed > 0 || count < 8);
        }
    }
}
