use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier};

pub(super) const DETECTOR: Detector = Detector {
    name: "verified-bot",
    cause: Cause::Transport,
    tier: Tier::C,
    reason: Reason::Automation,
    gate: "a request with an HTTP message signature under a key that the operator entered; with --verify-bots, a crawler whose address has a name of its operator's that leads back to it",
    false_positives: "It changes no score: it names a bot that proved who it is, for the site to decide.",
    cost: "nothing",
    judge,
};

fn judge(_: &Facts, context: &Context<'_>) -> Option<Finding> {
    let name = context.verified_bot?;
    Some(Finding::new(0.0, format!("{name} proved who it is")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::quiet;

    #[test]
    fn it_names_the_bot_and_weighs_nothing() {
        let context = Context {
            verified_bot: Some("example-agent"),
            ..Context::default()
        };
        let finding = judge(&quiet(), &context);
        assert!(finding.is_some_and(|f| f.weight == 0.0 && f.detail.contains("example-agent")));
        assert_eq!(judge(&quiet(), &Context::default()), None);
    }
}
