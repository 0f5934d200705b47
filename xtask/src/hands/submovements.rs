use super::{
    Family, Hand, Spot, Way,
    ease::Ease,
    pace::{Pace, Tremor},
};
use crate::dice::Dice;

/// A first movement that misses by as much as it is fast, and corrections laid over it before it ends (the published idea of
/// iterative corrections, Meyer et al. 1988), each the smoothest there is.
pub const FAMILY: Family = Family {
    name: "submovements",
    draw: |dice, _| {
        Box::new(Submovements {
            pace: Pace::draw(dice),
            tremor: Tremor::draw(dice),
            reach: dice.within(0.75, 1.05),
            along: dice.within(0.01, 0.15),
            across: dice.within(0.0, 0.12),
            most: dice.whole(1, 4),
            overlap: dice.within(0.0, 0.6),
            bow: dice.within(0.0, 0.1),
            correction_ms: dice.scale(80.0, 350.0),
        })
    },
};

struct Submovements {
    pace: Pace,
    tremor: Tremor,
    reach: f64,
    along: f64,
    across: f64,
    most: usize,
    overlap: f64,
    bow: f64,
    correction_ms: f64,
}

struct Part {
    start: f64,
    took: f64,
    by: (f64, f64),
    bow: f64,
}

impl Submovements {
    fn parts(&self, way: &Way, dice: &mut Dice) -> Vec<Part> {
        let mut took = self.pace.duration(way, dice);
        let (mut at, mut start) = ((0.0f64, 0.0f64), 0.0);
        let mut parts = Vec::new();
        for i in 0..=self.most {
            let left = (1.0 - at.0, -at.1);
            let far = left.0.hypot(left.1);
            let is_last = i == self.most || far * way.length() < way.size / 2.0;
            let reach = if is_last { 1.0 } else { self.reach };
            let miss = if is_last { 0.0 } else { far };
            let by = (
                left.0 * reach + dice.normal(0.0, self.along * miss),
                left.1 * reach + dice.normal(0.0, self.across * miss),
            );
            let bow = dice.normal(0.0, self.bow) * far;
            parts.push(Part {
                start,
                took,
                by,
                bow,
            });
            if is_last {
                break;
            }
            at = (at.0 + by.0, at.1 + by.1);
            start += took * (1.0 - self.overlap * dice.within(0.5, 1.0));
            took = self.correction_ms * dice.within(0.7, 1.4);
        }
        parts
    }
}

impl Hand for Submovements {
    fn stroke(&mut self, way: &Way, dice: &mut Dice) -> Vec<Spot> {
        let parts = self.parts(way, dice);
        let end = parts
            .iter()
            .map(|part| part.start + part.took)
            .fold(0.0, f64::max);
        let position = |t: f64| {
            parts.iter().fold((0.0, 0.0), |(along, aside), part| {
                let passed = ((t - part.start) / part.took).clamp(0.0, 1.0);
                let done = Ease::MinimumJerk.at(passed);
                let bow = part.bow * (std::f64::consts::PI * done).sin();
                (along + part.by.0 * done, aside + part.by.1 * done + bow)
            })
        };
        let ticks = self.pace.ticks(end, dice);
        let mut out: Vec<Spot> = ticks
            .into_iter()
            .map(|(t, _)| {
                let (along, aside) = position(t);
                let (x, y) = way.at(along, aside * way.length());
                Spot { t, x, y }
            })
            .collect();
        self.tremor.shake(&mut out, dice);
        out
    }
}
