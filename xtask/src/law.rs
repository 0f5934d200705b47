use crate::dice::Dice;

/// A distribution of times in milliseconds, as scripts draw them: middle, spread as a share of it, and form.
#[derive(Debug, Clone, Copy)]
pub struct Law {
    pub middle: f64,
    pub spread: f64,
    pub form: Form,
}

#[derive(Debug, Clone, Copy)]
pub enum Form {
    Uniform,
    Normal,
    Lognormal,
    Gamma,
}

impl Law {
    /// Any form, with the middle between bounds and a spread up to `most`; often none.
    pub fn any(dice: &mut Dice, low: f64, high: f64, most: f64) -> Self {
        Self {
            middle: dice.scale(low, high),
            spread: if dice.chance(0.2) {
                0.0
            } else {
                dice.within(0.0, most)
            },
            form: dice.pick(&[
                Form::Uniform,
                Form::Uniform,
                Form::Normal,
                Form::Lognormal,
                Form::Gamma,
            ]),
        }
    }

    /// At least a twentieth of the middle.
    pub fn draw(&self, dice: &mut Dice) -> f64 {
        let Self {
            middle,
            spread,
            form,
        } = *self;
        let value = match form {
            _ if spread == 0.0 => middle,
            Form::Uniform => middle * dice.within(1.0 - spread, 1.0 + spread),
            Form::Normal => dice.normal(middle, middle * spread),
            Form::Lognormal => dice.lognormal(middle, spread),
            Form::Gamma => {
                // A sum of exponentials.
                let shape = (1.0 / (spread * spread)).round().clamp(1.0, 40.0);
                let sum: f64 = (0..shape as usize)
                    .map(|_| -dice.within(1e-6, 1.0).ln())
                    .sum();
                middle * sum / shape
            }
        };
        value.max(middle * 0.05)
    }
}
