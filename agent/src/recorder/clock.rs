/// Milliseconds since the page's time origin in the unit of reports, 0.1 ms. A negative or missing time is 0.
pub fn tenths(ms: f64) -> u32 {
    (ms * 10.0 + 0.5) as u32
}

/// Finds the smallest step of the event clock. Browsers coarsen it to 5, 100 or 1000 µs, or more where they resist
/// fingerprinting; a dwell of "0" means little on such a clock.
#[derive(Default)]
pub struct ClockStep {
    last: f64,
    /// In microseconds; 0 before two different times were seen.
    smallest: u32,
}

impl ClockStep {
    /// Notes a time in milliseconds.
    pub fn note(&mut self, ms: f64) {
        let step = ((ms - self.last).abs() * 1_000.0 + 0.5) as u32;
        self.last = ms;
        if step > 0 && (self.smallest == 0 || step < self.smallest) {
            self.smallest = step;
        }
    }

    /// The smallest step seen, in microseconds.
    pub fn smallest(&self) -> Option<i32> {
        i32::try_from(self.smallest).ok().filter(|step| *step > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rounded_to_tenths_and_never_wrap() {
        let cases = [
            (0.0, 0),
            (12.34, 123),
            (12.35, 124),
            (-5.0, 0),
            (f64::NAN, 0),
            (1e300, u32::MAX),
        ];
        for (ms, expected) in cases {
            assert_eq!(tenths(ms), expected, "{ms}");
        }
    }

    #[test]
    fn the_step_of_a_coarse_clock_is_found() {
        let mut clock = ClockStep::default();
        assert_eq!(clock.smallest(), None);
        for ms in [1000.0, 1000.0, 1016.7, 1016.8, 1033.4, 1050.0] {
            clock.note(ms);
        }
        assert_eq!(clock.smallest(), Some(100));
    }
}
