//! Window and screen, as bits: the sizes themselves would help to recognise a visitor and are not kept.

use touchstone_protocol::{Environment, Measure, OtherKind, Probe, Report, State};

/// The viewport is larger than the window around it.
pub(crate) const INNER_OVER_OUTER: u8 = 1;
/// The window has no size.
pub(crate) const NO_WINDOW: u8 = 2;
/// The window is larger than its screen.
pub(crate) const WINDOW_OVER_SCREEN: u8 = 4;
/// Screen, window and viewport are all of one size.
pub(crate) const SCREEN_IS_VIEWPORT: u8 = 8;
/// The page scrolls, and its scrollbar takes no room, in a Chromium without a touch screen. Firefox lays its scrollbars over the
/// page on some desktops.
pub(crate) const NO_SCROLLBAR: u8 = 16;
/// The viewport changed while the agent listened: page zoom, another window size, a turned phone.
pub(crate) const VIEWPORT_CHANGED: u8 = 32;

pub(crate) fn bits(report: &Report) -> u8 {
    let environment = &report.environment;
    let mut bits = window(environment);
    if environment.measure(Measure::Scrollbar) == Some(0)
        && environment.measure(Measure::TouchPoints) == Some(0)
        && environment.probe(Probe::ChromeObject) == State::Yes
    {
        bits |= NO_SCROLLBAR;
    }
    if report
        .other
        .iter()
        .any(|sample| sample.kind == OtherKind::Resize)
    {
        bits |= VIEWPORT_CHANGED;
    }
    bits
}

fn window(environment: &Environment) -> u8 {
    let pair = |a, b| Some((environment.measure(a)?, environment.measure(b)?));
    let outer = pair(Measure::OuterWidth, Measure::OuterHeight);
    let inner = pair(Measure::InnerWidth, Measure::InnerHeight);
    let screen = pair(Measure::ScreenWidth, Measure::ScreenHeight);
    let Some(outer) = outer else { return 0 };
    if outer == (0, 0) {
        return NO_WINDOW;
    }
    let mut bits = 0;
    if screen.is_some_and(|screen| outer.0 > screen.0 + SLACK || outer.1 > screen.1 + SLACK) {
        bits |= WINDOW_OVER_SCREEN;
    }
    // Below a ratio of 1 the page is zoomed out. Above it may be, too: the ratio is the screen's times the zoom.
    let zoomed_out = environment
        .measure(Measure::PixelRatio)
        .is_none_or(|ratio| ratio < 1_000);
    if let Some(inner) = inner
        && !zoomed_out
    {
        let is_over = inner.0 > outer.0 + SLACK || inner.1 > outer.1 + SLACK;
        if is_over && !may_be_zoom(inner, outer) {
            bits |= INNER_OVER_OUTER;
        }
        if screen == Some(inner) && outer == inner {
            bits |= SCREEN_IS_VIEWPORT;
        }
    }
    bits
}

/// Whether zooming out can make a viewport so much larger than its window. Zoom enlarges both ways alike; of the window,
/// toolbars and docked tools take up to half the height, and sidebars up to a fifth of the width.
fn may_be_zoom(inner: (i32, i32), outer: (i32, i32)) -> bool {
    let factor = |inner, outer| f64::from(inner) / f64::from(outer);
    let (wide, high) = (factor(inner.0, outer.0), factor(inner.1, outer.1));
    (0.5..=1.25).contains(&(high / wide)) && wide.max(high) <= MOST_ZOOM
}

/// Browsers zoom out to a quarter.
const MOST_ZOOM: f64 = 4.0;
/// Shadows and invisible borders of maximised windows, in pixels.
const SLACK: i32 = 32;

#[cfg(test)]
mod tests {
    use super::*;

    /// Bits of a window of 1280 by 805 on a screen of 1920 by 1080.
    fn bits_of(pixel_ratio: i32, inner: (i32, i32)) -> u8 {
        let mut environment = Environment::default();
        for (measure, value) in [
            (Measure::PixelRatio, pixel_ratio),
            (Measure::InnerWidth, inner.0),
            (Measure::InnerHeight, inner.1),
            (Measure::OuterWidth, 1_280),
            (Measure::OuterHeight, 805),
            (Measure::ScreenWidth, 1_920),
            (Measure::ScreenHeight, 1_080),
        ] {
            environment.set_measure(measure, value);
        }
        window(&environment)
    }

    #[test]
    fn a_zoomed_out_page_is_no_viewport_larger_than_its_window() {
        let cases = [
            ("not zoomed", 1_000, (1_280, 720)),
            ("ratio 1 at 80 %", 800, (1_600, 900)),
            ("ratio 1.25 at 80 %", 1_000, (1_600, 900)),
            ("ratio 1.5 at 80 %", 1_200, (1_600, 900)),
            ("ratio 1.5 at 90 %", 1_350, (1_422, 800)),
            ("ratio 2 at 80 %", 1_600, (1_600, 900)),
            ("ratio 2 at 50 %", 1_000, (2_560, 1_440)),
            ("ratio 2 at 50 %, a sidebar", 1_000, (2_120, 1_440)),
            ("ratio 2 at 50 %, docked tools", 1_000, (2_560, 900)),
            ("ratio 2 at 25 %", 500, (5_120, 2_880)),
        ];
        for (name, ratio, inner) in cases {
            assert_eq!(bits_of(ratio, inner), 0, "{name}");
        }
    }

    #[test]
    fn scrollbars_without_room_are_odd_in_a_chromium_whose_page_scrolls() {
        let found = |scrollbar: Option<i32>, chromium: bool, touch_points| {
            let mut report = Report::default();
            let environment = &mut report.environment;
            environment.set_probe(Probe::ChromeObject, chromium.into());
            environment.set_measure(Measure::TouchPoints, touch_points);
            if let Some(width) = scrollbar {
                environment.set_measure(Measure::Scrollbar, width);
            }
            bits(&report) == NO_SCROLLBAR
        };
        assert!(found(Some(0), true, 0));
        assert!(!found(None, true, 0), "a page that fits its window");
        assert!(!found(Some(15), true, 0));
        assert!(!found(Some(0), false, 0), "Firefox");
        assert!(!found(Some(0), true, 5), "a touch screen");
    }

    #[test]
    fn a_viewport_that_no_zoom_explains_is_larger_than_its_window() {
        let cases = [
            ("taller alone", (1_280, 1_600)),
            ("a phone's", (375, 900)),
            ("wider alone", (3_000, 720)),
            ("further than browsers zoom", (6_400, 3_600)),
        ];
        for (name, inner) in cases {
            assert_eq!(bits_of(1_000, inner), INNER_OVER_OUTER, "{name}");
            assert_eq!(bits_of(2_000, inner), INNER_OVER_OUTER, "{name}, ratio 2");
        }
    }
}
