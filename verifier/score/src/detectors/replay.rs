use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier};

pub(super) const DETECTOR: Detector = Detector {
    name: "replay",
    cause: Cause::Replay,
    tier: Tier::A,
    reason: Reason::Automation,
    gate: "an earlier visit with 3 bent strokes and 200 pointer events, in the same project (in any, with --replay-across-projects) and the last days; of the same page, or of another site key under one user agent within an hour, only if all events came later",
    false_positives: "None among recorded people: no two visits of one person are alike. A page whose report a proxy or a browser \
                      extension posts twice, under two sessions.",
    cost: "nothing",
    judge,
};

fn judge(_: &Facts, context: &Context<'_>) -> Option<Finding> {
    let replay = context.replay?;
    let (agreeing, of) = (replay.agreeing, replay.of);
    Some(Finding::a(format!(
        "the pointer path of a visit {} ago: {agreeing} of {of} strokes",
        age(replay.age_ms)
    )))
}

/// In the largest unit that gives two or more.
fn age(ms: u64) -> String {
    const SECOND: u64 = 1_000;
    const UNITS: [(u64, &str); 3] = [
        (24 * 3_600 * SECOND, "days"),
        (3_600 * SECOND, "hours"),
        (60 * SECOND, "minutes"),
    ];
    let fitting = UNITS.iter().find(|(unit, _)| ms >= 2 * unit);
    let (unit, name) = fitting.copied().unwrap_or((SECOND, "seconds"));
    format!("{} {name}", ms / unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Replay, detectors::quiet};

    #[test]
    fn a_replay_is_told_with_its_strokes_and_age() {
        assert_eq!(judge(&quiet(), &Context::default()), None);
        for (age_ms, said) in [
            (0, "0 seconds"),
            (119_999, "119 seconds"),
            (120_000, "2 minutes"),
            (7_200_000, "2 hours"),
            (200_000_000, "2 days"),
        ] {
            let replay = Replay {
                agreeing: 4,
                of: 5,
                age_ms,
            };
            let context = Context {
                replay: Some(replay),
                ..Context::default()
            };
            let detail = judge(&quiet(), &context).map(|finding| finding.detail);
            let expected = format!("the pointer path of a visit {said} ago: 4 of 5 strokes");
            assert_eq!(detail.as_deref(), Some(expected.as_str()));
        }
    }
}
