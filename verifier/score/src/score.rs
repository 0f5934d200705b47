use std::fmt;

/// One of the 11 levels 0.0, 0.1 … 1.0. 1.0 is very likely a person, 0.0 very likely a bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score(u8);

impl Score {
    /// 0.0
    pub const LOWEST: Self = Self(0);
    /// 1.0
    pub const HIGHEST: Self = Self(10);

    /// The score of a level from 0 to 10; none above.
    pub const fn from_level(level: u8) -> Option<Self> {
        if level <= 10 { Some(Self(level)) } else { None }
    }

    /// The nearest level to the logistic function of a sum of log-odds. A sum that is no number is the lowest: a defect
    /// must not open the door.
    pub fn from_sum(sum: f32) -> Self {
        let share = 1.0 / (1.0 + (-f64::from(sum)).exp());
        // `clamp` keeps NaN, and `as` maps it to 0.
        Self((share * 10.0).round().clamp(0.0, 10.0) as u8)
    }

    /// 0 to 10.
    pub const fn level(self) -> u8 {
        self.0
    }

    /// 0.0 to 1.0.
    pub fn value(self) -> f32 {
        f32::from(self.0) / 10.0
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_holds_eleven_levels_and_nothing_else() {
        assert_eq!((0..=255).filter_map(Score::from_level).count(), 11);
        assert_eq!(Score::HIGHEST.to_string(), "1.0");
        assert_eq!(
            Score::from_level(3).map(|score| score.to_string()),
            Some("0.3".into())
        );
    }

    #[test]
    fn sums_map_to_the_nearest_level() {
        let cases = [
            (0.0, 5),
            (-0.2, 5),
            (-1.09, 3),
            (-2.197_224_6, 1),
            (2.2, 9),
            (-8.0, 0),
            (f32::INFINITY, 10),
            (f32::NEG_INFINITY, 0),
            (f32::NAN, 0),
        ];
        for (sum, level) in cases {
            assert_eq!(Score::from_sum(sum).level(), level, "{sum}");
        }
    }
}
