use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, model};

pub(super) const DETECTOR: Detector = Detector {
    name: "movement",
    cause: Cause::Movement,
    tier: Tier::M,
    reason: Reason::UnexpectedUsagePatterns,
    gate: "against a visitor: 3 strokes and 10 s of activity; for one: 2 strokes",
    false_positives: "Recorders and pointing devices unlike those it was learnt from. The threshold leaves room for them.",
    cost: "events that are recorded in any case",
    judge,
};

fn judge(facts: &Facts, _: &Context<'_>) -> Option<Finding> {
    let (weight, detail) = model::movement(facts)?;
    Some(Finding::new(weight, detail))
}
