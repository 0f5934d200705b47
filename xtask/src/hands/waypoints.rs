use super::{
    Family, Hand, Spot, Way,
    ease::Ease,
    pace::{Pace, Tremor},
};
use crate::dice::Dice;

/// Straight legs over points near the way, each at a pace of its own, some with a rest between.
pub const FAMILY: Family = Family {
    name: "waypoints",
    draw: |dice, _| {
        Box::new(Waypoints {
            pace: Pace::draw(dice),
            tremor: Tremor::draw(dice),
            least: dice.whole(0, 2),
            more: dice.whole(1, 4),
            aside: dice.scale(0.01, 0.25),
            one_ease: dice.chance(0.5),
            rests: dice.within(0.0, 0.7),
            rest_ms: dice.scale(10.0, 110.0),
        })
    },
};

struct Waypoints {
    pace: Pace,
    tremor: Tremor,
    least: usize,
    more: usize,
    aside: f64,
    one_ease: bool,
    rests: f64,
    rest_ms: f64,
}

impl Hand for Waypoints {
    fn stroke(&mut self, way: &Way, dice: &mut Dice) -> Vec<Spot> {
        let n = dice.whole(self.least, self.least + self.more);
        let mut stops = vec![way.from];
        for i in 1..=n {
            let along = (i as f64 + dice.within(-0.5, 0.5)) / (n + 1) as f64;
            stops.push(way.at(along, dice.normal(0.0, self.aside) * way.length()));
        }
        stops.push(way.to);
        let mut out: Vec<Spot> = Vec::new();
        for pair in stops.windows(2) {
            if !self.one_ease {
                self.pace.ease = Ease::draw(dice);
            }
            let leg = Way {
                from: pair[0],
                to: pair[1],
                ..*way
            };
            let mut start = out.last().map_or(0.0, |spot| spot.t);
            if dice.chance(self.rests) {
                start += dice.within(0.0, self.rest_ms);
            }
            let mut spots = self.pace.along(&leg, dice, |share| leg.at(share, 0.0));
            spots.iter_mut().for_each(|spot| spot.t += start);
            out.extend(spots);
        }
        self.tremor.shake(&mut out, dice);
        out
    }
}
