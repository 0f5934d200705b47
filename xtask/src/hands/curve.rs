use super::{
    Spot, Way,
    pace::{Pace, Tremor},
};
use crate::dice::Dice;

/// How a script goes along curves: at which pace, by the curve's own parameter or by equal lengths, whether it shoots beyond
/// the target and comes back, and what of that it draws anew for each stroke.
pub struct Rider {
    pace: Pace,
    tremor: Tremor,
    by_length: bool,
    overshoots: f64,
    reach: f64,
    varies: f64,
}

impl Rider {
    pub fn draw(dice: &mut Dice) -> Self {
        Self {
            pace: Pace::draw(dice),
            tremor: Tremor::draw(dice),
            by_length: dice.chance(0.5),
            overshoots: if dice.chance(0.4) {
                dice.within(0.1, 0.9)
            } else {
                0.0
            },
            reach: dice.scale(5.0, 100.0),
            varies: if dice.chance(0.5) {
                0.0
            } else {
                dice.within(0.2, 1.0)
            },
        }
    }

    /// A stroke along curves that `curve` draws for a way, as a function of 0 to 1.
    pub fn ride<C: Fn(f64) -> (f64, f64)>(
        &mut self,
        way: &Way,
        dice: &mut Dice,
        mut curve: impl FnMut(&Way, &mut Dice) -> C,
    ) -> Vec<Spot> {
        if dice.chance(self.varies) {
            self.pace.vary(dice);
        }
        let mut stops = vec![way.from, way.to];
        if way.length() > 100.0 && dice.chance(self.overshoots) {
            let beyond = (
                dice.normal(way.to.0, self.reach),
                dice.normal(way.to.1, self.reach),
            );
            stops.insert(1, beyond);
        }
        let mut out: Vec<Spot> = Vec::new();
        for pair in stops.windows(2) {
            let part = Way {
                from: pair[0],
                to: pair[1],
                ..*way
            };
            let start = out.last().map_or(0.0, |spot| spot.t);
            let drawn = curve(&part, dice);
            let lengths = self.by_length.then(|| Lengths::of(&drawn));
            let mut spots = self.pace.along(&part, dice, |share| {
                drawn(lengths.as_ref().map_or(share, |it| it.parameter(share)))
            });
            spots.iter_mut().for_each(|spot| spot.t += start);
            out.extend(spots);
        }
        self.tremor.shake(&mut out, dice);
        out
    }
}

/// How far curves leave the straight way, as scripts put it: in shares of its length or in pixels, within bounds or not.
#[derive(Debug, Clone, Copy)]
pub struct Aside {
    in_pixels: bool,
    size: f64,
    least: f64,
    most: f64,
    uneven: f64,
}

impl Aside {
    pub fn draw(dice: &mut Dice) -> Self {
        let in_pixels = dice.chance(0.4);
        Self {
            in_pixels,
            size: if in_pixels {
                dice.scale(4.0, 250.0)
            } else {
                dice.scale(0.01, 0.45)
            },
            least: if dice.chance(0.3) {
                dice.within(0.0, 12.0)
            } else {
                0.0
            },
            most: if dice.chance(0.3) {
                dice.scale(30.0, 300.0)
            } else {
                1e4
            },
            uneven: dice.within(0.0, 1.0),
        }
    }

    /// Pixels to one side, never below 0.
    pub fn height(&self, way: &Way, dice: &mut Dice) -> f64 {
        let unit = if self.in_pixels { 1.0 } else { way.length() };
        let height = self.size * unit * dice.within(1.0 - self.uneven, 1.0 + self.uneven);
        height.max(self.least).min(self.most)
    }
}

/// Lengths along a curve up to equal steps of its parameter.
struct Lengths(Vec<f64>);

impl Lengths {
    fn of(curve: &impl Fn(f64) -> (f64, f64)) -> Self {
        let (mut sum, mut before) = (0.0, curve(0.0));
        let mut lengths = vec![0.0];
        for i in 1..=STEPS {
            let at = curve(i as f64 / STEPS as f64);
            sum += (at.0 - before.0).hypot(at.1 - before.1);
            before = at;
            lengths.push(sum);
        }
        Self(lengths)
    }

    /// The parameter at a share of the length.
    fn parameter(&self, share: f64) -> f64 {
        let wanted = share * self.0[STEPS];
        let next = self.0.partition_point(|length| *length < wanted);
        let next = next.clamp(1, STEPS);
        let (low, high) = (self.0[next - 1], self.0[next]);
        let rest = ((wanted - low) / (high - low).max(1e-9)).clamp(0.0, 1.0);
        (next as f64 - 1.0 + rest) / STEPS as f64
    }
}

const STEPS: usize = 60;
