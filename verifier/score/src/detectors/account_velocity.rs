use super::{Detector, Finding};
use crate::{Cause, Context, Facts, Reason, Tier};

pub(super) const DETECTOR: Detector = Detector {
    name: "account-velocity",
    cause: Cause::Traffic,
    tier: Tier::B,
    reason: Reason::TooMuchTraffic,
    gate: "the backend names the account: more than 10 assessments for it in ten seconds, 20 in ten minutes, or 60 in an hour",
    false_positives: "Accounts that many people share; the owner of an account that is under attack. Of one cause with page-velocity, so a person who tries passwords again and again on one page stays at 0.5.",
    cost: "nothing",
    judge,
};

fn judge(_: &Facts, context: &Context<'_>) -> Option<Finding> {
    let traffic = context.traffic;
    for (count, most, span) in [
        (traffic.account_burst, MOST_IN_TEN_SECONDS, "ten seconds"),
        (traffic.account, MOST_IN_TEN_MINUTES, "ten minutes"),
        (traffic.account_hour, MOST_IN_AN_HOUR, "an hour"),
    ] {
        if count > most {
            return Some(Finding::b(format!(
                "{count:.0} assessments for one account in {span}"
            )));
        }
    }
    None
}

/// As many as one person submits with a finger on the key.
const MOST_IN_TEN_SECONDS: f32 = 10.0;
const MOST_IN_TEN_MINUTES: f32 = 20.0;
const MOST_IN_AN_HOUR: f32 = 60.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Traffic, detectors::quiet};

    #[test]
    fn it_finds_what_it_is_for_and_nothing_behind_its_gate() {
        for (account_burst, account, account_hour, expected) in [
            (0.0, 0.0, 0.0, false),
            (10.0, 20.0, 20.0, false),
            (0.0, 21.0, 21.0, true),
            (0.0, 5.0, 60.0, false),
            (0.0, 5.0, 61.0, true),
            (11.0, 11.0, 11.0, true),
        ] {
            let context = Context {
                traffic: Traffic {
                    account_burst,
                    account,
                    account_hour,
                    ..Traffic::default()
                },
                ..Context::default()
            };
            let found = judge(&quiet(), &context).is_some();
            assert_eq!(found, expected, "{account} {account_hour}");
        }
    }
}
