use std::net::IpAddr;

use crate::{Millis, Subject, Traffic, address::wide};

/// Where a visit to an account comes from, as far as many visits share it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// A network, as [`Subject::Network`].
    Network(IpAddr),
    /// A kind of browser at one site, by a keyed hash of both.
    Environment(u64),
    /// All of one site, by a keyed hash.
    Site(u64),
}

/// What is counted of a [`Source`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Happening {
    /// An account that was not asked for from there in the last ten minutes.
    AccountInTenMinutes,
    /// An account that was not asked for from there in the last day.
    AccountInDay,
    /// An account was made.
    Creation,
    /// A password was wrong, as the site says later.
    Failure,
    /// Somebody came whom the account does not know.
    Stranger,
}

/// Where one visit to an account comes from. What is not known is not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// The visitor's address.
    pub network: Option<IpAddr>,
    /// A keyed hash of kind of browser and site.
    pub environment: u64,
    /// A keyed hash of the site.
    pub site: u64,
}

/// What came to the accounts of a site from where one visit comes from, itself included.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Crowd {
    /// Different accounts that were asked for from the network, at any site.
    pub accounts_of_network: Busyness,
    /// Different accounts that were asked for from the environment.
    pub accounts_of_environment: Busyness,
    /// Wrong passwords from the network, at any site.
    pub failures_of_network: Busyness,
    /// Wrong passwords from the environment.
    pub failures_of_environment: Busyness,
    /// Accounts made from the network, at any site.
    pub creations_of_network: Busyness,
    /// Accounts made from the environment.
    pub creations_of_environment: Busyness,
    /// Visits to all accounts of the site by somebody whom the account does not know.
    pub strangers_of_site: Busyness,
}

/// How much there was of something, and how much there ordinarily is.
///
/// What is ordinary is told by the day before the present one (in UTC), so that an office, a campus or a carrier's gateway is
/// judged against itself. After a restart nothing is ordinary for up to a day.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Busyness {
    /// In the last ten minutes.
    pub ten_minutes: f32,
    /// In the last day.
    pub day: f32,
    /// In the busiest ten minutes of the day before, estimated from all of it; 0 if nothing is known.
    pub ordinary_ten_minutes: f32,
    /// In the day before; 0 if nothing is known.
    pub ordinary_day: f32,
}

impl Traffic {
    /// An account, by its keyed hash, is asked for, to be made if `creates`. Answers what came from the same sources. `account`
    /// is `None` where it has no name yet.
    pub fn asked_for(
        &self,
        account: Option<&[u8; 32]>,
        origin: &Origin,
        creates: bool,
        now: Millis,
    ) -> Crowd {
        let environment = Source::Environment(origin.environment);
        let network = origin.network().map(|source| {
            (
                self.accounts(source, account, now),
                self.creations(source, creates, now),
                self.busyness(source, Happening::Failure, now),
            )
        });
        let (accounts_of_network, creations_of_network, failures_of_network) =
            network.unwrap_or_default();
        Crowd {
            accounts_of_network,
            accounts_of_environment: self.accounts(environment, account, now),
            failures_of_network,
            failures_of_environment: self.busyness(environment, Happening::Failure, now),
            creations_of_network,
            creations_of_environment: self.creations(environment, creates, now),
            strangers_of_site: self.busyness(Source::Site(origin.site), Happening::Stranger, now),
        }
    }

    /// A password was wrong. Not when the site says so, but when it was: `now` is the present time all the same, because what
    /// is told late says something about the present.
    pub fn failed(&self, origin: &Origin, now: Millis) {
        let environment = Source::Environment(origin.environment);
        for source in origin.network().into_iter().chain([environment]) {
            self.happened(source, Happening::Failure, now);
        }
    }

    /// The account does not know who came.
    pub fn stranger_came(&self, origin: &Origin, now: Millis) {
        self.happened(Source::Site(origin.site), Happening::Stranger, now);
    }

    /// Counts an account that is asked for from a source, once in ten minutes and once in a day.
    fn accounts(&self, source: Source, account: Option<&[u8; 32]>, now: Millis) -> Busyness {
        if let Some(account) = account {
            let seen = self.count(Subject::Pair(source, account), now);
            for (times, happening) in [
                (seen.ten_minutes, Happening::AccountInTenMinutes),
                (seen.day, Happening::AccountInDay),
            ] {
                if times < SEEN_BEFORE {
                    self.happened(source, happening, now);
                }
            }
        }
        let short = self.busyness(source, Happening::AccountInTenMinutes, now);
        let long = self.busyness(source, Happening::AccountInDay, now);
        Busyness {
            day: long.day,
            ordinary_day: long.ordinary_day,
            ..short
        }
    }

    fn creations(&self, source: Source, creates: bool, now: Millis) -> Busyness {
        if creates {
            self.happened(source, Happening::Creation, now);
        }
        self.busyness(source, Happening::Creation, now)
    }

    fn happened(&self, source: Source, happening: Happening, now: Millis) {
        self.count(Subject::Crowd(source, happening), now);
    }

