//! Numbers computed from a report, one family a file: each declares its columns and how they are measured. All in one
//! pass over the samples, and none of them a verdict.

pub(crate) mod geometry;
mod keys;
mod kinematics;
mod motion;
mod occasions;
mod pipeline;
mod press;
mod rhythm;
mod scroll;
mod shape;
mod speed;
mod strokes;
mod surroundings;
mod timing;

pub(crate) use keys::Keys;
pub(crate) use motion::Motion;
pub(crate) use occasions::Occasions;
pub(crate) use pipeline::Pipeline;
pub(crate) use press::Presses;
pub(crate) use rhythm::Rhythm;
pub(crate) use scroll::Scrolling;
pub(crate) use surroundings::Surroundings;
pub(crate) use timing::Timing;

/// Count, mean and standard deviation of a stream of numbers (Welford's recurrence).
#[derive(Default)]
pub(crate) struct Moments {
    pub(crate) count: u16,
    pub(crate) mean: f32,
    squares: f32,
}

impl Moments {
    pub(crate) fn add(&mut self, value: f32) {
        self.count = self.count.saturating_add(1);
        let off = value - self.mean;
        self.mean += off / f32::from(self.count);
        self.squares += off * (value - self.mean);
    }

    /// Of the population; 0 for fewer than two numbers.
    pub(crate) fn deviation(&self) -> f32 {
        if self.count < 2 {
            0.0
        } else {
            (self.squares / f32::from(self.count)).max(0.0).sqrt()
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn moments_are_mean_and_deviation() {
        let mut moments = super::Moments::default();
        for value in [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0] {
            moments.add(value);
        }
        assert!((moments.mean - 5.0).abs() < 1e-6 && (moments.deviation() - 2.0).abs() < 1e-6);
    }
}
