use touchstone_protocol::fnv1a64;

use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier};

pub(super) const DETECTOR: Detector = Detector {
    name: "backend-agent",
    cause: Cause::Identity,
    tier: Tier::C,
    reason: Reason::UnexpectedUsagePatterns,
    gate: "the backend gives a user agent, and the token's request had one",
    false_positives: "Backends that give their own user agent, or cut the visitor's.",
    judge,
};

fn judge(facts: &Facts, context: &Context<'_>) -> Option<Finding> {
    let agent = context
        .backend_user_agent
        .filter(|agent| !agent.is_empty())?;
    let known = facts.surroundings.agent_hash;
    (known != 0 && fnv1a64(agent.as_bytes()) != known)
        .then(|| Finding::c("the token was issued to another user agent than the backend saw"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::quiet;

    #[test]
    fn only_two_known_and_different_agents_are_a_finding() {
        let mut facts = quiet();
        facts.surroundings.agent_hash = fnv1a64(b"browser");
        let found = |facts: &Facts, agent| {
            judge(
                facts,
                &Context {
                    backend_user_agent: agent,
                    ..Context::default()
                },
            )
            .is_some()
        };
        assert!(found(&facts, Some("curl")));
        assert!(
            !found(&facts, Some("browser")) && !found(&facts, Some("")) && !found(&facts, None)
        );
        facts.surroundings.agent_hash = 0;
        assert!(!found(&facts, Some("curl")));
    }
}
