use super::{
    Family, Hand, Spot, Way,
    pace::{Pace, Tremor},
};
use crate::dice::Dice;

/// Straight lines with an easing, and what little noise scripts add.
pub const FAMILY: Family = Family {
    name: "straight",
    draw: |dice, _| {
        Box::new(Straight {
            pace: Pace::draw(dice),
            tremor: Tremor::draw(dice),
        })
    },
};

struct Straight {
    pace: Pace,
    tremor: Tremor,
}

impl Hand for Straight {
    fn stroke(&mut self, way: &Way, dice: &mut Dice) -> Vec<Spot> {
        let mut stroke = self.pace.along(way, dice, |share| way.at(share, 0.0));
        self.tremor.shake(&mut stroke, dice);
        stroke
    }
}
