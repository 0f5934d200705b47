/// How much more comes than usual, for whoever sets a price.
///
/// `ratio` is the last minute against what is ordinary for the source, of site key, address and network the highest; 1.0 is
/// ordinary, and everything below the floors of [`Traffic`](crate::Traffic) reads as at most 1.0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pressure {
    /// The ratio as a step.
    pub level: Level,
    /// Requests of the last minute over those of an ordinary minute; finite, at least 0.
    pub ratio: f32,
}

/// Steps of [`Pressure`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Less than three times the ordinary.
    Calm,
    /// Three times and more.
    Raised,
    /// Ten times and more.
    High,
}

impl Pressure {
    /// The step that belongs to a ratio.
    pub fn of(ratio: f32) -> Self {
        let level = if ratio >= HIGH {
            Level::High
        } else if ratio >= RAISED {
            Level::Raised
        } else {
            Level::Calm
        };
        Self { level, ratio }
    }
}

/// Peak hours of a shop are two to three times its daily mean.
const RAISED: f32 = 3.0;
const HIGH: f32 = 10.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_follow_the_ratio() {
        for (ratio, level) in [
            (0.0, Level::Calm),
            (2.99, Level::Calm),
            (3.0, Level::Raised),
            (9.9, Level::Raised),
            (10.0, Level::High),
        ] {
            assert_eq!(Pressure::of(ratio).level, level, "{ratio}");
        }
    }
}
