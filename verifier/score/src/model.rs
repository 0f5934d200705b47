//! The behaviour model: how unlike scripts, and how like people, a pointer moves and keys are struck.
//!
//! A feature's value gives a step of its [`Curve`], the natural logarithm of how much more often people have such a value
//! than bots. Features of one movement are not independent, so their sum counts with a factor ([`MOVEMENT`],
//! [`TYPING`]), and against a visitor only beyond a threshold that people of unlike recorders keep clear of.
//!
//! What it rests on, and what it does not:
//! - People: the Behaviour Biometrics Dataset (JhonyLemon/Behavioural-Biometrics-Article-Data, CC BY 4.0), 88 users filling
//!   in forms on desktops, 1,782 pointer and 1,589 key reports of up to five segments each.
//! - Bots: eleven generators of pointer paths (240 reports each), six formulas of typing (400 each). Each generator weighs
//!   the same.
//! - Curves: six bins at most, at quantiles of all groups together; shares mixed with 4 % of a uniform one; steps clamped to
//!   ±1.5. The example `calibrate` prints them.
//! - Features were chosen so that recorders not learnt from agree on them. There is no touch and no pen in it: both are
//!   neutral by construction.
//! - Bots that finish within 10 s are below what the tier asks for: nothing is said against them here.

use std::borrow::Cow;

use crate::Facts;

/// Weight and detail of how the mouse moved; none if there is too little, or nothing to say.
pub(crate) fn movement(facts: &Facts) -> Option<(f32, Cow<'static, str>)> {
    let motion = &facts.motion;
    let values = [
        motion.bow,
        motion.peak_at,
        motion.peak_at_spread,
        motion.speed_cv,
        motion.speed_cv_spread,
        motion.jerk,
        motion.turn,
        motion.ending,
    ];
    let sum: f32 = MOVEMENT_CURVES
        .iter()
        .zip(values)
        .map(|(curve, v)| curve.at(v.get()))
        .sum();
    let enough = motion.strokes >= 3 && facts.timing.active_ms >= LONG_ENOUGH_MS;
    let weight = MOVEMENT.weight(sum, f32::from(motion.strokes), enough)?;
    let (strokes, cv, ending) = (motion.strokes, motion.speed_cv.get(), motion.ending.get());
    let detail = format!(
        "{strokes} strokes: speed varies by {:.0} %, {:.0} % of the way in the last 30 % of the time, likelihood {sum:+.1}",
        cv * 100.0,
        ending * 100.0
    );
    Some((weight, detail.into()))
}

/// Weight and detail of how keys were struck; none if there is too little, or nothing to say.
pub(crate) fn typing(facts: &Facts) -> Option<(f32, Cow<'static, str>)> {
    if facts.clock_is_blurred() {
        return None;
    }
    let keys = &facts.keys;
    let values = [keys.hold_log, keys.interval_spread, keys.rollover];
    let sum: f32 = TYPING_CURVES
        .iter()
        .zip(values)
        .map(|(curve, v)| curve.at(v.get()))
        .sum();
    let enough = keys.count >= 30 && facts.timing.active_ms >= LONG_ENOUGH_MS;
    let amount = f32::from(keys.held.min(keys.intervals));
    let weight = TYPING.weight(sum, amount, enough)?;
    let detail = format!(
        "{} keys: held {:.0} ms, {:.0} % of them overlap the next, likelihood {sum:+.1}",
        keys.count,
        keys.hold_log.get().exp() - 1.0,
        keys.rollover.get() * 100.0
    );
    Some((weight, detail.into()))
}

/// How a sum of steps becomes a weight.
struct Scale {
    /// Weight of a step's unit for a person.
    person: f32,
    /// The most it says for a person.
    most: f32,
    /// Strokes or keys below which nothing is said, and from which the full weight counts.
    amounts: (f32, f32),
    /// Sums above this say nothing against a visitor.
    threshold: f32,
    /// Weight at the threshold, and of a unit below it. The floor is the tier's.
    bot: (f32, f32),
}

impl Scale {
    fn weight(&self, sum: f32, amount: f32, enough_against: bool) -> Option<f32> {
        let (least, full) = self.amounts;
        if sum > 0.0 && amount >= least {
            return Some((sum * self.person).min(self.most) * (amount / full).min(1.0));
        }
        let against = sum < self.threshold && enough_against;
        against.then_some(self.bot.0 + (sum - self.threshold) * self.bot.1)
    }
}

/// A step function: the first step below the first edge, each next one from its edge on.
struct Curve {
    edges: &'static [f32],
    steps: &'static [f32],
}

impl Curve {
    fn at(&self, value: f32) -> f32 {
        let bin = self.edges.iter().filter(|edge| value >= **edge).count();
        self.steps.get(bin).copied().unwrap_or(0.0)
    }
}

