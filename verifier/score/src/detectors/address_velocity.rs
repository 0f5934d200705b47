use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier};

pub(super) const DETECTOR: Detector = Detector {
    name: "address-velocity",
    cause: Cause::Traffic,
    tier: Tier::C,
    reason: Reason::TooMuchTraffic,
    gate: "three times what is ordinary for the address, and 180 requests a minute (720 for the network around it); not where every visitor has the address of a proxy",
    false_positives: "Carriers, campuses and companies behind one address: hence context only.",
    cost: "nothing",
    judge,
};

fn judge(_: &Facts, context: &Context<'_>) -> Option<Finding> {
    let traffic = context.traffic;
    for (rate, source) in [
        (traffic.address, "the address"),
        (traffic.network, "the network"),
    ] {
        if rate.exceeds(TIMES) {
            let (seen, ordinary) = (rate.per_minute, rate.ordinary);
            return Some(Finding::c(format!(
                "{seen:.0} requests from {source} in a minute, where {ordinary:.0} are ordinary"
            )));
        }
    }
    None
}

const TIMES: f32 = 3.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Rate, Traffic, detectors::quiet};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        let rate = |per_minute, ordinary| Rate {
            per_minute,
            ordinary,
        };
        let none = Rate::default();
        for (address, network, expected) in [
            (none, none, false),
            (rate(179.0, 60.0), none, false),
            (rate(180.0, 60.0), none, true),
            (rate(900.0, 600.0), none, false),
            (rate(10.0, 60.0), rate(720.0, 240.0), true),
            (rate(900.0, 0.0), none, false),
        ] {
            let context = Context {
                traffic: Traffic {
                    address,
                    network,
                    ..Traffic::default()
                },
                ..Context::default()
            };
            let found = judge(&quiet(), &context).is_some();
            assert_eq!(found, expected, "{address:?} {network:?}");
        }
    }
}
