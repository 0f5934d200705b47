use super::{
    Family, Hand, Spot, Way,
    curve::{Aside, Rider},
};
use crate::dice::Dice;

/// Uniform cubic B-splines over points near the way, which they pass by and do not reach.
pub const FAMILY: Family = Family {
    name: "b-spline",
    draw: |dice, _| {
        Box::new(BSpline {
            rider: Rider::draw(dice),
            least: dice.whole(1, 3),
            more: dice.whole(0, 4),
            aside: Aside::draw(dice),
            one_sided: dice.chance(0.4),
        })
    },
};

struct BSpline {
    rider: Rider,
    least: usize,
    more: usize,
    aside: Aside,
    one_sided: bool,
}

impl Hand for BSpline {
    fn stroke(&mut self, way: &Way, dice: &mut Dice) -> Vec<Spot> {
        let Self {
            least,
            more,
            aside,
            one_sided,
            ..
        } = *self;
        self.rider.ride(way, dice, |way, dice| {
            let n = dice.whole(least, least + more);
            let side = if dice.chance(0.5) { 1.0 } else { -1.0 };
            // The ends thrice, so that the spline starts and ends there.
            let mut points = vec![way.from; 3];
            for i in 1..=n {
                let along = (i as f64 + dice.within(-0.4, 0.4)) / (n + 1) as f64;
                let off = aside.height(way, dice);
                let side = match one_sided || dice.chance(0.5) {
                    true => side,
                    false => -side,
                };
                let off = off * side;
                points.push(way.at(along, off));
            }
            points.extend([way.to; 3]);
            move |share: f64| cast(&points, share)
        })
    }
}

fn cast(points: &[(f64, f64)], share: f64) -> (f64, f64) {
    let spans = points.len() - 3;
    let at = share.clamp(0.0, 1.0) * spans as f64;
    let first = (at as usize).min(spans - 1);
    let u = at - first as f64;
    let weights = [
        (1.0 - u).powi(3),
        3.0 * u.powi(3) - 6.0 * u * u + 4.0,
        -3.0 * u.powi(3) + 3.0 * u * u + 3.0 * u + 1.0,
        u.powi(3),
    ];
    let terms = weights.iter().zip(&points[first..]);
    terms.fold((0.0, 0.0), |(x, y), (weight, point)| {
        (x + weight * point.0 / 6.0, y + weight * point.1 / 6.0)
    })
}
