//! Ways to move a pointer by program, one family a file. Each draws a hand with parameters of its own, as one script has
//! them, and the hand then draws strokes. None is copied from a tool: they cover what is published and what anyone would
//! write, with parameters wider than any one of them, so that the model learns where people end and not where tools begin.

mod arc;
mod b_spline;
mod bezier;
mod bridge;
mod curve;
mod ease;
mod flow;
mod homing;
mod lognormal;
mod minimum_jerk;
mod pace;
mod resampled;
mod spline;
mod spring;
mod steering;
mod straight;
mod submovements;
mod wander;
mod warped;
mod waypoints;
mod wind;

pub use resampled::Recorded;

use crate::dice::Dice;

/// A position, `t` milliseconds from the stroke's start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    pub t: f64,
    pub x: f64,
    pub y: f64,
}

/// From where to where, and how large the target is, in pixels.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    pub from: (f64, f64),
    pub to: (f64, f64),
    pub size: f64,
}

impl Way {
    pub fn length(&self) -> f64 {
        (self.to.0 - self.from.0)
            .hypot(self.to.1 - self.from.1)
            .max(1.0)
    }

    /// The point `along` of the way, 0 to 1, and `aside` pixels to its right.
    pub fn at(&self, along: f64, aside: f64) -> (f64, f64) {
        let (dx, dy) = (self.to.0 - self.from.0, self.to.1 - self.from.1);
        let length = self.length();
        (
            self.from.0 + dx * along - dy / length * aside,
            self.from.1 + dy * along + dx / length * aside,
        )
    }
}

/// A script with its parameters.
pub trait Hand {
    fn stroke(&mut self, way: &Way, dice: &mut Dice) -> Vec<Spot>;
}

/// A family of generators.
pub struct Family {
    pub name: &'static str,
    /// Draws a script. Those that use recordings are given some; others ignore them.
    pub draw: fn(&mut Dice, &[Recorded]) -> Box<dyn Hand>,
}

pub const FAMILIES: &[Family] = &[
    straight::FAMILY,
    minimum_jerk::FAMILY,
    lognormal::FAMILY,
    bezier::FAMILY,
    wind::FAMILY,
    spring::FAMILY,
    wander::FAMILY,
    spline::FAMILY,
    arc::FAMILY,
    b_spline::FAMILY,
    waypoints::FAMILY,
    flow::FAMILY,
    submovements::FAMILY,
    homing::FAMILY,
    bridge::FAMILY,
    steering::FAMILY,
    resampled::FAMILY,
    warped::FAMILY,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_draws_strokes_in_order_that_reach_the_target_and_repeat_with_the_seed() {
        let recorded = Recorded(
            (0..30)
                .map(|i| Spot {
                    t: f64::from(i) * 12.0,
                    x: f64::from(i * i),
                    y: f64::from(i) * 3.0,
                })
                .collect(),
        );
        let way = Way {
            from: (100.0, 700.0),
            to: (900.0, 80.0),
            size: 30.0,
        };
        for family in FAMILIES {
            let draw = |seed| {
                let mut dice = Dice::new(seed);
                let mut hand = (family.draw)(&mut dice, std::slice::from_ref(&recorded));
                hand.stroke(&way, &mut dice)
            };
            for seed in 0..40 {
                let stroke = draw(seed);
                assert!(stroke.len() > 3, "{} {seed}", family.name);
                assert!(
                    stroke
                        .iter()
                        .all(|s| s.t.is_finite() && s.x.is_finite() && s.y.is_finite())
                );
                let (first, last) = (stroke[0], stroke[stroke.len() - 1]);
                assert!(
                    (first.x - way.from.0).hypot(first.y - way.from.1) < 60.0,
                    "{} {seed}",
                    family.name
                );
                assert!(
                    (last.x - way.to.0).hypot(last.y - way.to.1) < 60.0,
                    "{} {seed}",
                    family.name
                );
                assert_eq!(stroke, draw(seed), "{}", family.name);
            }
        }
    }
}
