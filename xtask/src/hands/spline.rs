use super::{
    Family, Hand, Spot, Way,
    pace::{Pace, Tremor},
};
use crate::dice::Dice;

/// A Catmull-Rom spline through way points near the way, each reached in a time of its own.
pub const FAMILY: Family = Family {
    name: "spline",
    draw: |dice, _| {
        Box::new(Spline {
            pace: Pace::draw(dice),
            tremor: Tremor::draw(dice),
            points: dice.whole(1, 5),
            aside: dice.scale(0.01, 0.15),
            uneven: dice.within(0.0, 0.8),
        })
    },
};

struct Spline {
    pace: Pace,
    tremor: Tremor,
    points: usize,
    aside: f64,
    uneven: f64,
}

impl Hand for Spline {
    fn stroke(&mut self, way: &Way, dice: &mut Dice) -> Vec<Spot> {
        let n = self.points;
        let mut knots = vec![way.from];
        for i in 1..=n {
            let along = (i as f64 + dice.within(-0.3, 0.3)) / (n + 1) as f64;
            knots.push(way.at(along, dice.normal(0.0, self.aside) * way.length()));
        }
        knots.push(way.to);
        let mut times = vec![0.0];
        for _ in 0..=n {
            let last = times[times.len() - 1];
            times.push(last + dice.lognormal(1.0, self.uneven));
        }
        let whole = times[n + 1];
        let curve = |share: f64| {
            let t = share * whole;
            let i = times.windows(2).position(|pair| t <= pair[1]).unwrap_or(n);
            let u = ((t - times[i]) / (times[i + 1] - times[i]).max(1e-9)).clamp(0.0, 1.0);
            let at = |i: usize| knots[i.min(n + 1)];
            let (a, b, c, d) = (at(i.saturating_sub(1)), at(i), at(i + 1), at(i + 2));
            (cubic(a.0, b.0, c.0, d.0, u), cubic(a.1, b.1, c.1, d.1, u))
        };
        let mut out = self.pace.along(way, dice, curve);
        self.tremor.shake(&mut out, dice);
        out
    }
}

fn cubic(a: f64, b: f64, c: f64, d: f64, u: f64) -> f64 {
    let (v, w) = (c - a, d - b);
    0.5 * (2.0 * b
        + v * u
        + (6.0 * c - 6.0 * b - 2.0 * v - w) * u * u
        + (4.0 * b - 4.0 * c + v + w) * u * u * u)
}
