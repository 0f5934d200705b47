use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier, facts::Source};

pub(super) const DETECTOR: Detector = Detector {
    name: "request-rate",
    cause: Cause::Traffic,
    tier: Tier::M,
    reason: Reason::TooMuchTraffic,
    gate: "an express assessment; ten times what is ordinary for the address, and 600 requests a minute",
    false_positives: "Carriers, campuses and companies behind one address, until the rate is ordinary for it: hence never below 0.3.",
    cost: "nothing",
    judge,
};

/// Where an agent takes part, rates only support what it saw. Without one they are nearly all there is.
fn judge(facts: &Facts, context: &Context<'_>) -> Option<Finding> {
    let rate = context.traffic.address;
    (facts.source == Source::Request && rate.exceeds(TIMES)).then(|| {
        let (seen, ordinary) = (rate.per_minute, rate.ordinary);
        let detail = format!(
            "{seen:.0} requests from the address in a minute, where {ordinary:.0} are ordinary"
        );
        Finding::new(WEIGHT, detail)
    })
}

const TIMES: f32 = 10.0;
/// Log-odds of the score 0.3.
const WEIGHT: f32 = -0.847_297_9;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Rate, Traffic, detectors::quiet};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        for (source, per_minute, ordinary, expected) in [
            (Source::Request, 600.0, 60.0, true),
            (Source::Request, 599.0, 60.0, false),
            (Source::Request, 5_999.0, 600.0, false),
            (Source::Request, 900.0, 0.0, false),
            (Source::Measured, 900.0, 60.0, false),
        ] {
            let mut facts = quiet();
            facts.source = source;
            let address = Rate {
                per_minute,
                ordinary,
            };
            let traffic = Traffic {
                address,
                ..Traffic::default()
            };
            let context = Context {
                traffic,
                ..Context::default()
            };
            let found = judge(&facts, &context).is_some();
            assert_eq!(found, expected, "{source:?} {per_minute} {ordinary}");
        }
    }
}
