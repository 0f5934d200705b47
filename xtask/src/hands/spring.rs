use super::{Family, Hand, Spot, Way};
use crate::dice::Dice;

/// A controller that pulls towards the target in proportion to the distance, damped, with noise in force and sight; some
/// see the target late, and correct in jumps.
pub const FAMILY: Family = Family {
    name: "spring",
    draw: |dice, _| {
        let frequency = dice.scale(4.0, 14.0);
        Box::new(Spring {
            frequency,
            damping: dice.within(0.6, 1.4),
            force: dice.within(0.0, 0.35),
            memory: dice.within(0.0, 0.95),
            sight: dice.within(0.0, 0.1),
            look_ms: dice.pick(&[0.0, 80.0, 120.0, 200.0]),
            tick: dice.pick(&[4.0, 8.0, 10.0, 16.0]),
        })
    },
};

struct Spring {
    /// Radians a second.
    frequency: f64,
    damping: f64,
    force: f64,
    memory: f64,
    sight: f64,
    look_ms: f64,
    tick: f64,
}

impl Hand for Spring {
    fn stroke(&mut self, way: &Way, dice: &mut Dice) -> Vec<Spot> {
        let (mut x, mut y) = way.from;
        let (mut vx, mut vy, mut t, mut seen_at) = (0.0f64, 0.0f64, 0.0, f64::NEG_INFINITY);
        let (mut goal, mut noise) = (way.to, (0.0, 0.0));
        let mut out = vec![Spot { t, x, y }];
        while t < 4_000.0 {
            let left = (way.to.0 - x).hypot(way.to.1 - y);
            if left < 1.5 && vx.hypot(vy) < 30.0 {
                break;
            }
            if t - seen_at >= self.look_ms {
                let off = left * self.sight;
                goal = (dice.normal(way.to.0, off), dice.normal(way.to.1, off));
                seen_at = t;
            }
            let step = self.tick / 1_000.0;
            let fresh = (1.0 - self.memory * self.memory).sqrt() * self.force;
            noise.0 = noise.0 * self.memory + dice.normal(0.0, fresh);
            noise.1 = noise.1 * self.memory + dice.normal(0.0, fresh);
            let pull = self.frequency * self.frequency;
            let drag = 2.0 * self.damping * self.frequency;
            vx += ((goal.0 - x) * pull * (1.0 + noise.0) - drag * vx) * step;
            vy += ((goal.1 - y) * pull * (1.0 + noise.1) - drag * vy) * step;
            x += vx * step;
            y += vy * step;
            t += self.tick;
            out.push(Spot { t, x, y });
        }
        out
    }
}
