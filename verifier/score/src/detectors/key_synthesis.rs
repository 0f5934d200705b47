use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, features::Keys};

pub(super) const DETECTOR: Detector = Detector {
    name: "key-synthesis",
    cause: Cause::KeySynthesis,
    tier: Tier::B,
    reason: Reason::Automation,
    gate: "no touch screen; capitals, keys never released and rhythm only, and rhythm not under resisted fingerprinting; keys without a code alone are key-codes",
    false_positives: "Barcode scanners, password managers that type, text expanders that name a key's code. Of one cause, so never below 0.5 by themselves, but lower with an approach finding.",
    cost: "events that are recorded in any case",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    if facts.has_touch() {
        return None;
    }
    let Keys {
        count,
        held,
        unshifted,
        intervals,
        interval_cv,
        rate,
        ..
    } = facts.keys;
    let rhythm = !facts.clock_is_blurred();
    let detail = if unshifted >= 2 {
        format!("{unshifted} capitals without Shift or Caps Lock")
    } else if count >= 8 && held < count / 2 {
        format!("{} of {count} keys never released", count - held)
    } else if rhythm && intervals >= 15 && rate.get() > 25.0 {
        format!("{:.0} keys a second over {intervals} intervals", rate.get())
    } else if rhythm && intervals >= 20 && interval_cv.get() < 0.15 {
        format!(
            "{intervals} intervals vary by {:.0} % only",
            interval_cv.get() * 100.0
        )
    } else {
        return None;
    };
    Some(Finding::b(detail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::{Change, found};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        const FINDS: &[Change] = &[
            |facts| facts.keys.unshifted = 2,
            |facts| {
                facts.keys.count = 12;
                facts.keys.held = 2
            },
            |facts| {
                facts.keys.intervals = 15;
                facts.keys.rate = 30.0.into()
            },
            |facts| {
                facts.keys.intervals = 20;
                facts.keys.rate = 5.0.into();
                facts.keys.interval_cv = 0.1.into()
            },
        ];
        const SILENT: &[Change] = &[
            |facts| facts.keys.codeless = 20,
            |facts| {
                facts.keys.intervals = 20;
                facts.keys.rate = 5.0.into();
                facts.keys.interval_cv = 0.5.into()
            },
            |facts| {
                facts.keys.unshifted = 5;
                facts.surroundings.touch_points = 5
            },
            |facts| {
                facts.keys.intervals = 20;
                facts.keys.interval_cv = 0.1.into();
                facts.surroundings.clock_step_us = 16_700
            },
        ];
        for (i, change) in FINDS.iter().enumerate() {
            assert!(found(&DETECTOR, *change), "case {i}");
        }
        for (i, change) in SILENT.iter().enumerate() {
            assert!(!found(&DETECTOR, *change), "silent case {i}");
        }
    }
}
