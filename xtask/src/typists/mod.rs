//! Ways to type by program, as scripts do it: from one number to samples of a person's own holds and intervals.

use touchstone_traces::Class;

use crate::{
    dice::Dice,
    law::{Form, Law},
};

/// Milliseconds from one key going down to the next, and how long one is held.
pub type Strike = (f64, f64);

/// A person's keys, for typists that feed on recordings.
#[derive(Debug, Clone, Default)]
pub struct RecordedKeys {
    pub intervals: Vec<f64>,
    pub holds: Vec<f64>,
}

/// A script with its parameters.
pub trait Typist {
    /// The next key; `before` is the class of the one before.
    fn strike(&mut self, class: Class, before: Class, dice: &mut Dice) -> Strike;
}

/// A family of typing scripts.
pub struct TypistFamily {
    pub name: &'static str,
    pub draw: fn(&mut Dice, &RecordedKeys) -> Box<dyn Typist>,
}

pub const TYPISTS: &[TypistFamily] = &[
    TypistFamily {
        name: "keys:constant",
        draw: |dice, _| {
            let (interval, hold) = pair(dice);
            let (a, b) = (dice.within(0.0, 0.08), dice.within(0.0, 0.08));
            formula(
                dice,
                law(interval, a, Form::Uniform),
                law(hold, b, Form::Uniform),
            )
        },
    },
    TypistFamily {
        name: "keys:uniform",
        draw: |dice, _| {
            let (interval, hold) = pair(dice);
            let (a, b) = (dice.within(0.1, 0.9), dice.within(0.0, 0.6));
            formula(
                dice,
                law(interval, a, Form::Uniform),
                law(hold, b, Form::Uniform),
            )
        },
    },
    TypistFamily {
        name: "keys:normal",
        draw: |dice, _| {
            let (interval, hold) = pair(dice);
            let (a, b) = (dice.within(0.1, 0.6), dice.within(0.05, 0.45));
            formula(
                dice,
                law(interval, a, Form::Normal),
                law(hold, b, Form::Normal),
            )
        },
    },
    TypistFamily {
        name: "keys:lognormal",
        draw: |dice, _| {
            let (interval, hold) = pair(dice);
            let (a, b) = (dice.within(0.15, 0.7), dice.within(0.05, 0.5));
            formula(
                dice,
                law(interval, a, Form::Lognormal),
                law(hold, b, Form::Lognormal),
            )
        },
    },
    TypistFamily {
        name: "keys:gamma",
        draw: |dice, _| {
            let (interval, hold) = pair(dice);
            let (a, b) = (dice.within(0.15, 0.8), dice.within(0.05, 0.5));
            formula(
                dice,
                law(interval, a, Form::Gamma),
                law(hold, b, Form::Normal),
            )
        },
    },
    TypistFamily {
        name: "keys:resampled",
        draw: |_, recorded| Box::new(Resampled(recorded.clone())),
    },
];

/// Medians of interval and hold.
fn pair(dice: &mut Dice) -> (f64, f64) {
    let hold = if dice.chance(0.2) {
        dice.scale(0.5, 30.0)
    } else {
        dice.scale(30.0, 150.0)
    };
    (dice.scale(50.0, 350.0), hold)
}

fn law(middle: f64, spread: f64, form: Form) -> Law {
    Law {
        middle,
        spread,
        form,
    }
}

fn formula(dice: &mut Dice, interval: Law, hold: Law) -> Box<dyn Typist> {
    Box::new(Formula {
        interval,
        hold,
        by_class: if dice.chance(0.35) {
            dice.within(0.0, 0.4)
        } else {
            0.0
        },
        classes: std::array::from_fn(|_| dice.normal(0.0, 1.0)),
        pauses: if dice.chance(0.5) {
            dice.within(0.0, 0.1)
        } else {
            0.0
        },
        boundary: if dice.chance(0.4) {
            dice.within(0.0, 1.0)
        } else {
            0.0
        },
        overlaps: dice.chance(0.5),
    })
}

struct Formula {
    interval: Law,
    hold: Law,
    /// How much the classes differ, in logarithms, and by how much each does.
    by_class: f64,
    classes: [f64; 9],
    /// Share of keys before which it stops to think.
    pauses: f64,
    /// Longer before spaces and corrections, in logarithms.
    boundary: f64,
    /// Whether a key may be held beyond the next.
    overlaps: bool,
}

impl Typist for Formula {
    fn strike(&mut self, class: Class, before: Class, dice: &mut Dice) -> Strike {
        let factor = (self.by_class * self.classes[class as usize]).exp();
        let mut interval = self.interval.draw(dice) * factor;
        if before != class && matches!(class, Class::Space | Class::Erase) {
            interval *= self.boundary.exp();
        }
        if dice.chance(self.pauses) {
            interval += dice.within(200.0, 1_200.0);
        }
        let interval = interval.max(2.0);
        let mut hold = self.hold.draw(dice).max(0.3);
        if !self.overlaps {
            hold = hold.min(interval * 0.95);
        }
        (interval, hold)
    }
}

/// Draws a person's holds and intervals, each by itself and in no order.
struct Resampled(RecordedKeys);

impl Typist for Resampled {
    fn strike(&mut self, _: Class, _: Class, dice: &mut Dice) -> Strike {
        let mut one = |of: &[f64], or: f64| if of.is_empty() { or } else { dice.pick(of) };
        (
            one(&self.0.intervals, 180.0).max(2.0),
            one(&self.0.holds, 90.0).max(1.0),
        )
    }
}
