use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, model};

pub(super) const DETECTOR: Detector = Detector {
    name: "typing",
    cause: Cause::Typing,
    tier: Tier::M,
    reason: Reason::UnexpectedUsagePatterns,
    gate: "against a visitor: 30 keys and 10 s of activity; for one: 8 keys; physical keyboards only",
    false_positives: "Very even typists; the threshold leaves room for them.",
    cost: "events that are recorded in any case",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let (weight, detail) = model::typing(facts)?;
    Some(Finding::new(weight, detail))
}
