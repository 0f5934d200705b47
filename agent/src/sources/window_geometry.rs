use touchstone_protocol::{Environment, Measure};

use crate::page::{Page, Thing};

/// Sizes of page, window and screen.
pub fn read(page: &Page, environment: &mut Environment) {
    let window = &page.window;
    let mut set = |measure, value: f64| {
        if value.is_finite() {
            environment.set_measure(measure, value as i32);
        }
    };
    set(Measure::PixelRatio, window.pixel_ratio() * 1_000.0 + 0.5);
    let inner_width = window.number("innerWidth");
    set(Measure::InnerWidth, inner_width);
    set(Measure::InnerHeight, window.number("innerHeight"));
    set(Measure::OuterWidth, window.number("outerWidth"));
    set(Measure::OuterHeight, window.number("outerHeight"));
    let number = |owner: Option<Thing>, name| owner.map_or(f64::NAN, |it| it.number(name));
    set(Measure::ScreenWidth, number(window.get("screen"), "width"));
    set(
        Measure::ScreenHeight,
        number(window.get("screen"), "height"),
    );
    let root = page.document.get("documentElement");
    let size = |name| root.as_ref().map_or(f64::NAN, |it| it.number(name));
    // A page that fits its window has none to measure.
    if size("scrollHeight") > size("clientHeight") {
        set(Measure::Scrollbar, inner_width - size("clientWidth"));
    }
}
