use super::{
    Family, Hand, Spot, Way,
    pace::{Pace, Tremor},
};
use crate::dice::Dice;

/// Sums of strokes with lognormal speed, each along an arc (the sigma-lognormal model, Plamondon 1995).
pub const FAMILY: Family = Family {
    name: "sigma-lognormal",
    draw: |dice, _| {
        Box::new(SigmaLognormal {
            pace: Pace::draw(dice),
            tremor: Tremor::draw(dice),
            parts: dice.whole(1, 5),
            sigma: dice.within(0.1, 0.6),
            spread: dice.within(0.0, 0.3),
            angle: dice.within(0.0, 0.6),
        })
    },
};

struct SigmaLognormal {
    pace: Pace,
    tremor: Tremor,
    parts: usize,
    sigma: f64,
    spread: f64,
    angle: f64,
}

struct Part {
    start: f64,
    median: f64,
    sigma: f64,
    share: f64,
    aside: f64,
}

impl Hand for SigmaLognormal {
    fn stroke(&mut self, way: &Way, dice: &mut Dice) -> Vec<Spot> {
        let duration = self.pace.duration(way, dice);
        let mut parts: Vec<Part> = Vec::new();
        let count = dice.whole(1, self.parts);
        for i in 0..count {
            let share = dice.lognormal(0.5f64.powi(i as i32), self.spread);
            parts.push(Part {
                start: duration * 0.7 * i as f64 / count as f64 * dice.within(0.7, 1.3),
                median: duration * dice.within(0.2, 0.4) / (1.0 + i as f64 * 0.3),
                sigma: self.sigma * dice.within(0.8, 1.25),
                share,
                aside: dice.normal(0.0, self.angle) * way.length() * share,
            });
        }
        let total: f64 = parts.iter().map(|part| part.share).sum();
        let ticks = self.pace.ticks(duration * 1.4, dice);
        let position = |t: f64| {
            let (mut along, mut aside) = (0.0, 0.0);
            for part in &parts {
                let passed = t - part.start;
                if passed > 0.0 {
                    let z = (passed / part.median).ln() / part.sigma;
                    let done = 1.0 / (1.0 + (-1.702 * z).exp());
                    along += part.share / total * done;
                    aside += part.aside * done;
                }
            }
            (along, aside)
        };
        let (end, drift) = position(duration * 1.4);
        let end = end.max(0.5);
        let mut out: Vec<Spot> = ticks
            .into_iter()
            .map(|(t, _)| {
                let (along, aside) = position(t);
                let share = along / end;
                let (x, y) = way.at(share, aside - drift * share);
                Spot { t, x, y }
            })
            .collect();
        self.tremor.shake(&mut out, dice);
        out
    }
}