/// Of 800 reports of ten people over a remote desktop two lie below the threshold, both of one person; of 4,470 reports of
/// 228 others none.
const MOVEMENT: Scale = Scale {
    person: 0.3,
    most: 1.6,
    amounts: (2.0, 4.0),
    threshold: -4.8,
    bot: (-0.4, 0.4),
};
/// Of 3,979 reports of 1,283 people none lies below the threshold.
const TYPING: Scale = Scale {
    person: 0.28,
    most: 1.0,
    amounts: (8.0, 20.0),
    threshold: -2.0,
    bot: (-0.4, 0.4),
};
const LONG_ENOUGH_MS: u32 = 10_000;

const MOVEMENT_CURVES: [Curve; 8] = [
    // bow
    Curve {
        edges: &[0.005, 0.022, 0.053, 0.100, 0.158],
        steps: &[-1.50, -1.50, -0.33, 0.74, 0.47, 0.61],
    },
    // peak_at
    Curve {
        edges: &[0.045, 0.239, 0.433, 0.515, 0.776],
        steps: &[0.30, 1.31, 0.17, -1.50, -1.50, -1.50],
    },
    // peak_at_spread
    Curve {
        edges: &[0.038, 0.158, 0.227, 0.292, 0.363],
        steps: &[-0.80, 0.44, 0.45, 0.57, -0.30, -1.50],
    },
    // speed_cv
    Curve {
        edges: &[0.264, 0.418, 0.566, 0.657, 0.846],
        steps: &[-1.50, -1.50, -1.50, -1.50, -0.16, 1.50],
    },
    // speed_cv_spread
    Curve {
        edges: &[0.058, 0.114, 0.171, 0.247, 0.378],
        steps: &[-1.50, -1.50, -1.05, 0.11, 0.92, 0.81],
    },
    // jerk
    Curve {
        edges: &[4.836, 6.715, 7.891, 9.031, 10.266],
        steps: &[-1.50, -0.36, 0.58, 0.85, 0.13, -1.48],
    },
    // turn
    Curve {
        edges: &[0.028, 0.046, 0.059, 0.077, 0.117],
        steps: &[-1.50, -1.50, -1.50, -1.50, 0.64, 1.50],
    },
    // ending
    Curve {
        edges: &[0.127, 0.187, 0.255, 0.307, 0.338],
        steps: &[0.99, 0.79, 0.03, -1.12, -1.50, -1.50],
    },
];

const TYPING_CURVES: [Curve; 3] = [
    // hold_log
    Curve {
        edges: &[1.051, 1.125, 4.066, 4.152, 4.383],
        steps: &[-1.50, -1.50, -1.50, -1.50, -0.20, 1.50],
    },
    // interval_spread
    Curve {
        edges: &[0.016, 0.251, 0.294, 0.319, 0.368],
        steps: &[-1.50, -1.50, -1.50, -1.50, -1.50, 1.50],
    },
    // rollover
    Curve {
        edges: &[0.018, 0.035],
        steps: &[-0.27, -0.19, 0.56],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::quiet;

    fn mechanical() -> Facts {
        let mut facts = quiet();
        facts.motion.peak_at = 0.55.into();
        facts.motion.ending = 0.31.into();
        facts.keys.count = 60;
        facts.keys.held = 60;
        facts.keys.intervals = 59;
        facts
    }

    #[test]
    fn mechanical_movement_and_typing_speak_against_a_visitor() {
        let facts = mechanical();
        assert!(movement(&facts).is_some_and(|(weight, _)| weight < -0.4));
        assert!(typing(&facts).is_some_and(|(weight, _)| weight < -0.4));
    }

    #[test]
    fn too_little_never_speaks_against_a_visitor() {
        let cases: [fn(&mut Facts); 3] = [
            |facts| facts.timing.active_ms = 9_999,
            |facts| {
                facts.motion.strokes = 2;
                facts.keys.count = 29;
            },
            |facts| {
                facts.motion.strokes = 0;
                facts.keys.count = 0;
            },
        ];
        for change in cases {
            let mut facts = mechanical();
            change(&mut facts);
            assert_eq!((movement(&facts), typing(&facts)), (None, None));
        }
    }

    #[test]
    fn each_curve_has_a_step_for_every_bin_within_the_clamp() {
        for curve in MOVEMENT_CURVES.iter().chain(&TYPING_CURVES) {
            assert_eq!(curve.steps.len(), curve.edges.len() + 1);
            assert!(curve.edges.is_sorted());
            assert!(curve.steps.iter().all(|step| step.abs() <= 1.5));
        }
    }
}
