use crate::dice::Dice;

/// The share of the way as a function of the share of the time.
#[derive(Debug, Clone, Copy)]
pub enum Ease {
    Linear,
    InOut(f64),
    Out(f64),
    Sine,
    MinimumJerk,
    /// A quick half and a slow one: where the speed peaks, and how sharply.
    Skewed(f64, f64),
    /// Most of the way, then the rest at another pace.
    Corrected(f64, f64),
    /// Up to a steady speed and down from it, each in a share of the time.
    Trapezoid(f64, f64),
    /// Ever slower, by this power of two.
    Decay(f64),
    /// A cubic curve from corner to corner, as style sheets ease: two control points.
    Cubic([f64; 4]),
    /// Speeds at six moments, with straight lines between.
    Speeds([f64; 6]),
    /// Several of the smoothest movements over each other: start, length, share.
    Parts([(f64, f64, f64); 3]),
    /// One bell, leaning to either side: the distribution of Kumaraswamy (1980).
    Bell(f64, f64),
}

impl Ease {
    pub fn draw(dice: &mut Dice) -> Self {
        match dice.whole(0, 14) {
            0 => Self::Linear,
            1 => Self::InOut(dice.within(1.5, 4.0)),
            2 => Self::Out(dice.within(1.5, 5.0)),
            3 => Self::Sine,
            4 => Self::MinimumJerk,
            5 | 6 => Self::Skewed(dice.within(0.2, 0.6), dice.within(1.2, 3.0)),
            7 => Self::Corrected(dice.within(0.8, 0.97), dice.within(0.4, 0.8)),
            8 => Self::Trapezoid(dice.within(0.02, 0.6), dice.within(0.02, 0.4)),
            9 => Self::Decay(dice.within(3.0, 12.0)),
            10 => Self::Cubic([
                dice.within(0.0, 1.0),
                dice.within(0.0, 1.0),
                dice.within(0.0, 1.0),
                dice.within(0.0, 1.0),
            ]),
            11 => Self::Speeds(std::array::from_fn(|_| dice.within(0.05, 1.0))),
            12 => Self::Parts(parts(dice)),
            _ => Self::Bell(dice.within(1.1, 3.0), dice.within(1.1, 4.0)),
        }
    }

    /// Both shares within 0 and 1.
    pub fn at(self, t: f64) -> f64 {
        match self {
            Self::Linear => t,
            Self::InOut(power) if t < 0.5 => (2.0 * t).powf(power) / 2.0,
            Self::InOut(power) => 1.0 - (2.0 - 2.0 * t).powf(power) / 2.0,
            Self::Out(power) => 1.0 - (1.0 - t).powf(power),
            Self::Sine => (1.0 - (std::f64::consts::PI * t).cos()) / 2.0,
            Self::MinimumJerk => t.powi(3) * (10.0 - 15.0 * t + 6.0 * t * t),
            Self::Skewed(peak, power) if t < peak => peak * (t / peak).powf(power),
            Self::Skewed(peak, power) => {
                1.0 - (1.0 - peak) * ((1.0 - t) / (1.0 - peak)).powf(power)
            }
            Self::Corrected(most, until) if t < until => most * Self::MinimumJerk.at(t / until),
            Self::Corrected(most, until) => {
                most + (1.0 - most) * Self::MinimumJerk.at((t - until) / (1.0 - until))
            }
            Self::Trapezoid(rise, fall) => {
                let top = 1.0 / (1.0 - (rise + fall) / 2.0);
                let left = 1.0 - t;
                if t < rise {
                    top * t * t / (2.0 * rise)
                } else if left < fall {
                    1.0 - top * left * left / (2.0 * fall)
                } else {
                    top * (t - rise / 2.0)
                }
            }
            Self::Decay(power) => (1.0 - (-power * t).exp2()) / (1.0 - (-power).exp2()),
            Self::Cubic([x1, y1, x2, y2]) => cubic(y1, y2, parameter(x1, x2, t)),
            Self::Speeds(speeds) => way_at(&speeds, t) / way_at(&speeds, 1.0),
            Self::Parts(parts) => {
                let done = |(start, long, share): &(f64, f64, f64)| {
                    share * Self::MinimumJerk.at(((t - start) / long).clamp(0.0, 1.0))
                };
                parts.iter().map(done).sum()
            }
            Self::Bell(rise, fall) => 1.0 - (1.0 - t.powf(rise)).powf(fall),
        }
    }
}

/// Of movements that start anywhere and all end in time; the shares add up to 1.
fn parts(dice: &mut Dice) -> [(f64, f64, f64); 3] {
    let count = dice.whole(2, 3);
    let mut parts = [(0.0, 1.0, 0.0); 3];
    for (i, part) in parts.iter_mut().enumerate().take(count) {
        let start = if i == 0 { 0.0 } else { dice.within(0.1, 0.7) };
        let share = if i == 0 { 1.0 } else { dice.scale(0.05, 0.8) };
        *part = (start, dice.within(0.3, 1.0) * (1.0 - start), share);
    }
    let whole: f64 = parts.iter().map(|part| part.2).sum();
    parts.iter_mut().for_each(|part| part.2 /= whole);
    parts
}

/// Between 0 and 1 with the given control values.
fn cubic(a: f64, b: f64, u: f64) -> f64 {
    let v = 1.0 - u;
    3.0 * a * u * v * v + 3.0 * b * u * u * v + u.powi(3)
}

/// Where such a curve, which only rises, reaches a value.
fn parameter(a: f64, b: f64, value: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..30 {
        let middle = (low + high) / 2.0;
        if cubic(a, b, middle) < value {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low + high) / 2.0
}

/// The way up to a moment at speeds with straight lines between.
fn way_at(speeds: &[f64; 6], t: f64) -> f64 {
    let at = t * 5.0;
    let mut way = 0.0;
    for pair in speeds.windows(2).enumerate() {
        let (i, pair) = pair;
        let passed = (at - i as f64).clamp(0.0, 1.0);
        way += passed * (pair[0] + (pair[1] - pair[0]) * passed / 2.0);
    }
    way
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_easing_rises_from_start_to_end() {
        let mut dice = Dice::new(5);
        for _ in 0..400 {
            let ease = Ease::draw(&mut dice);
            let shares: Vec<f64> = (0..=50).map(|i| ease.at(f64::from(i) / 50.0)).collect();
            assert!(
                shares[0].abs() < 1e-6 && (shares[50] - 1.0).abs() < 1e-6,
                "{ease:?}"
            );
            assert!(
                shares.windows(2).all(|pair| pair[1] > pair[0] - 1e-9),
                "{ease:?}"
            );
        }
    }
}
