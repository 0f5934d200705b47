use crate::{Contribution, Count, Crowd};

/// What comes to many accounts at once speaks against each of the visits, as far as it is above the ordinary.
pub(crate) fn of_login(crowd: &Crowd, is_stranger: bool, out: &mut Vec<Contribution>) {
    for (name, count, limits, weight) in [
        (
            "accounts_of_network",
            crowd.accounts_of_network,
            ACCOUNTS_OF_NETWORK,
            1.2,
        ),
        (
            "accounts_of_environment",
            crowd.accounts_of_environment,
            ACCOUNTS_OF_ENVIRONMENT,
            1.0,
        ),
        (
            "failures_of_network",
            crowd.failures_of_network,
            FAILURES_OF_NETWORK,
            1.2,
        ),
        (
            "failures_of_environment",
            crowd.failures_of_environment,
            FAILURES_OF_ENVIRONMENT,
            1.0,
        ),
    ] {
        add(name, excess(count, limits) * weight, out);
    }
    if is_stranger {
        add(
            "strangers_of_site",
            excess(crowd.strangers_of_site, STRANGERS_OF_SITE) * 1.3,
            out,
        );
    }
}

/// The same for accounts that are made.
pub(crate) fn of_registration(crowd: &Crowd, out: &mut Vec<Contribution>) {
    for (name, count, limits, weight) in [
        (
            "creations_of_network",
            crowd.creations_of_network,
            CREATIONS_OF_NETWORK,
            1.2,
        ),
        (
            "creations_of_environment",
            crowd.creations_of_environment,
            CREATIONS_OF_ENVIRONMENT,
            1.0,
        ),
        (
            "accounts_of_network",
            crowd.accounts_of_network,
            ACCOUNTS_OF_NETWORK,
            0.5,
        ),
    ] {
        add(name, excess(count, limits) * weight, out);
    }
}

/// How much a network is one of many accounts on any day, 0 to 1.
pub(crate) fn share(accounts_of_network: &Count) -> f32 {
    1.0 - (-accounts_of_network.ordinary_day.max(0.0) / 5.0).exp()
}

/// Whether these terms say that many accounts were asked for.
pub(crate) fn is_many(contributions: &[Contribution]) -> bool {
    let of_crowd = |term: &&Contribution| MANY.contains(&term.name);
    contributions
        .iter()
        .filter(of_crowd)
        .map(|term| term.weight)
        .sum::<f32>()
        >= 1.0
}

fn add(name: &'static str, weight: f32, out: &mut Vec<Contribution>) {
    if weight > 0.0 {
        out.push(Contribution {
            name,
            weight: weight.min(MOST),
        });
    }
}

/// How many times the ordinary it is, as a logarithm: the share of visits that are too many, as odds.
fn excess(count: Count, limits: Limits) -> f32 {
    let of = |now: f32, ordinary: f32, busy: f32, free: f32| {
        let allowed = (ordinary * busy).max(free);
        if now > allowed {
            (now / allowed).ln()
        } else {
            0.0
        }
    };
    let short = of(
        count.ten_minutes,
        count.ordinary_ten_minutes,
        limits.busy,
        limits.ten_minutes,
    );
    let long = of(count.day, count.ordinary_day, BUSY_DAY, limits.day);
    short.max(long)
}

/// What anybody may do without being asked how often it happens.
#[derive(Debug, Clone, Copy)]
struct Limits {
    ten_minutes: f32,
    day: f32,
    /// The busiest ten minutes beside those of a busy hour.
    busy: f32,
}

const ACCOUNTS_OF_NETWORK: Limits = Limits {
    ten_minutes: 4.0,
    day: 12.0,
    busy: BUSY_NETWORK,
};
const ACCOUNTS_OF_ENVIRONMENT: Limits = Limits {
    ten_minutes: 20.0,
    day: 100.0,
    busy: BUSY_SITE,
};
const FAILURES_OF_NETWORK: Limits = Limits {
    ten_minutes: 4.0,
    day: 10.0,
    busy: BUSY_NETWORK,
};
const FAILURES_OF_ENVIRONMENT: Limits = Limits {
    ten_minutes: 10.0,
    day: 40.0,
    busy: BUSY_SITE,
};
const CREATIONS_OF_NETWORK: Limits = Limits {
    ten_minutes: 2.0,
    day: 4.0,
    busy: BUSY_NETWORK,
};
const CREATIONS_OF_ENVIRONMENT: Limits = Limits {
    ten_minutes: 5.0,
    day: 30.0,
    busy: BUSY_SITE,
};
const STRANGERS_OF_SITE: Limits = Limits {
    ten_minutes: 5.0,
    day: 30.0,
    busy: BUSY_SITE,
};

/// An office in the morning beside its busy hours.
const BUSY_NETWORK: f32 = 4.0;
/// A site, or those of its visitors with one kind of browser, in the evening.
const BUSY_SITE: f32 = 1.5;
/// A busy day beside the average one.
const BUSY_DAY: f32 = 1.7;
/// The most that one of them says.
const MOST: f32 = 3.5;

const MANY: &[&str] = &[
    "accounts_of_network",
    "accounts_of_environment",
    "creations_of_network",
    "creations_of_environment",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn count(ten_minutes: f32, day: f32, ordinary_day: f32) -> Count {
        Count {
            ten_minutes,
            day,
            ordinary_ten_minutes: ordinary_day / 48.0,
            ordinary_day,
        }
    }

    fn weight(crowd: &Crowd) -> f32 {
        let mut terms = Vec::new();
        of_login(crowd, false, &mut terms);
        terms.iter().fold(0.0, |sum, term| sum + term.weight)
    }

    #[test]
    fn a_family_an_office_and_a_carrier_on_an_ordinary_day_say_nothing() {
        for accounts_of_network in [
            count(4.0, 8.0, 0.0),
            count(10.0, 150.0, 120.0),
            count(200.0, 30_000.0, 25_000.0),
        ] {
            let crowd = Crowd {
                accounts_of_network,
                ..Crowd::default()
            };
            assert_eq!(weight(&crowd), 0.0, "{crowd:?}");
        }
    }

    #[test]
    fn more_than_ordinary_says_more_and_never_everything() {
        let of = |day| {
            weight(&Crowd {
                accounts_of_network: count(0.0, day, 120.0),
                ..Crowd::default()
            })
        };
        assert!(0.0 < of(400.0) && of(400.0) < of(2_000.0));
        assert_eq!(of(f32::MAX), MOST);
        assert_eq!(of(f32::NAN), 0.0);
    }

    #[test]
    fn many_strangers_at_a_site_speak_against_strangers_alone() {
        let crowd = Crowd {
            strangers_of_site: count(50.0, 900.0, 40.0),
            ..Crowd::default()
        };
        assert_eq!(weight(&crowd), 0.0);
        let mut terms = Vec::new();
        of_login(&crowd, true, &mut terms);
        assert_eq!(terms[0].name, "strangers_of_site");
        assert!(!is_many(&terms));
    }
}
