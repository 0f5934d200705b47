use super::{Spot, Way, ease::Ease};
use crate::dice::Dice;

/// How long a stroke takes, how its speed runs, and at which moments the script sends positions.
pub struct Pace {
    pub span: Span,
    pub ease: Ease,
    pub tick: Tick,
    /// Positions are laid out before they are sent, one a tick: an uneven tick is then an uneven speed.
    pub laid_out: bool,
    /// How far speeds wander from the course, in logarithms, and how much of that lasts from tick to tick.
    pub unsteady: (f64, f64),
}

pub enum Span {
    /// Milliseconds within bounds, whatever the distance.
    Any(f64, f64),
    /// Fitts' law: intercept, slope, spread of the logarithm.
    Fitts(f64, f64, f64),
    /// Pixels a millisecond, spread of the logarithm.
    Speed(f64, f64),
    /// Milliseconds for 500 pixels, power of the distance, spread of the logarithm.
    Power(f64, f64, f64),
}

pub enum Tick {
    /// Every so many milliseconds.
    Constant(f64),
    /// Within bounds, anew for each.
    Uniform(f64, f64),
    /// Median and spread of the logarithm.
    Lognormal(f64, f64),
    /// Every so many milliseconds, and with this chance up to so many more: a script that waits for a busy browser.
    Held(f64, f64, f64),
}

impl Pace {
    pub fn draw(dice: &mut Dice) -> Self {
        let span = match dice.whole(0, 3) {
            0 => {
                let low = dice.scale(150.0, 900.0);
                Span::Any(low, low * dice.within(1.0, 2.5))
            }
            1 => Span::Fitts(
                dice.within(50.0, 300.0),
                dice.within(80.0, 250.0),
                dice.within(0.0, 0.35),
            ),
            2 => Span::Speed(dice.scale(0.3, 2.0), dice.within(0.0, 0.4)),
            _ => Span::Power(
                dice.scale(200.0, 1_500.0),
                dice.within(0.0, 0.8),
                dice.within(0.0, 0.4),
            ),
        };
        let tick = match dice.whole(0, 5) {
            0..=2 => Tick::Constant(dice.pick(&[1.0, 2.0, 4.0, 5.0, 8.0, 10.0, 12.0, 16.0, 16.7])),
            3 => {
                let low = dice.scale(2.0, 15.0);
                Tick::Uniform(low, low * dice.within(1.1, 2.5))
            }
            4 => Tick::Held(
                dice.scale(3.0, 17.0),
                dice.scale(0.02, 0.3),
                dice.within(10.0, 60.0),
            ),
            _ => Tick::Lognormal(dice.scale(4.0, 16.0), dice.within(0.1, 0.5)),
        };
        Self {
            span,
            ease: Ease::draw(dice),
            tick,
            laid_out: dice.chance(0.4),
            unsteady: match dice.chance(0.3) {
                true => (dice.scale(0.05, 1.0), dice.within(0.3, 0.98)),
                false => (0.0, 0.0),
            },
        }
    }

    /// Another course of speed, as scripts draw it anew for a stroke.
    pub fn vary(&mut self, dice: &mut Dice) {
        self.ease = Ease::draw(dice);
    }

    /// Milliseconds for a way.
    pub fn duration(&self, way: &Way, dice: &mut Dice) -> f64 {
        let took = match self.span {
            Span::Any(low, high) => dice.within(low, high),
            Span::Fitts(a, b, spread) => {
                let bits = (way.length() / way.size.max(4.0) + 1.0).log2();
                dice.lognormal(a + b * bits, spread)
            }
            Span::Speed(speed, spread) => dice.lognormal(way.length() / speed, spread),
            Span::Power(took, power, spread) => {
                dice.lognormal(took * (way.length() / 500.0).powf(power), spread)
            }
        };
        took.clamp(60.0, 6_000.0)
    }

