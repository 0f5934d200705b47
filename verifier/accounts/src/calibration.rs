/// Sums that 100 % … 1/1000 of good events reach, on the published scale of risks: what a risk is worth does not depend on
/// the weights. Printed by `simulate-accounts calibrate` (tests/accounts), of its sixteen seeds.
pub(crate) struct Calibration {
    /// The sums of the risks 0.0, 0.1 … 1.0; rising.
    pub sums: [f32; 11],
}

impl Calibration {
    /// The risk of a sum, 0 to 1; in between as straight lines.
    pub fn risk(&self, sum: f32) -> f32 {
        let [lowest, .., highest] = self.sums;
        // No number is the highest risk neither: it would be a defect of ours.
        if sum.is_nan() || sum <= lowest {
            return 0.0;
        }
        if sum >= highest {
            return 1.0;
        }
        let above = self.sums.partition_point(|level| *level <= sum);
        let (from, to) = (self.sums[above - 1], self.sums[above]);
        let share = (sum - from) / (to - from).max(f32::EPSILON);
        ((above - 1) as f32 + share) / 10.0
    }
}

/// Logins, password resets and everything else that an account does.
pub(crate) const LOGIN: Calibration = Calibration {
    sums: [
        -6.793, -3.907, -2.721, -1.802, -1.022, -0.213, 0.511, 1.276, 2.395, 3.318, 4.208,
    ],
};

/// Registrations.
pub(crate) const REGISTRATION: Calibration = Calibration {
    sums: [
        0.000, 0.010, 0.020, 0.030, 0.040, 0.540, 1.123, 1.214, 1.240, 1.414, 1.586,
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn risks_rise_with_the_sum_and_stay_on_the_scale() {
        for calibration in [LOGIN, REGISTRATION] {
            assert!(calibration.sums.is_sorted_by(|a, b| a < b));
            let mut last = 0.0;
            for sum in -200..200 {
                let risk = calibration.risk(sum as f32 / 10.0);
                assert!((last..=1.0).contains(&risk));
                last = risk;
            }
            for (level, sum) in calibration.sums.into_iter().enumerate() {
                assert!((calibration.risk(sum) - level as f32 / 10.0).abs() < 1e-4);
            }
            assert_eq!(calibration.risk(f32::NAN), 0.0);
            assert_eq!(calibration.risk(f32::INFINITY), 1.0);
        }
    }
}
