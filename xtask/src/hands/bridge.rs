use super::{Family, Hand, Spot, Way, pace::Pace};
use crate::dice::Dice;

/// A random walk tied to both ends (a Brownian bridge), smoothed once or more, across the way and along it.
pub const FAMILY: Family = Family {
    name: "bridge",
    draw: |dice, _| {
        Box::new(Bridge {
            pace: Pace::draw(dice),
            aside: dice.scale(0.005, 0.3),
            along: dice.scale(0.002, 0.15),
            width: dice.whole(1, 8),
            rounds: dice.whole(0, 3),
        })
    },
};

struct Bridge {
    pace: Pace,
    /// Middle deviation across and along, as shares of the way.
    aside: f64,
    along: f64,
    /// Of the moving mean, to either side, and how often it is taken.
    width: usize,
    rounds: usize,
}

impl Bridge {
    /// From 0 to 0 in `n` steps, about 1 high in the middle.
    fn walk(&self, n: usize, dice: &mut Dice) -> Vec<f64> {
        let step = 2.0 / (n as f64).sqrt();
        let mut walk = vec![0.0; n + 1];
        for i in 1..=n {
            walk[i] = walk[i - 1] + dice.normal(0.0, step);
        }
        let end = walk[n];
        for (i, at) in walk.iter_mut().enumerate() {
            *at -= end * i as f64 / n as f64;
        }
        for _ in 0..self.rounds {
            walk = smooth(&walk, self.width);
        }
        walk
    }
}

/// A moving mean, narrower towards the ends, which stay.
fn smooth(walk: &[f64], width: usize) -> Vec<f64> {
    let last = walk.len() - 1;
    let mean = |i: usize| {
        let reach = width.min(i).min(last - i);
        let part = &walk[i - reach..=i + reach];
        part.iter().sum::<f64>() / part.len() as f64
    };
    (0..=last).map(mean).collect()
}

impl Hand for Bridge {
    fn stroke(&mut self, way: &Way, dice: &mut Dice) -> Vec<Spot> {
        let duration = self.pace.duration(way, dice);
        let ticks = self.pace.ticks(duration, dice);
        let n = ticks.len() - 1;
        let (aside, along) = (self.walk(n, dice), self.walk(n, dice));
        let spot = |(i, (t, share)): (usize, (f64, f64))| {
            let (x, y) = way.at(
                share + along[i] * self.along,
                aside[i] * self.aside * way.length(),
            );
            Spot { t, x, y }
        };
        ticks.into_iter().enumerate().map(spot).collect()
    }
}
