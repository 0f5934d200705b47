use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, model::Part};

pub(super) const DETECTOR: Detector = Detector {
    name: "typing",
    cause: Cause::Typing,
    tier: Tier::M,
    reason: Reason::UnexpectedUsagePatterns,
    gate: "against a visitor: 30 keys and 10 s of activity; for one: 8 keys; physical keyboards only, no resisted fingerprinting",
    false_positives: "Very even typists. Rates by source: docs/levels.md.",
    cost: "events that are recorded in any case",
    judge,
};

fn judge(facts: &Facts, context: &Context<'_>) -> Option<Finding> {
    let (weight, detail) = context.behaviour.find(Part::Typing, facts)?;
    Some(Finding::new(weight, detail))
}
