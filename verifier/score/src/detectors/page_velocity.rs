use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier};

pub(super) const DETECTOR: Detector = Detector {
    name: "page-velocity",
    cause: Cause::Traffic,
    tier: Tier::B,
    reason: Reason::TooMuchTraffic,
    gate: "more than 30 tokens of one page assessed within ten minutes",
    false_positives: "Pages that ask for a score with every keystroke or every few seconds.",
    cost: "nothing",
    judge,
};

/// A person who acts on purpose does so every 20 seconds at most for long; a session is good for 64 tokens.
fn judge(_: &Facts, context: &Context<'_>) -> Option<Finding> {
    let count = context.traffic.page;
    (count > MOST).then(|| Finding::b(format!("{count:.0} tokens of one page in ten minutes")))
}

const MOST: f32 = 30.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Traffic, detectors::quiet};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        for (page, expected) in [(0.0, false), (1.0, false), (30.0, false), (31.0, true)] {
            let context = Context {
                traffic: Traffic {
                    page,
                    ..Traffic::default()
                },
                ..Context::default()
            };
            assert_eq!(judge(&quiet(), &context).is_some(), expected, "{page}");
        }
    }
}
