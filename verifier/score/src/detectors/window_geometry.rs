use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, features::geometry};

pub(super) const DETECTOR: Detector = Detector {
    name: "window-geometry",
    cause: Cause::Geometry,
    tier: Tier::C,
    reason: Reason::UnexpectedEnvironment,
    gate: "the viewport's size only where zooming out cannot explain it",
    false_positives: "Kiosks, web views, prerendering; macOS hides scrollbars as headless browsers do.",
    cost: "ten property reads with every report",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let kinds = [
        (geometry::NO_WINDOW, "the window has no size"),
        (
            geometry::INNER_OVER_OUTER,
            "the viewport is larger than its window",
        ),
        (
            geometry::WINDOW_OVER_SCREEN,
            "the window is larger than its screen",
        ),
        (
            geometry::SCREEN_IS_VIEWPORT,
            "screen, window and viewport have one size",
        ),
        (
            geometry::NO_SCROLLBAR,
            "scrollbars take no room on a device without touch",
        ),
    ];
    let seen: Vec<&str> = kinds
        .iter()
        .filter(|(bit, _)| facts.geometry(*bit))
        .map(|(_, what)| *what)
        .collect();
    (!seen.is_empty()).then(|| Finding::c(seen.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[
            |facts| facts.surroundings.geometry = geometry::NO_WINDOW,
            |facts| {
                facts.surroundings.geometry = geometry::SCREEN_IS_VIEWPORT | geometry::NO_SCROLLBAR
            },
        ];
        const SILENT: &[Change] =
            &[|facts| facts.surroundings.geometry = geometry::VIEWPORT_CHANGED];
        for (i, change) in FINDS.iter().enumerate() {
            assert!(found(&DETECTOR, *change), "case {i}");
        }
        for (i, change) in SILENT.iter().enumerate() {
            assert!(!found(&DETECTOR, *change), "silent case {i}");
        }
    }
}
