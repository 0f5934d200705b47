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
            excess(crowd.strangers_of_site, STRANGERS_OF_SITE) * 1.0,
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
        BUSY,
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
}

const ACCOUNTS_OF_NETWORK: Limits = Limits {
    ten_minutes: 4.0,
    day: 12.0,
};
const ACCOUNTS_OF_ENVIRONMENT: Limits = Limits {
    ten_minutes: 20.0,
    day: 100.0,
};
const FAILURES_OF_NETWORK: Limits = Limits {
    ten_minutes: 4.0,
    day: 10.0,
};
const FAILURES_OF_ENVIRONMENT: Limits = Limits {
    ten_minutes: 10.0,
    day: 40.0,
};
const CREATIONS_OF_NETWORK: Limits = Limits {
    ten_minutes: 2.0,
    day: 4.0,
};
const CREATIONS_OF_ENVIRONMENT: Limits = Limits {
    ten_minutes: 5.0,
    day: 30.0,
};
const STRANGERS_OF_SITE: Limits = Limits {
    ten_minutes: 10.0,
    day: 50.0,
};

/// The busiest ten minutes of a day beside its average.
const BUSY: f32 = 4.0;
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
