use super::{
    Family, Hand, Spot, Way,
    pace::{Pace, Tremor},
};
use crate::dice::Dice;

/// A person's stroke, for generators that feed on recordings: positions from 0 to its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded(pub Vec<Spot>);

/// Speeds resampled from a recording, or made from its statistics by autoregression, along a way of another making.
pub const FAMILY: Family = Family {
    name: "resampled",
    draw: |dice, recorded| {
        Box::new(Resampled {
            pace: Pace::draw(dice),
            tremor: Tremor::draw(dice),
            recorded: recorded.to_vec(),
            shuffled: dice.chance(0.5),
            memory: dice.within(0.6, 0.97),
            bow: dice.within(0.0, 0.15),
        })
    },
};

struct Resampled {
    pace: Pace,
    tremor: Tremor,
    recorded: Vec<Recorded>,
    shuffled: bool,
    memory: f64,
    bow: f64,
}

impl Resampled {
    /// Speeds a tick, smoothed noise around a recorded course or around an eased one.
    fn speeds(&self, n: usize, dice: &mut Dice) -> Vec<f64> {
        let course = |i: usize| {
            let ease = |i: usize| self.pace.ease.at(i as f64 / n as f64);
            ease(i + 1) - ease(i)
        };
        let mut speeds: Vec<f64> = match self
            .recorded
            .get(dice.whole(0, self.recorded.len().max(1) - 1))
        {
            Some(Recorded(spots)) if spots.len() > 4 => {
                let speed = |i: usize| {
                    let at = 1 + i * (spots.len() - 1) / n;
                    (spots[at].x - spots[at - 1].x).hypot(spots[at].y - spots[at - 1].y)
                };
                (0..n).map(speed).collect()
            }
            _ => (0..n).map(course).collect(),
        };
        if self.shuffled {
            let mut state = 0.0;
            for speed in &mut speeds {
                state = state * self.memory
                    + dice.normal(0.0, (1.0 - self.memory * self.memory).sqrt());
                *speed *= (0.5 * state).exp();
            }
        }
        speeds
    }
}

impl Hand for Resampled {
    fn stroke(&mut self, way: &Way, dice: &mut Dice) -> Vec<Spot> {
        let duration = self.pace.duration(way, dice);
        let ticks = self.pace.ticks(duration, dice);
        let speeds = self.speeds(ticks.len().max(2) - 1, dice);
        let total: f64 = speeds.iter().sum::<f64>().max(1e-6);
        let bow = dice.normal(0.0, self.bow) * way.length();
        let mut share = 0.0;
        let mut out = Vec::with_capacity(ticks.len());
        for (i, (t, _)) in ticks.iter().enumerate() {
            let (x, y) = way.at(share, bow * (std::f64::consts::PI * share).sin());
            out.push(Spot { t: *t, x, y });
            share += speeds.get(i).copied().unwrap_or(0.0) / total;
        }
        self.tremor.shake(&mut out, dice);
        out
    }
}
