use super::{Family, Hand, Spot, Way, pace::Pace};
use crate::dice::Dice;

/// A line with smooth noise laid over it: octaves of sines (as Perlin noise gives), fading at both ends, in place and in time.
pub const FAMILY: Family = Family {
    name: "wander",
    draw: |dice, _| {
        Box::new(Wander {
            pace: Pace::draw(dice),
            aside: dice.scale(0.005, 0.15),
            octaves: dice.whole(1, 5),
            fall: dice.within(0.3, 0.8),
            hurry: dice.within(0.0, 0.25),
        })
    },
};

struct Wander {
    pace: Pace,
    aside: f64,
    octaves: usize,
    fall: f64,
    hurry: f64,
}

impl Hand for Wander {
    fn stroke(&mut self, way: &Way, dice: &mut Dice) -> Vec<Spot> {
        let mut octaves = |size: f64| -> Vec<(f64, f64, f64)> {
            (0..self.octaves)
                .map(|i| {
                    let rate = 2f64.powi(i as i32) * dice.within(0.7, 1.4);
                    let height = dice.normal(0.0, size * self.fall.powi(i as i32));
                    (rate, height, dice.within(0.0, std::f64::consts::TAU))
                })
                .collect()
        };
        let (aside, hurry) = (octaves(self.aside), octaves(self.hurry));
        let sum = |waves: &[(f64, f64, f64)], t: f64| -> f64 {
            let wave = |(rate, height, phase): &(f64, f64, f64)| {
                height * (rate * std::f64::consts::TAU * t + phase).sin()
            };
            waves.iter().map(wave).sum::<f64>() * (t * (1.0 - t) * 4.0).sqrt()
        };
        let duration = self.pace.duration(way, dice);
        let ticks = self.pace.ticks(duration, dice);
        let spot = |(t, _): (f64, f64)| {
            let passed = t / duration;
            let share = self
                .pace
                .ease
                .at((passed + 0.2 * sum(&hurry, passed)).clamp(0.0, 1.0));
            let (x, y) = way.at(share, sum(&aside, passed) * way.length());
            Spot { t, x, y }
        };
        ticks.into_iter().map(spot).collect()
    }
}
