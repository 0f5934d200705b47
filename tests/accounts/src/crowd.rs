use std::{fmt, sync::Arc};

use touchstone_accounts::{Count, Crowd, Kind};
use touchstone_traffic::{Busyness, Origin, SketchKey, Traffic};

use crate::{
    exact::Exact,
    visit::{Visit, fnv},
};

/// Who counts what comes to many accounts at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountedBy {
    /// The simulation itself, exactly.
    Simulation,
    /// What verifiers count with, in bounded memory.
    Verifier,
}

/// Velocity across accounts.
#[derive(Clone)]
pub enum Velocity {
    /// Counted exactly.
    Exact(Exact),
    /// Counted as a verifier does. A copy is the same one.
    Verifier(Arc<Traffic>),
}

impl Velocity {
    /// Nothing counted yet, at a day since the epoch.
    pub fn new(by: CountedBy, day: u64) -> Self {
        match by {
            CountedBy::Simulation => Self::Exact(Exact::default()),
            CountedBy::Verifier => {
                Self::Verifier(Arc::new(Traffic::new(SketchKey([7; 16]), day * 86_400_000)))
            }
        }
    }

    /// Counts a visit, and says what is known of the crowd.
    pub fn see(&mut self, visit: &Visit) -> Crowd {
        match self {
            Self::Exact(exact) => exact.see(visit),
            Self::Verifier(traffic) => {
                let mut account = [0; 32];
                account[..8].copy_from_slice(&(visit.account as u64).to_le_bytes());
                let creates = visit.kind == Kind::Registration;
                let of = traffic.asked_for(Some(&account), &origin(visit), creates, visit.at_ms);
                Crowd {
                    accounts_of_network: count(of.accounts_of_network),
                    accounts_of_environment: count(of.accounts_of_environment),
                    failures_of_network: count(of.failures_of_network),
                    failures_of_environment: count(of.failures_of_environment),
                    creations_of_network: count(of.creations_of_network),
                    creations_of_environment: count(of.creations_of_environment),
                    strangers_of_site: count(of.strangers_of_site),
                }
            }
        }
    }

    /// Counts a wrong password that was annotated.
    pub fn fail(&mut self, visit: &Visit) {
        match self {
            Self::Exact(exact) => exact.fail(visit),
            Self::Verifier(traffic) => traffic.failed(&origin(visit), visit.at_ms),
        }
    }

    /// Counts a visit that its account does not know.
    pub fn stranger(&mut self, visit: &Visit) {
        match self {
            Self::Exact(exact) => exact.stranger(visit),
            Self::Verifier(traffic) => traffic.stranger_came(&origin(visit), visit.at_ms),
        }
    }

    /// Ends a day.
    pub fn end_day(&mut self) {
        if let Self::Exact(exact) = self {
            exact.end_day();
        }
    }
}

impl fmt::Debug for Velocity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Velocity(..)")
    }
}

fn origin(visit: &Visit) -> Origin {
    Origin {
        network: Some(visit.network),
        environment: fnv(visit.browser.environment().class().as_bytes()),
        site: 1,
    }
}

fn count(busyness: Busyness) -> Count {
    Count {
        ten_minutes: busyness.ten_minutes,
        day: busyness.day,
        ordinary_ten_minutes: busyness.ordinary_ten_minutes,
        ordinary_day: busyness.ordinary_day,
    }
}