    /// Shares of the way at the moments of this script, from 0 to 1: time, and share.
    pub fn ticks(&self, duration: f64, dice: &mut Dice) -> Vec<(f64, f64)> {
        let (mut t, mut out) = (0.0, Vec::new());
        while t < duration {
            out.push((t, self.ease.at(t / duration)));
            t += match self.tick {
                Tick::Constant(step) => step,
                Tick::Uniform(low, high) => dice.within(low, high),
                Tick::Lognormal(median, spread) => dice.lognormal(median, spread).min(60.0),
                Tick::Held(step, chance, most) if dice.chance(chance) => {
                    step + dice.within(0.0, most)
                }
                Tick::Held(step, ..) => step,
            };
        }
        if self.laid_out {
            let n = out.len() as f64;
            for (i, (_, share)) in out.iter_mut().enumerate() {
                *share = self.ease.at(i as f64 / n);
            }
        }
        out.push((duration, 1.0));
        self.unsettle(&mut out, dice);
        out
    }

    /// Lets speeds wander, from the first share to the last.
    fn unsettle(&self, ticks: &mut [(f64, f64)], dice: &mut Dice) {
        let (size, memory) = self.unsteady;
        if size == 0.0 {
            return;
        }
        let (mut state, mut before, mut share) = (dice.normal(0.0, size), 0.0, 0.0);
        for (_, at) in ticks.iter_mut() {
            let step = *at - before;
            before = *at;
            state = state * memory + dice.normal(0.0, size * (1.0 - memory * memory).sqrt());
            share += step * state.exp();
            *at = share;
        }
        let whole = if share.abs() < 1e-6 { 1.0 } else { share };
        ticks.iter_mut().for_each(|(_, at)| *at /= whole);
    }

    /// A stroke along a curve given by the share of the way.
    pub fn along(
        &self,
        way: &Way,
        dice: &mut Dice,
        curve: impl Fn(f64) -> (f64, f64),
    ) -> Vec<Spot> {
        let duration = self.duration(way, dice);
        let ticks = self.ticks(duration, dice);
        let spot = |(t, share)| {
            let (x, y) = curve(share);
            Spot { t, x, y }
        };
        ticks.into_iter().map(spot).collect()
    }
}

/// Noise beside a way: none, white, or one that wanders; of all positions or of some, either way or up and down alone.
pub struct Tremor {
    size: f64,
    memory: f64,
    /// Share of the positions that it moves.
    share: f64,
    /// Factor on what is level.
    level: f64,
    /// Even within bounds instead of normal.
    even: bool,
    at: (f64, f64),
}

impl Tremor {
    pub fn draw(dice: &mut Dice) -> Self {
        let size = if dice.chance(0.3) {
            0.0
        } else {
            dice.scale(0.2, 4.0)
        };
        let memory = if dice.chance(0.5) {
            0.0
        } else {
            dice.within(0.5, 0.97)
        };
        Self {
            size,
            memory,
            share: if dice.chance(0.7) {
                1.0
            } else {
                dice.within(0.05, 0.8)
            },
            level: if dice.chance(0.8) { 1.0 } else { 0.0 },
            even: dice.chance(0.3),
            at: (0.0, 0.0),
        }
    }

    /// The next offset in pixels.
    pub fn next(&mut self, dice: &mut Dice) -> (f64, f64) {
        if !dice.chance(self.share) {
            return (0.0, 0.0);
        }
        let fresh = (1.0 - self.memory * self.memory).sqrt() * self.size;
        let mut noise = || match self.even {
            // As wide as the other.
            true => fresh * dice.within(-1.0, 1.0) * 3f64.sqrt(),
            false => dice.normal(0.0, fresh),
        };
        self.at.0 = self.at.0 * self.memory + noise();
        self.at.1 = self.at.1 * self.memory + noise();
        (self.at.0 * self.level, self.at.1)
    }

    /// Shakes all but the ends of a stroke.
    pub fn shake(&mut self, stroke: &mut [Spot], dice: &mut Dice) {
        self.at = (0.0, 0.0);
        let n = stroke.len();
        for (i, spot) in stroke.iter_mut().enumerate() {
            let (x, y) = self.next(dice);
            if i > 0 && i + 1 < n {
                let fade = ((i.min(n - 1 - i)) as f64 / 4.0).min(1.0);
                spot.x += x * fade;
                spot.y += y * fade;
            }
        }
    }
}
