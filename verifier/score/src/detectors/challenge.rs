use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier};

pub(super) const DETECTOR: Detector = Detector {
    name: "challenge",
    cause: Cause::Challenge,
    tier: Tier::C,
    reason: Reason::Automation,
    gate: "a challenge was passed",
    false_positives: "None: it speaks for a visitor, up to 0.7, and not where a finding of tier A accuses. A challenge that was failed, or left, says nothing.",
    cost: "a question, for doubtful visitors of the site keys that ask one",
    judge,
};

fn judge(_: &Facts, context: &Context<'_>) -> Option<Finding> {
    context
        .is_challenge_passed
        .then(|| Finding::new(WEIGHT, "the visitor answered a challenge"))
}

/// Log-odds: as if a script that meets a challenge passed it once in seven times. Chosen, not measured: what it must do is take
/// somebody without any signals, at 0.1, to even.
const WEIGHT: f32 = 2.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::quiet;

    #[test]
    fn it_speaks_for_whoever_passed_and_against_nobody() {
        let passed = Context {
            is_challenge_passed: true,
            ..Context::default()
        };
        assert!(judge(&quiet(), &passed).is_some_and(|finding| finding.weight > 0.0));
        assert_eq!(judge(&quiet(), &Context::default()), None);
    }
}
