/// `deltaY` of a wheel event in CSS pixels. `mode` is `deltaMode`: pixels, lines or pages.
pub fn wheel_pixels(delta: f64, mode: f64) -> i32 {
    let unit = match mode as i32 {
        1 => LINE,
        2 => PAGE,
        _ => 1.0,
    };
    (delta * unit) as i32
}

/// How far a scroller went since its last event.
#[derive(Default)]
pub struct Scroll {
    last: Option<(f64, f64)>,
}

impl Scroll {
    /// A scroller whose position is known: down and right, in CSS pixels.
    pub fn at(position: (f64, f64)) -> Self {
        Self {
            last: Some(position),
        }
    }

    /// Down and right, in CSS pixels; `None` for no way at all, or if it is not known where the scroller came from.
    pub fn by(&mut self, top: f64, left: f64) -> Option<(i32, i32)> {
        let (last_top, last_left) = self.last.replace((top, left))?;
        let way = ((top - last_top) as i32, (left - last_left) as i32);
        // Less than a pixel is added to the next one.
        if way == (0, 0) {
            self.last = Some((last_top, last_left));
            return None;
        }
        Some(way)
    }
}

/// CSS pixels of a line, as the report format says.
const LINE: f64 = 40.0;
/// CSS pixels of a page, as the report format says.
const PAGE: f64 = 800.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_pages_are_converted_to_pixels() {
        let cases = [
            (120.0, 0.0, 120),
            (-3.0, 1.0, -120),
            (1.0, 2.0, 800),
            (f64::NAN, f64::NAN, 0),
        ];
        for (delta, mode, pixels) in cases {
            assert_eq!(wheel_pixels(delta, mode), pixels, "{delta} in mode {mode}");
        }
    }

    #[test]
    fn a_scroll_is_measured_from_the_last_position() {
        let mut scroll = Scroll::default();
        assert_eq!(scroll.by(100.0, 0.0), None);
        assert_eq!(scroll.by(150.0, 0.0), Some((50, 0)));
        assert_eq!(scroll.by(140.0, 7.0), Some((-10, 7)));
    }

    #[test]
    fn parts_of_a_pixel_add_up() {
        let mut scroll = Scroll::at((0.0, 0.0));
        let ways = [0.4, 0.8, 1.2, 1.4, 2.3].map(|top| scroll.by(top, 0.0));
        assert_eq!(ways, [None, None, Some((1, 0)), None, Some((1, 0))]);
    }
}
