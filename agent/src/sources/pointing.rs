use touchstone_protocol::{Environment, Measure, Probe, State};

use crate::page::Page;

/// What kinds of pointing devices the browser says there are.
pub fn read(page: &Page, environment: &mut Environment) {
    for &(probe, query) in QUERIES {
        let matched = page.window.ask("matchMedia", &query.into());
        let state = matched.map_or(State::Unsupported, |query| query.state("matches"));
        environment.set_probe(probe, state);
    }
    let points = page.navigator.number("maxTouchPoints");
    if points.is_finite() {
        environment.set_measure(Measure::TouchPoints, points as i32);
    }
}

const QUERIES: &[(Probe, &str)] = &[
    (Probe::AnyPointerFine, "(any-pointer:fine)"),
    (Probe::AnyPointerCoarse, "(any-pointer:coarse)"),
    (Probe::AnyHover, "(any-hover:hover)"),
    (Probe::ReducedMotion, "(prefers-reduced-motion:reduce)"),
];
