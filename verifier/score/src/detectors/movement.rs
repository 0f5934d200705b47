use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, model::Part};

pub(super) const DETECTOR: Detector = Detector {
    name: "movement",
    cause: Cause::Movement,
    tier: Tier::M,
    reason: Reason::UnexpectedUsagePatterns,
    gate: "against a visitor: 3 strokes and 10 s of activity; for one: 2 strokes",
    false_positives: "People whose strokes are all alike, such as in laboratory tasks; recorders and pointing devices unlike those it was learnt from. Rates by source: docs/levels.md.",
    cost: "events that are recorded in any case",
    judge,
};

fn judge(facts: &Facts, context: &Context<'_>) -> Option<Finding> {
    let (weight, detail) = context.behaviour.find(Part::Movement, facts)?;
    Some(Finding::new(weight, detail))
}
