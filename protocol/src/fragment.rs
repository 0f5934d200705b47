/// The size of a box in whole CSS pixels, as a report states it of a told box of the challenge's fragment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BoxSize {
    /// Width of the content box.
    pub width: u16,
    /// Height of the content box.
    pub height: u16,
}

impl BoxSize {
    /// A size in CSS pixels.
    pub const fn new(width: u16, height: u16) -> Self {
        Self { width, height }
    }

    /// The number of [`Measure::Box0`](crate::Measure::Box0) and following.
    pub const fn measure(self) -> i32 {
        ((self.width as i32) << 16) | self.height as i32
    }

    /// Reads such a number; any number is a size.
    pub const fn of_measure(measure: i32) -> Self {
        Self {
            width: (measure >> 16) as u16,
            height: measure as u16,
        }
    }

    /// Whether two sizes are the same but for a pixel each way: engines round fractions of a pixel in their own ways.
    pub const fn is_near(self, other: Self) -> bool {
        self.width.abs_diff(other.width) <= 1 && self.height.abs_diff(other.height) <= 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_survives_its_number() {
        for size in [
            BoxSize::new(0, 0),
            BoxSize::new(1, 65_535),
            BoxSize::new(32_767, 2),
            BoxSize::new(65_535, 65_535),
        ] {
            assert_eq!(BoxSize::of_measure(size.measure()), size);
        }
    }

    #[test]
    fn a_pixel_is_near_and_two_are_not() {
        let size = BoxSize::new(100, 40);
        for (other, near) in [
            (BoxSize::new(101, 39), true),
            (BoxSize::new(102, 40), false),
            (BoxSize::new(100, 42), false),
            (BoxSize::new(40, 100), false),
        ] {
            assert_eq!(size.is_near(other), near, "{other:?}");
        }
    }
}
