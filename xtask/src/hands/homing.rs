use super::{
    Family, Hand, Spot, Way,
    ease::Ease,
    pace::{Pace, Tremor},
};
use crate::dice::Dice;

/// Two phases: a quick one to somewhere near the target, a slow one from there, as tutorials have it.
pub const FAMILY: Family = Family {
    name: "homing",
    draw: |dice, _| {
        Box::new(Homing {
            quick: Pace::draw(dice),
            slow: Pace::draw(dice),
            tremor: Tremor::draw(dice),
            near: dice.scale(0.02, 0.35),
            bow: dice.within(0.0, 0.25),
            wait_ms: dice.within(0.0, 90.0),
            always: dice.chance(0.6),
            varies: dice.chance(0.5),
        })
    },
};

struct Homing {
    quick: Pace,
    slow: Pace,
    tremor: Tremor,
    /// How far from the target the first phase ends, as a share of the way.
    near: f64,
    bow: f64,
    wait_ms: f64,
    always: bool,
    varies: bool,
}

impl Hand for Homing {
    fn stroke(&mut self, way: &Way, dice: &mut Dice) -> Vec<Spot> {
        if self.varies {
            self.quick.ease = Ease::draw(dice);
            self.slow.ease = Ease::draw(dice);
        }
        let off = self.near * way.length();
        let stop = match self.always || dice.chance(0.6) {
            true => (dice.normal(way.to.0, off), dice.normal(way.to.1, off)),
            false => way.to,
        };
        let first = Way { to: stop, ..*way };
        let bow = dice.normal(0.0, self.bow) * first.length();
        let arc =
            |leg: Way, bow: f64| move |share: f64| leg.at(share, bow * 4.0 * share * (1.0 - share));
        let mut out = self.quick.along(&first, dice, arc(first, bow));
        if stop != way.to {
            let rest = Way { from: stop, ..*way };
            let bow = dice.normal(0.0, self.bow) * rest.length();
            let start = out.last().map_or(0.0, |spot| spot.t) + dice.within(0.0, self.wait_ms);
            let mut spots = self.slow.along(&rest, dice, arc(rest, bow));
            spots.iter_mut().for_each(|spot| spot.t += start);
            out.extend(spots);
        }
        self.tremor.shake(&mut out, dice);
        out
    }
}