    fn busyness(&self, source: Source, happening: Happening, now: Millis) -> Busyness {
        let subject = Subject::Crowd(source, happening);
        let levels = self.levels(subject, now);
        let before = self.day_before(subject, now);
        Busyness {
            ten_minutes: levels.ten_minutes,
            day: levels.day,
            ordinary_ten_minutes: before * BUSIEST_SHARE,
            ordinary_day: before,
        }
    }
}

impl Origin {
    fn network(&self) -> Option<Source> {
        self.network.map(|address| Source::Network(wide(address)))
    }
}

/// A pair that was counted before reads as at least 1 and a half until most of its window has passed.
const SEEN_BEFORE: f32 = 1.5;
/// What share of a day comes in its busiest ten minutes: a day's visits come within eight hours, in the busiest of them twice
/// as many as on average.
const BUSIEST_SHARE: f32 = 2.0 / 48.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SketchKey;

    /// Midnight in UTC.
    const START: Millis = 1_800_057_600_000;
    const MINUTE: Millis = 60_000;
    const DAY: Millis = 86_400_000;

    fn traffic() -> Traffic {
        Traffic::new(SketchKey([5; 16]), START)
    }

    fn account(number: u32) -> [u8; 32] {
        let mut hash = [0; 32];
        hash[..4].copy_from_slice(&number.to_be_bytes());
        hash
    }

    fn origin(address: &str, environment: u64) -> Origin {
        Origin {
            network: address.parse().ok(),
            environment,
            site: 1,
        }
    }

    #[test]
    fn accounts_count_once_however_often_they_are_asked_for() {
        let traffic = traffic();
        let from = origin("192.0.2.1", 1);
        let mut crowd = Crowd::default();
        for round in 0..5 {
            for number in 0..7 {
                crowd = traffic.asked_for(Some(&account(number)), &from, false, START + round);
            }
        }
        assert_eq!(crowd.accounts_of_network.ten_minutes, 7.0);
        assert_eq!(crowd.accounts_of_network.day, 7.0);
        assert_eq!(crowd.accounts_of_environment, crowd.accounts_of_network);
        let later = traffic.asked_for(Some(&account(0)), &from, false, START + 30 * MINUTE);
        let network = later.accounts_of_network;
        assert_eq!((network.ten_minutes, network.day), (1.0, 7.0));
    }

    #[test]
    fn networks_browsers_and_sites_are_counted_apart() {
        let traffic = traffic();
        for number in 0..20 {
            let from = origin("192.0.2.1", u64::from(number));
            traffic.asked_for(Some(&account(number)), &from, true, START);
            traffic.failed(&from, START);
            traffic.stranger_came(&from, START);
        }
        let near = traffic.asked_for(None, &origin("192.0.2.200", 99), false, START);
        assert_eq!(near.accounts_of_network.day, 20.0);
        assert_eq!(near.creations_of_network.ten_minutes, 20.0);
        assert_eq!(near.failures_of_network.ten_minutes, 20.0);
        assert_eq!(near.strangers_of_site.day, 20.0);
        assert_eq!(near.accounts_of_environment, Busyness::default());
        assert_eq!(near.failures_of_environment, Busyness::default());
        let far = Origin {
            site: 2,
            ..origin("198.51.100.1", 3)
        };
        let far = traffic.asked_for(None, &far, false, START);
        assert_eq!(far.accounts_of_network, Busyness::default());
        assert_eq!(far.failures_of_environment.day, 1.0);
        assert_eq!(far.strangers_of_site, Busyness::default());
        let nowhere = traffic.asked_for(
            Some(&account(1)),
            &Origin {
                network: None,
                ..origin("", 50)
            },
            true,
            START,
        );
        assert_eq!(nowhere.accounts_of_network, Busyness::default());
        assert_eq!(nowhere.creations_of_environment.day, 1.0);
    }

    #[test]
    fn what_came_the_day_before_is_ordinary() {
        let traffic = traffic();
        let from = origin("192.0.2.1", 1);
        for number in 0..480 {
            traffic.asked_for(
                Some(&account(number)),
                &from,
                false,
                START + u64::from(number) * MINUTE,
            );
        }
        let today = traffic
            .asked_for(None, &from, false, START + MINUTE)
            .accounts_of_network;
        assert_eq!(today.ordinary_day, 0.0, "today itself is not");
        let next = traffic
            .asked_for(None, &from, false, START + DAY)
            .accounts_of_network;
        assert_eq!(
            (next.ordinary_day, next.ordinary_ten_minutes),
            (480.0, 20.0)
        );
        let much_later = traffic.asked_for(None, &from, false, START + 3 * DAY);
        assert_eq!(much_later.accounts_of_network, Busyness::default());
    }

    #[test]
    fn verifiers_that_share_their_counts_know_of_each_others_crowds() {
        let [here, there] = [(); 2].map(|()| Traffic::shared(SketchKey([5; 16]), START));
        let from = origin("192.0.2.1", 1);
        for number in 0..30 {
            here.asked_for(Some(&account(number)), &from, false, START);
            here.failed(&from, START);
        }
        there.hear(&here.tell(), START);
        let crowd = there.asked_for(Some(&account(0)), &from, false, START);
        assert_eq!(
            crowd.accounts_of_network.ten_minutes, 30.0,
            "the account was counted there"
        );
        assert_eq!(crowd.failures_of_environment.day, 30.0);
    }
}
