use super::{
    Family, Hand, Spot, Way,
    ease::Ease,
    pace::{Pace, Tremor},
};
use crate::dice::Dice;

/// The smoothest movement (Flash and Hogan 1985) with a bow, noise, an overshoot and corrections.
pub const FAMILY: Family = Family {
    name: "minimum-jerk",
    draw: |dice, _| {
        Box::new(MinimumJerk {
            pace: Pace {
                ease: Ease::MinimumJerk,
                ..Pace::draw(dice)
            },
            tremor: Tremor::draw(dice),
            bow: dice.within(0.0, 0.2),
            miss: dice.within(0.0, 0.12),
            corrects: dice.within(0.0, 1.0),
            rest: dice.within(0.0, 120.0),
        })
    },
};

struct MinimumJerk {
    pace: Pace,
    tremor: Tremor,
    bow: f64,
    miss: f64,
    corrects: f64,
    rest: f64,
}

impl Hand for MinimumJerk {
    fn stroke(&mut self, way: &Way, dice: &mut Dice) -> Vec<Spot> {
        let (mut out, mut from): (Vec<Spot>, _) = (Vec::new(), way.from);
        let corrections = (0..3).filter(|_| dice.chance(self.corrects)).count();
        for left in (0..=corrections).rev() {
            let to = if left == 0 {
                way.to
            } else {
                let off = way.length() * self.miss;
                (dice.normal(way.to.0, off), dice.normal(way.to.1, off))
            };
            let part = Way { from, to, ..*way };
            let bow = dice.normal(0.0, self.bow) * part.length();
            let start = out
                .last()
                .map_or(0.0, |spot| spot.t + dice.within(0.0, self.rest));
            let mut stroke = self.pace.along(&part, dice, |share| {
                part.at(share, bow * (std::f64::consts::PI * share).sin())
            });
            stroke.iter_mut().for_each(|spot| spot.t += start);
            out.extend(stroke);
            from = to;
        }
        self.tremor.shake(&mut out, dice);
        out
    }
}
