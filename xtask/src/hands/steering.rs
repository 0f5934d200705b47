use super::{Family, Hand, Spot, Way};
use crate::dice::Dice;

/// A vehicle that turns and speeds up only so fast, steers at the target and slows down before it (the published idea of
/// steering behaviours), with a heading that errs.
pub const FAMILY: Family = Family {
    name: "steering",
    draw: |dice, _| {
        Box::new(Steering {
            fastest: dice.scale(0.4, 3.0),
            hurry: dice.scale(0.001, 0.02),
            turning: dice.scale(0.004, 0.04),
            start: dice.within(0.0, 1.2),
            near: dice.scale(20.0, 300.0),
            err: dice.within(0.0, 0.5),
            memory: dice.within(0.5, 0.98),
            tick: dice.pick(&[4.0, 8.0, 10.0, 16.0]),
            unsteady: dice.within(0.0, 0.4),
        })
    },
};

struct Steering {
    /// Pixels a millisecond, and its change in one.
    fastest: f64,
    hurry: f64,
    /// Radians a millisecond.
    turning: f64,
    /// How far the first heading may be off, in radians.
    start: f64,
    /// From where on it slows down, in pixels.
    near: f64,
    /// Error of the heading in radians, and how much of it lasts.
    err: f64,
    memory: f64,
    tick: f64,
    /// How uneven the ticks are, as a share.
    unsteady: f64,
}

impl Hand for Steering {
    fn stroke(&mut self, way: &Way, dice: &mut Dice) -> Vec<Spot> {
        let (mut x, mut y) = way.from;
        let aim = (way.to.1 - y).atan2(way.to.0 - x);
        let mut heading = aim + dice.within(-self.start, self.start);
        let (mut speed, mut t, mut error) = (0.0f64, 0.0, 0.0);
        let mut out = vec![Spot { t, x, y }];
        for _ in 0..800 {
            let (dx, dy) = (way.to.0 - x, way.to.1 - y);
            let left = dx.hypot(dy);
            if left < 2.0 {
                break;
            }
            let fresh = self.err * (1.0 - self.memory * self.memory).sqrt();
            error = error * self.memory + dice.normal(0.0, fresh);
            // Close to the target it turns at will, or it would circle.
            let sure = (left / self.near).min(1.0);
            let off = turn(dy.atan2(dx) + error * sure - heading);
            let most = self.turning * self.tick / sure.max(0.05);
            heading += off.clamp(-most, most);
            let wanted = (self.fastest * sure).max(0.05);
            let change = self.hurry * self.tick;
            speed += (wanted - speed).clamp(-4.0 * change, change);
            let step = (speed * self.tick).min(left);
            x += step * heading.cos();
            y += step * heading.sin();
            t += self.tick * (1.0 + dice.within(-self.unsteady, self.unsteady));
            out.push(Spot { t, x, y });
        }
        out.push(Spot {
            t: t + self.tick,
            x: way.to.0,
            y: way.to.1,
        });
        out
    }
}

/// The same angle within half a turn either way.
fn turn(angle: f64) -> f64 {
    let whole = std::f64::consts::TAU;
    (angle + whole / 2.0).rem_euclid(whole) - whole / 2.0
}
