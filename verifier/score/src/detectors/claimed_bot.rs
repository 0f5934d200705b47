use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, transport::sign};

pub(super) const DETECTOR: Detector = Detector {
    name: "claimed-bot",
    cause: Cause::Identity,
    tier: Tier::B,
    reason: Reason::UnexpectedEnvironment,
    gate: "with --verify-bots: the user agent names a crawler whose operator documents reverse DNS, DNS answers that the address is not the crawler's, and no unknown proxy shows",
    false_positives: "People who look at their site as a crawler would, by a changed user agent. A crawler behind a proxy that is not named as trusted and hides itself.",
    cost: "nothing",
    judge,
};

fn judge(facts: &Facts, context: &Context<'_>) -> Option<Finding> {
    let name = context.refuted_bot?;
    let is_own_address = !facts.sign(sign::UNKNOWN_PROXY);
    is_own_address.then(|| {
        Finding::b(format!(
            "the user agent claims to be {name}, and the address is none of its"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::quiet;

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        let refuted = Context {
            refuted_bot: Some("googlebot"),
            ..Context::default()
        };
        let finding = judge(&quiet(), &refuted);
        assert!(finding.is_some_and(|found| found.detail.contains("googlebot")));
        assert_eq!(judge(&quiet(), &Context::default()), None);
        let mut proxied = quiet();
        proxied.surroundings.signs |= sign::UNKNOWN_PROXY;
        assert_eq!(judge(&proxied, &refuted), None);
    }
}
