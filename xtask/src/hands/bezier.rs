use super::{
    Family, Hand, Spot, Way,
    pace::{Pace, Tremor},
};
use crate::dice::Dice;

/// Bézier curves of two to eight control points beside the way, with any easing; some overshoot and come back.
pub const FAMILY: Family = Family {
    name: "bezier",
    draw: |dice, _| {
        Box::new(Bezier {
            pace: Pace::draw(dice),
            tremor: Tremor::draw(dice),
            knots: dice.pick(&[1, 1, 2, 2, 2, 3, 4, 6]),
            aside: dice.scale(0.02, 0.4),
            one_sided: dice.chance(0.5),
            overshoots: if dice.chance(0.4) {
                dice.within(0.1, 0.9)
            } else {
                0.0
            },
        })
    },
};

struct Bezier {
    pace: Pace,
    tremor: Tremor,
    knots: usize,
    aside: f64,
    one_sided: bool,
    overshoots: f64,
}

impl Bezier {
    fn curve(&self, way: &Way, dice: &mut Dice) -> Vec<Spot> {
        let side = if dice.chance(0.5) { 1.0 } else { -1.0 };
        let mut points = vec![way.from];
        let mut along: Vec<f64> = (0..self.knots).map(|_| dice.within(0.0, 1.0)).collect();
        along.sort_by(f64::total_cmp);
        for share in along {
            let aside = dice.within(0.0, self.aside) * way.length();
            let side = if self.one_sided || dice.chance(0.5) {
                side
            } else {
                -side
            };
            points.push(way.at(share, aside * side));
        }
        points.push(way.to);
        self.pace.along(way, dice, |share| cast(&points, share))
    }
}

impl Hand for Bezier {
    fn stroke(&mut self, way: &Way, dice: &mut Dice) -> Vec<Spot> {
        let mut out = if dice.chance(self.overshoots) && way.length() > 100.0 {
            let reach = dice.within(10.0, 80.0);
            let beyond = (
                way.to.0 + dice.normal(0.0, reach),
                way.to.1 + dice.normal(0.0, reach),
            );
            let mut out = self.curve(&Way { to: beyond, ..*way }, dice);
            let start = out.last().map_or(0.0, |spot| spot.t);
            let back = Way {
                from: beyond,
                ..*way
            };
            let mut rest = self.curve(&back, dice);
            rest.iter_mut().for_each(|spot| spot.t += start);
            out.extend(rest);
            out
        } else {
            self.curve(way, dice)
        };
        self.tremor.shake(&mut out, dice);
        out
    }
}

/// De Casteljau's construction.
fn cast(points: &[(f64, f64)], t: f64) -> (f64, f64) {
    let mut points = points.to_vec();
    while points.len() > 1 {
        points = points
            .windows(2)
            .map(|p| {
                (
                    p[0].0 + (p[1].0 - p[0].0) * t,
                    p[0].1 + (p[1].1 - p[0].1) * t,
                )
            })
            .collect();
    }
    points[0]
}
