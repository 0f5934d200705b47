use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier};

pub(super) const DETECTOR: Detector = Detector {
    name: "page-velocity",
    cause: Cause::Traffic,
    tier: Tier::B,
    reason: Reason::TooMuchTraffic,
    gate: "more than 30 tokens of one page assessed within ten minutes, or 20 within ten seconds",
    false_positives: "Pages that ask for a score with every keystroke or every few seconds.",
    cost: "nothing",
    judge,
};

/// A person who acts on purpose does so every 20 seconds at most for long; a session is good for 64 tokens.
fn judge(_: &Facts, context: &Context<'_>) -> Option<Finding> {
    let traffic = context.traffic;
    for (count, most, span) in [
        (traffic.page_burst, MOST_IN_TEN_SECONDS, "ten seconds"),
        (traffic.page, MOST_IN_TEN_MINUTES, "ten minutes"),
    ] {
        if count > most {
            return Some(Finding::b(format!(
                "{count:.0} tokens of one page in {span}"
            )));
        }
    }
    None
}

/// Impatient people click twice a second.
const MOST_IN_TEN_SECONDS: f32 = 20.0;
const MOST_IN_TEN_MINUTES: f32 = 30.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Traffic, detectors::quiet};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        for (page_burst, page, expected) in [
            (0.0, 0.0, false),
            (1.0, 1.0, false),
            (20.0, 30.0, false),
            (0.0, 31.0, true),
            (21.0, 21.0, true),
        ] {
            let context = Context {
                traffic: Traffic {
                    page_burst,
                    page,
                    ..Traffic::default()
                },
                ..Context::default()
            };
            assert_eq!(judge(&quiet(), &context).is_some(), expected, "{page}");
        }
    }
}
