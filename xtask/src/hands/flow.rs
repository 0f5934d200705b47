use super::{
    Family, Hand, Spot, Way,
    curve::{Aside, Rider},
};
use crate::dice::Dice;

/// A line that sways: sines of few periods over the whole way, each stroke with heights of its own.
pub const FAMILY: Family = Family {
    name: "flow",
    draw: |dice, _| {
        Box::new(Flow {
            rider: Rider::draw(dice),
            aside: Aside::draw(dice),
            waves: dice.whole(1, 4),
            fall: dice.within(0.5, 2.0),
            along: dice.within(0.0, 0.05),
        })
    },
};

struct Flow {
    rider: Rider,
    aside: Aside,
    waves: usize,
    /// By which power of its number a wave is lower than the first.
    fall: f64,
    /// Height of the sway along the way, as a share of it.
    along: f64,
}

impl Hand for Flow {
    fn stroke(&mut self, way: &Way, dice: &mut Dice) -> Vec<Spot> {
        let Self {
            aside,
            waves,
            fall,
            along,
            ..
        } = *self;
        self.rider.ride(way, dice, |way, dice| {
            let mut draw = |size: f64| -> Vec<f64> {
                (1..=waves)
                    .map(|i| dice.normal(0.0, size / (i as f64).powf(fall)))
                    .collect()
            };
            let lengthwise = draw(along);
            let across = draw(1.0);
            let height = aside.height(way, dice);
            let way = *way;
            move |share: f64| {
                let sway = |heights: &[f64]| -> f64 {
                    let waves = heights.iter().zip(1..);
                    let angle = std::f64::consts::PI * share;
                    waves
                        .map(|(height, i)| height * (f64::from(i) * angle).sin())
                        .sum()
                };
                way.at(share + sway(&lengthwise), height * sway(&across))
            }
        })
    }
}
