use super::{
    Family, Hand, Spot, Way,
    curve::{Aside, Rider},
};
use crate::dice::Dice;

/// Arcs that leave the straight way to one side: half waves whose highest point lies anywhere, to circles' segments.
pub const FAMILY: Family = Family {
    name: "arc",
    draw: |dice, _| {
        Box::new(Arc {
            rider: Rider::draw(dice),
            aside: Aside::draw(dice),
            side: dice.pick(&[0.0, 0.5, 0.5, 1.0]),
            lean: dice.within(0.5, 2.0),
            full: dice.within(0.5, 1.0),
        })
    },
};

struct Arc {
    rider: Rider,
    /// Its height.
    aside: Aside,
    /// Chance of the right side.
    side: f64,
    /// Where the highest point lies.
    lean: f64,
    /// From a half wave, 1, to a flat top, 0.5.
    full: f64,
}

impl Hand for Arc {
    fn stroke(&mut self, way: &Way, dice: &mut Dice) -> Vec<Spot> {
        let Self {
            aside,
            side,
            lean,
            full,
            ..
        } = *self;
        self.rider.ride(way, dice, |way, dice| {
            let side = if dice.chance(side) { 1.0 } else { -1.0 };
            let height = side * aside.height(way, dice);
            let way = *way;
            move |share: f64| {
                let wave = (std::f64::consts::PI * share.powf(lean)).sin().max(0.0);
                way.at(share, height * wave.powf(full))
            }
        })
    }
}
