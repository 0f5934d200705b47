use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier};

pub(super) const DETECTOR: Detector = Detector {
    name: "fusion",
    cause: Cause::Fusion,
    tier: Tier::M,
    reason: Reason::UnexpectedUsagePatterns,
    gate: "where both movement and typing say something; their sum counts where both have enough",
    false_positives: "People who are unusual in both, or very unusual in one. Rates: docs/levels.md.",
    cost: "events that are recorded in any case",
    judge,
};

fn judge(facts: &Facts, context: &Context<'_>) -> Option<Finding> {
    let (weight, detail) = context.behaviour.find_fusion(facts)?;
    Some(Finding::new(weight, detail))
}
