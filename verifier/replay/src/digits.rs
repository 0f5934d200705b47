use std::{f32::consts::TAU, sync::LazyLock};

use crate::stroke::Stroke;

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
    pub(crate) fn unpack(self) -> Unpacked {
        let mut left = u64::BITS - 1;
        Unpacked(TRAITS.each_ref().map(|trait_| {
            left -= trait_.bits;
            (self.0 >> left & trait_.most()) as u8
        }))
    }
}

/// [`Digits`], one trait each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Unpacked([u8; TRAITS.len()]);

/// How much likelier two strokes are one and the same, changed as a replay may change it, than of two visits: in bits.
pub(crate) fn evidence(a: &Unpacked, b: &Unpacked) -> f32 {
    let pairs = a.0.into_iter().zip(b.0);
    let bits = TRAITS.iter().zip(&*WEIGHTS).zip(pairs);
    bits.map(|((trait_, weights), (a, b))| {
        let apart = usize::from(trait_.distance(a, b));
        // Visitors of one page move in the same directions.
        let from_usual = if trait_.is_angle {
            apart
        } else {
            usize::from(b)
        };
        weights[apart].same - weights[from_usual].other
    })
    .sum()
}

/// The cells that a stroke's digits lie in.
pub(crate) fn band(digits: Digits) -> Band {
    place(digits).0
}

/// The same, and then those it may have come from if it is a replay: `count` bands (at most
/// 32), the likeliest first.
pub(crate) fn bands(digits: Digits, count: usize) -> impl Iterator<Item = Band> {
    let (own, borders) = place(digits);
    // Which of the nearest borders are crossed, a bit each; and how unlikely that is.
    let mut crossings: [(f32, usize); 1 << BORDERS] = std::array::from_fn(|crossed| {
        let crossed_ones = borders
            .iter()
            .enumerate()
            .filter(|(b, _)| crossed >> b & 1 == 1);
        let cost = crossed_ones
            .map(|(_, border)| CROSSING + border.distance.powi(2))
            .sum();
        (cost, crossed)
    });
    crossings.sort_unstable_by(|(a, _), (b, _)| a.total_cmp(b));
    crossings.into_iter().take(count).map(move |(_, crossed)| {
        let mut band = own;
        for (b, border) in borders.iter().enumerate() {
            if crossed >> b & 1 == 1 {
                band.0[border.at] = border.neighbour;
            }
        }
        band
    })
}

/// The band that the digits lie in, and the nearest borders of its cells.
fn place(digits: Digits) -> (Band, [Border; BORDERS]) {
    let mut band = Band([0; TRAITS.len()]);
    let mut borders = [Border::FAR; BORDERS];
    for (at, (trait_, digit)) in TRAITS.iter().zip(digits.unpack().0).enumerate() {
        let Some(cell) = trait_.cell else { continue };
        band.0[at] = digit / cell;
        let below = f32::from(digit % cell) + 0.5;
        let above = f32::from(cell) - below;
        let step = i16::from(cell) * if below < above { -1 } else { 1 };
        let border = Border {
            distance: below.min(above) / trait_.noise,
            at,
            neighbour: trait_.wrap(i16::from(digit) + step) / cell,
        };
        if let Some(place) = borders.iter().position(|b| border.distance < b.distance) {
            borders[place..].rotate_right(1);
            borders[place] = border;
        }
    }
    (band, borders)
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

    /// Logarithms of how likely a replay is `apart` digits away, and of how likely another visit has the digit `apart`
    /// (for angles: is that far away).
    ///
    /// A replay is close or, changed strongly, a little off; and now and then anything, so that one odd trait decides nothing.
    /// Of another visit's digits the unusual ones say more.
    fn weight(&self, apart: usize) -> Weight {
        let apart = apart as f32;
        let any = 1.0 / (self.most() + 1) as f32;
        let same =
            0.5 * normal(apart, 0.5) + 0.45 * normal(apart, 1.5 * self.noise + 0.3) + 0.05 * any;
        let (mean, spread) = self.people;
        let other = 0.85 * normal(apart - mean, spread) + 0.15 * any;
        Weight {
            same: same.log2(),
            other: other.log2(),
        }
    }

    fn distance(&self, a: u8, b: u8) -> u8 {
        let apart = a.abs_diff(b);
        match self.is_angle {
            true => apart.min((self.most() as u8).wrapping_add(1).wrapping_sub(apart)),
            false => apart,
        }
    }
}

/// See [`Trait::weight`].
#[derive(Clone, Copy, Default)]
struct Weight {
    same: f32,
    other: f32,
}

/// By trait and digit.
static WEIGHTS: LazyLock<[[Weight; 256]; TRAITS.len()]> =
    LazyLock::new(|| TRAITS.map(|trait_| std::array::from_fn(|apart| trait_.weight(apart))));

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
        assert_eq!(direction.distance(255, 1), 2);
        assert_eq!(direction.digit(-0.01), 255);
        assert_eq!(bend.distance(63, 1), 62);
        assert_eq!((bend.digit(-9.0), bend.digit(9.0)), (0, 63));
    }

    proptest! {
        #[test]
        fn a_stroke_speaks_for_itself_more_than_for_any_other(a in any::<u64>(), b in any::<u64>()) {
            let (a, b) = (Digits(a >> 1).unpack(), Digits(b >> 1).unpack());
            prop_assert!(evidence(&a, &a) > 0.0);
            prop_assert!(a == b || evidence(&b, &a) < evidence(&a, &a));
        }

        #[test]
        fn the_bands_of_a_stroke_begin_with_its_own_and_do_not_repeat_one_needlessly(
            digits in any::<u64>(), count in 1usize..=32,
        ) {
            let all: Vec<Band> = bands(Digits(digits >> 1), count).collect();
            prop_assert_eq!(all.len(), count);
            prop_assert_eq!(all[0], place(Digits(digits >> 1)).0);
        }
    }
}
