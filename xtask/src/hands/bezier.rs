use super::{
    Family, Hand, Spot, Way,
    curve::{Aside, Rider},
};
use crate::dice::Dice;

/// Bézier curves of two to eight control points beside the way, with any easing; some overshoot and come back.
pub const FAMILY: Family = Family {
    name: "bezier",
    draw: |dice, _| {
        Box::new(Bezier {
            rider: Rider::draw(dice),
            knots: dice.pick(&[1, 1, 2, 2, 2, 3, 4, 6]),
            aside: Aside::draw(dice),
            one_sided: dice.chance(0.5),
        })
    },
};

struct Bezier {
    rider: Rider,
    knots: usize,
    aside: Aside,
    one_sided: bool,
}

impl Hand for Bezier {
    fn stroke(&mut self, way: &Way, dice: &mut Dice) -> Vec<Spot> {
        let Self {
            knots,
            aside,
            one_sided,
            ..
        } = *self;
        self.rider.ride(way, dice, |way, dice| {
            let side = if dice.chance(0.5) { 1.0 } else { -1.0 };
            let mut points = vec![way.from];
            let mut along: Vec<f64> = (0..knots).map(|_| dice.within(0.0, 1.0)).collect();
            along.sort_by(f64::total_cmp);
            for share in along {
                let height = aside.height(way, dice);
                let off = dice.within(0.0, height);
                let side = if one_sided || dice.chance(0.5) {
                    side
                } else {
                    -side
                };
                points.push(way.at(share, off * side));
            }
            points.push(way.to);
            move |share: f64| cast(&points, share)
        })
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
