//! Window and screen, as bits: the sizes themselves would help to recognise a visitor and are not kept.

use touchstone_protocol::{Environment, Measure, OtherKind, Report};

/// The viewport is larger than the window around it.
pub(crate) const INNER_OVER_OUTER: u8 = 1;
/// The window has no size.
pub(crate) const NO_WINDOW: u8 = 2;
/// The window is larger than its screen.
pub(crate) const WINDOW_OVER_SCREEN: u8 = 4;
/// Screen, window and viewport are all of one size.
pub(crate) const SCREEN_IS_VIEWPORT: u8 = 8;
/// Scrollbars take no room although no touch screen is there.
pub(crate) const NO_SCROLLBAR: u8 = 16;
/// The viewport changed while the agent listened: page zoom, another window size, a turned phone.
pub(crate) const VIEWPORT_CHANGED: u8 = 32;

pub(crate) fn bits(report: &Report) -> u8 {
    let environment = &report.environment;
    let mut bits = window(environment);
    if environment.measure(Measure::Scrollbar) == Some(0)
        && environment.measure(Measure::TouchPoints) == Some(0)
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
    // Below a ratio of 1 the page is zoomed out: more CSS pixels than the window has screen pixels.
    let zoomed_out = environment
        .measure(Measure::PixelRatio)
        .is_none_or(|ratio| ratio < 1_000);
    if let Some(inner) = inner
        && !zoomed_out
    {
        if inner.0 > outer.0 + SLACK || inner.1 > outer.1 + SLACK {
            bits |= INNER_OVER_OUTER;
        }
        if screen == Some(inner) && outer == inner {
            bits |= SCREEN_IS_VIEWPORT;
        }
    }
    bits
}

/// Shadows and invisible borders of maximised windows, in pixels.
const SLACK: i32 = 32;
