use super::{Family, Hand, Spot, Way};
use crate::dice::Dice;

/// A body pulled towards the target and blown about (the published idea of WindMouse).
pub const FAMILY: Family = Family {
    name: "wind",
    draw: |dice, _| {
        Box::new(Wind {
            gravity: dice.scale(3.0, 15.0),
            wind: dice.within(0.0, 8.0),
            fastest: dice.scale(5.0, 40.0),
            near: dice.within(5.0, 40.0),
            tick: dice.scale(4.0, 20.0),
            unsteady: dice.within(0.0, 0.5),
        })
    },
};

struct Wind {
    gravity: f64,
    wind: f64,
    fastest: f64,
    near: f64,
    tick: f64,
    unsteady: f64,
}

impl Hand for Wind {
    fn stroke(&mut self, way: &Way, dice: &mut Dice) -> Vec<Spot> {
        let (mut x, mut y) = way.from;
        let (mut vx, mut vy, mut wx, mut wy, mut t) = (0.0f64, 0.0f64, 0.0, 0.0, 0.0);
        let mut fastest = self.fastest;
        let mut out = vec![Spot { t, x, y }];
        for _ in 0..600 {
            let (dx, dy) = (way.to.0 - x, way.to.1 - y);
            let left = dx.hypot(dy);
            if left < 1.5 {
                break;
            }
            let blow = self.wind.min(left);
            if left > self.near {
                wx = wx / 1.732 + dice.within(-blow, blow) / 2.236;
                wy = wy / 1.732 + dice.within(-blow, blow) / 2.236;
            } else {
                wx /= 1.732;
                wy /= 1.732;
                fastest = if fastest < 3.0 {
                    dice.within(3.0, 6.0)
                } else {
                    fastest / 2.236
                };
            }
            vx += wx + self.gravity * dx / left;
            vy += wy + self.gravity * dy / left;
            let speed = vx.hypot(vy);
            if speed > fastest {
                let to = fastest * dice.within(0.5, 1.0);
                vx *= to / speed;
                vy *= to / speed;
            }
            x += vx;
            y += vy;
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
