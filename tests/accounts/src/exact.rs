use std::{
    collections::{HashMap, VecDeque},
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use touchstone_accounts::{Count, Crowd, Kind, Millis};

use crate::visit::{Visit, fnv};

/// Velocity across accounts, counted exactly: what a verifier estimates in bounded memory.
#[derive(Debug, Clone, Default)]
pub struct Exact {
    meters: HashMap<(Subject, u64), Meter>,
    days: usize,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Subject {
    AccountsOfNetwork,
    AccountsOfEnvironment,
    FailuresOfNetwork,
    FailuresOfEnvironment,
    CreationsOfNetwork,
    CreationsOfEnvironment,
    Strangers,
}

impl Exact {
    /// Counts a visit, and says what a verifier would know of the crowd.
    pub fn see(&mut self, visit: &Visit) -> Crowd {
        let (network, environment) = keys(visit);
        let is_creation = visit.kind == Kind::Registration;
        let days = self.days;
        let mut count = |subject, key, counts: bool| {
            let meter = self.meters.entry((subject, key)).or_default();
            meter.count(visit.at_ms, counts.then_some(visit.account), days)
        };
        Crowd {
            accounts_of_network: count(Subject::AccountsOfNetwork, network, !is_creation),
            accounts_of_environment: count(
                Subject::AccountsOfEnvironment,
                environment,
                !is_creation,
            ),
            failures_of_network: count(Subject::FailuresOfNetwork, network, false),
            failures_of_environment: count(Subject::FailuresOfEnvironment, environment, false),
            creations_of_network: count(Subject::CreationsOfNetwork, network, is_creation),
            creations_of_environment: count(
                Subject::CreationsOfEnvironment,
                environment,
                is_creation,
            ),
            strangers_of_site: count(Subject::Strangers, 0, false),
        }
    }

    /// Counts a wrong password that was annotated.
    pub fn fail(&mut self, visit: &Visit) {
        let (network, environment) = keys(visit);
        for key in [
            (Subject::FailuresOfNetwork, network),
            (Subject::FailuresOfEnvironment, environment),
        ] {
            self.meters
                .entry(key)
                .or_default()
                .count(visit.at_ms, Some(visit.account), self.days);
        }
    }

    /// Counts a visit that its account does not know.
    pub fn stranger(&mut self, visit: &Visit) {
        let meter = self.meters.entry((Subject::Strangers, 0)).or_default();
        meter.count(visit.at_ms, Some(visit.account), self.days);
    }

    /// Ends a day: what was counted becomes what is ordinary. What nothing came from for long is forgotten.
    pub fn end_day(&mut self) {
        for meter in self.meters.values_mut() {
            meter.end_day();
        }
        self.meters
            .retain(|_, meter| meter.before.iter().any(|count| *count > 0.0));
        self.days += 1;
    }
}

/// Different accounts in ten minutes and in a day, and the days before.
#[derive(Debug, Clone, Default)]
struct Meter {
    short: Window,
    long: Window,
    today: f32,
    before: VecDeque<f32>,
}

impl Meter {
    fn count(&mut self, at_ms: Millis, account: Option<usize>, days: usize) -> Count {
        let ten_minutes = self.short.count(at_ms, 600_000, account);
        let before = self.long.accounts.len();
        let day = self.long.count(at_ms, 86_400_000, account);
        if account.is_some() && self.long.accounts.len() > before {
            self.today += 1.0;
        }
        let week: f32 = self.before.iter().sum();
        let busy_parts = days.clamp(1, WEEK) as f32 * 144.0 / 3.0;
        // For two days nobody knows what is ordinary.
        Count {
            ten_minutes,
            day,
            ordinary_ten_minutes: if days < 1 {
                ten_minutes
            } else {
                week / busy_parts
            },
            ordinary_day: if days < 2 {
                day
            } else {
                week / (days - 1).clamp(1, 4) as f32
            },
        }
    }

    fn end_day(&mut self) {
        self.before.push_back(std::mem::take(&mut self.today));
        if self.before.len() > WEEK {
            self.before.pop_front();
        }
    }
}

#[derive(Debug, Clone, Default)]
struct Window {
    visits: VecDeque<(Millis, usize)>,
    accounts: HashMap<usize, u32>,
}

impl Window {
    fn count(&mut self, at_ms: Millis, span: Millis, account: Option<usize>) -> f32 {
        while let Some((then, account)) = self.visits.front().copied()
            && then + span <= at_ms
        {
            self.visits.pop_front();
            if let Some(visits) = self.accounts.get_mut(&account) {
                *visits -= 1;
                if *visits == 0 {
                    self.accounts.remove(&account);
                }
            }
        }
        if let Some(account) = account {
            self.visits.push_back((at_ms, account));
            *self.accounts.entry(account).or_default() += 1;
        }
        self.accounts.len() as f32
    }
}

/// The /24 or /48, and the class of environment.
fn keys(visit: &Visit) -> (u64, u64) {
    let network = match visit.network {
        IpAddr::V4(address) => u64::from(Ipv4Addr::to_bits(address) >> 8),
        IpAddr::V6(address) => 1 << 63 | (Ipv6Addr::to_bits(address) >> 80) as u64,
    };
    (network, fnv(visit.browser.environment().class().as_bytes()))
}

/// Days that tell what is ordinary.
const WEEK: usize = 6;
