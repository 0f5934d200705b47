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
    /// An account is asked for from there for the first time in these ten minutes.
    AccountInTenMinutes,
    /// An account is asked for from there for the first time on this day.
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
/// What is ordinary is told by the last week, so that an office, a campus, a carrier's gateway or the most common browser is
/// judged against itself, on a Monday too. For an hour after the start (two days for what a day is) nobody knows what is
/// ordinary, and whatever there is counts as that: a restart must not accuse the visitors of a busy site.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Busyness {
    /// In the last ten minutes.
    pub ten_minutes: f32,
    /// In the last day.
    pub day: f32,
    /// In ten minutes of the eight busy hours of a day, on average.
    pub ordinary_ten_minutes: f32,
    /// In one of the week's busy days, on average.
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

    /// A password was wrong, as the site says `now`: soon after, or with a batch of the night, which says less of the moment.
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
            for (happening, length) in [
                (Happening::AccountInTenMinutes, TEN_MINUTES),
                (Happening::AccountInDay, DAY),
            ] {
                let pair = Subject::Pair(source, account, happening, now / length);
                if self.count(pair, now).day < SEEN_BEFORE {
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
        self.count(Subject::Habit(source, happening), now);
    }

    fn busyness(&self, source: Source, happening: Happening, now: Millis) -> Busyness {
        let levels = self.levels(Subject::Crowd(source, happening), now);
        // Of a habit, the day is a week.
        let week = self.levels(Subject::Habit(source, happening), now).day;
        let seen = self.seen(now);
        let ordinary_day = || {
            let days = (seen as f32 / DAY as f32 - 1.0).clamp(1.0, BUSY_DAYS);
            (week - levels.day).max(0.0) / days
        };
        let ordinary_ten_minutes = || {
            let parts = seen.min(7 * DAY) as f32 / TEN_MINUTES as f32;
            (week - levels.ten_minutes).max(0.0) / (parts * BUSY_SHARE)
        };
        Busyness {
            ten_minutes: levels.ten_minutes,
            day: levels.day,
            ordinary_ten_minutes: match seen < HOUR {
                true => levels.ten_minutes,
                false => ordinary_ten_minutes(),
            },
            ordinary_day: match seen < 2 * DAY {
                true => levels.day,
                false => ordinary_day(),
            },
        }
    }
}

impl Origin {
    fn network(&self) -> Option<Source> {
        self.network.map(|address| Source::Network(wide(address)))
    }
}

/// A pair that is counted for the first time reads as 1, and then as 2.
const SEEN_BEFORE: f32 = 1.5;
/// Days of a week on which an office is busy: five, less what is lost because a window that slides takes what was before as
/// spread evenly.
const BUSY_DAYS: f32 = 4.0;
/// What share of a day is busy: eight hours.
const BUSY_SHARE: f32 = 1.0 / 3.0;
const TEN_MINUTES: Millis = 600_000;
const HOUR: Millis = 3_600_000;
const DAY: Millis = 86_400_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SketchKey;

    /// Midnight in UTC.
    const START: Millis = 1_800_057_600_000;
    const MINUTE: Millis = 60_000;

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

    /// An office of this many, each once a working day between 9 and 17 o'clock; answers the crowd of the last one.
    fn work(traffic: &Traffic, people: u32, days: std::ops::Range<u64>) -> Busyness {
        let from = origin("192.0.2.1", 1);
        let mut last = Busyness::default();
        for day in days.filter(|day| day % 7 < 5) {
            for one in 0..people {
                let at =
                    START + day * DAY + 9 * HOUR + u64::from(one) * 8 * HOUR / u64::from(people);
                last = traffic
                    .asked_for(Some(&account(one)), &from, false, at)
                    .accounts_of_network;
            }
        }
        last
    }

    #[test]
    fn an_office_is_ordinary_to_itself_after_a_weekend_too() {
        let traffic = traffic();
        work(&traffic, 480, 0..21);
        for day in 21..26 {
            let crowd = work(&traffic, 480, day..day + 1);
            assert!(crowd.ten_minutes > 5.0 && crowd.day > 400.0, "{crowd:?}");
            assert!(
                crowd.ordinary_ten_minutes * 2.0 > crowd.ten_minutes,
                "{day}: {crowd:?}"
            );
            assert!(crowd.ordinary_day * 1.7 > crowd.day, "{day}: {crowd:?}");
        }
    }

    #[test]
    fn what_comes_for_the_first_time_is_not_ordinary() {
        let traffic = traffic();
        let from = origin("192.0.2.1", 1);
        let first = (0..50).fold(Crowd::default(), |_, one| {
            traffic.asked_for(Some(&account(one)), &from, false, START + 3 * DAY)
        });
        let Busyness {
            ten_minutes,
            ordinary_ten_minutes,
            ordinary_day,
            ..
        } = first.accounts_of_network;
        assert_eq!(
            (ten_minutes, ordinary_ten_minutes, ordinary_day),
            (50.0, 0.0, 0.0)
        );
    }

    #[test]
    fn after_a_start_whatever_comes_is_ordinary() {
        let traffic = traffic();
        let from = origin("192.0.2.1", 1);
        for one in 0..300 {
            let now = START + u64::from(one) * 10_000;
            let crowd = traffic.asked_for(Some(&account(one)), &from, true, now);
            for of in [crowd.accounts_of_network, crowd.creations_of_environment] {
                assert!(of.ordinary_ten_minutes >= of.ten_minutes && of.ordinary_day >= of.day);
            }
        }
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
