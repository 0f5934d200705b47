use std::net::IpAddr;

use crate::{
    Counters, Levels, Millis, Sketch, SketchKey, Subject, Tallies,
    address::{narrow, wide},
};

/// Counts of one verifier, and what is ordinary.
pub struct Traffic {
    counters: Box<dyn Counters>,
    started: Millis,
}

/// What was counted around one assessment, itself included.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Assessed {
    /// Assessed tokens of the same page in the last ten seconds.
    pub page_burst: f32,
    /// Assessed tokens of the same page in the last ten minutes.
    pub page: f32,
    /// Assessments that named the same account in the last ten minutes; 0 if none was named.
    pub account: f32,
    /// The same in the last ten seconds.
    pub account_burst: f32,
    /// The same in the last hour.
    pub account_hour: f32,
}

/// The agent's requests from an address.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Visits {
    /// From the IPv4 address or the IPv6 /64.
    pub address: Rate,
    /// From the IPv4 /24 or the IPv6 /48.
    pub network: Rate,
}

/// Requests in the last minute, and in an ordinary one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rate {
    /// In the last minute.
    pub per_minute: f32,
    /// In a minute of the last day on average, within the bounds that hold for its kind; 0 if nothing was ever counted.
    pub ordinary: f32,
}

impl Traffic {
    /// Counts in this process. `started` is when it began: an ordinary level is an average over what it has seen.
    pub fn new(key: SketchKey, started: Millis) -> Self {
        Self::with(Box::new(Sketch::new(key)), started)
    }

    /// The same, with counts that others with the same key are told.
    pub fn shared(key: SketchKey, started: Millis) -> Self {
        Self::with(Box::new(Sketch::sharing(key)), started)
    }

    /// Counts elsewhere.
    pub fn with(counters: Box<dyn Counters>, started: Millis) -> Self {
        Self { counters, started }
    }

    /// What was counted here since this was last asked.
    pub fn tell(&self) -> Tallies {
        self.counters.take_untold()
    }

    /// Counts what another process told.
    pub fn hear(&self, tallies: &Tallies, now: Millis) {
        self.counters.absorb(tallies, now);
    }

    /// The agent opened a session or posted a report with an existing site key. `address` is `None` where addresses say
    /// nothing: every visitor would share that of a proxy.
    pub fn requested(&self, site_key: &str, address: Option<IpAddr>, now: Millis) {
        self.counters.add(Subject::SiteKey(site_key), now);
        if let Some(address) = address {
            self.counters.add(Subject::Address(narrow(address)), now);
            self.counters.add(Subject::Network(wide(address)), now);
        }
    }

    /// The agent named a site key that does not exist.
    pub fn stranger(&self, address: Option<IpAddr>, now: Millis) {
        if let Some(address) = address {
            self.counters.add(Subject::Stranger(narrow(address)), now);
        }
    }

    /// How often the agent named a site key that does not exist, from this address in the last minute.
    pub fn strangers(&self, address: Option<IpAddr>, now: Millis) -> f32 {
        let Some(address) = address else { return 0.0 };
        self.counters
            .read(Subject::Stranger(narrow(address)), now)
            .minute
    }

    /// A challenge was answered wrongly. `address` as for [`Traffic::requested`].
    pub fn wrong_answer(&self, address: Option<IpAddr>, now: Millis) {
        if let Some(address) = address {
            self.counters
                .add(Subject::WrongAnswer(narrow(address)), now);
        }
    }

    /// How often challenges were answered wrongly from this address in the last ten minutes; 0 if nothing from it is counted.
    pub fn wrong_answers(&self, address: IpAddr, now: Millis) -> f32 {
        self.counters
            .read(Subject::WrongAnswer(narrow(address)), now)
            .ten_minutes
    }

    /// A token is assessed: of the page with this random name, for the account with this keyed hash if the backend named
    /// one.
    pub fn assessed(&self, page: &[u8; 16], account: Option<&[u8; 32]>, now: Millis) -> Assessed {
        let page = self.counters.add(Subject::Page(page), now);
        let account = account.map_or(Levels::default(), |hash| {
            self.counters.add(Subject::Account(hash), now)
        });
        Assessed {
            page_burst: page.ten_seconds,
            page: page.ten_minutes,
            account: account.ten_minutes,
            account_burst: account.ten_seconds,
            account_hour: account.hour,
        }
    }

    /// What comes from an address. All 0 if nothing from it is counted.
    pub fn visits(&self, address: IpAddr, now: Millis) -> Visits {
        let rate = |subject, bounds| self.rate(subject, bounds, now);
        Visits {
            address: rate(Subject::Address(narrow(address)), ADDRESS),
            network: rate(Subject::Network(wide(address)), NETWORK),
        }
    }

    /// The last minute against what is ordinary, of site key, address and network the highest ratio: 1.0 is ordinary, and what
    /// is below the floors of each reads as at most 1.0. Asked when a session is opened, to choose its price. `address` as
    /// for [`Traffic::requested`]. Does not count. Costs less than a microsecond.
    pub fn pressure(&self, site_key: &str, address: Option<IpAddr>, now: Millis) -> f32 {
        let site = self.rate(Subject::SiteKey(site_key), SITE_KEY, now).ratio();
        let from = address.map_or(0.0, |address| {
            let visits = self.visits(address, now);
            visits.address.ratio().max(visits.network.ratio())
        });
        site.max(from)
    }

    pub(crate) fn count(&self, subject: Subject<'_>, now: Millis) -> Levels {
        self.counters.add(subject, now)
    }

    pub(crate) fn levels(&self, subject: Subject<'_>, now: Millis) -> Levels {
        self.counters.read(subject, now)
    }

    /// How long this has been counting.
    pub(crate) fn seen(&self, now: Millis) -> Millis {
        now.saturating_sub(self.started)
    }

    fn rate(&self, subject: Subject<'_>, bounds: Bounds, now: Millis) -> Rate {
        let levels = self.counters.read(subject, now);
        if levels.day == 0.0 && levels.minute == 0.0 {
            return Rate::default();
        }
        let seen = now.saturating_sub(self.started).clamp(MINUTE, DAY);
        let mean = levels.day / (seen as f32 / MINUTE as f32);
        Rate {
            per_minute: levels.minute,
            ordinary: mean.clamp(bounds.least, bounds.most),
        }
    }
}

impl Rate {
    /// Times the ordinary; 0 if nothing was counted.
    pub fn ratio(self) -> f32 {
        if self.ordinary > 0.0 {
            self.per_minute / self.ordinary
        } else {
            0.0
        }
    }
}

/// Between which an ordinary level lies, in the agent's requests a minute; a visit makes two or three.
#[derive(Clone, Copy)]
struct Bounds {
    least: f32,
    most: f32,
}

const MINUTE: Millis = 60_000;
const DAY: Millis = 86_400_000;
/// Below this a site is too small for its own average to mean much. There is no upper bound: big sites are ordinary.
const SITE_KEY: Bounds = Bounds {
    least: 120.0,
    most: f32::MAX,
};
/// An office of twenty is ordinary from the first minute, a carrier's address with two hundred people once it is known;
/// beyond that, no habit makes a single address ordinary.
const ADDRESS: Bounds = Bounds {
    least: 60.0,
    most: 600.0,
};
const NETWORK: Bounds = Bounds {
    least: 240.0,
    most: 2_400.0,
};

#[cfg(test)]
mod tests {
    use super::*;

    const START: Millis = 1_800_000_000_000;
    /// From where on work is asked for.
    const RAISED: f32 = 3.0;

    fn traffic() -> Traffic {
        Traffic::new(SketchKey([3; 16]), START)
    }

    fn address(text: &str) -> Option<IpAddr> {
        text.parse().ok()
    }

    /// `per_minute` requests in each of `minutes`, from `from` on; answers the end.
    fn visit(traffic: &Traffic, from: &str, per_minute: u64, minutes: u64, at: Millis) -> Millis {
        for minute in 0..minutes {
            for i in 0..per_minute {
                let now = at + minute * MINUTE + i * MINUTE / per_minute;
                traffic.requested("shop", address(from), now);
            }
        }
        at + minutes * MINUTE
    }

    #[test]
    fn calm_traffic_is_calm_however_small_the_site() {
        let traffic = traffic();
        assert_eq!(traffic.pressure("shop", address("192.0.2.1"), START), 0.0);
        let now = visit(&traffic, "192.0.2.1", 50, 1, START);
        let pressure = traffic.pressure("shop", address("192.0.2.1"), now);
        assert!(pressure < RAISED, "{pressure}");
    }

    #[test]
    fn an_attack_from_one_address_raises_its_own_price_and_not_its_neighbours() {
        let traffic = traffic();
        let mut now = START;
        for minute in 0..180 {
            now = visit(&traffic, &format!("198.51.100.{minute}"), 100, 1, now);
        }
        now = visit(&traffic, "192.0.2.1", 900, 1, now);
        let pressure = |from| traffic.pressure("other", address(from), now);
        assert!(pressure("192.0.2.1") > 3.0 * RAISED);
        assert!(pressure("203.0.113.5") < RAISED);
    }

    #[test]
    fn an_address_with_many_people_becomes_ordinary_by_habit() {
        let traffic = traffic();
        let first = visit(&traffic, "192.0.2.1", 500, 5, START + DAY);
        let pressure = |now| traffic.pressure("other", address("192.0.2.1"), now);
        assert!(pressure(first) >= RAISED);
        let later = visit(&traffic, "192.0.2.1", 500, 600, first);
        assert!(pressure(later) < RAISED);
    }

    #[test]
    fn a_site_that_is_always_busy_is_calm_and_a_burst_over_its_own_level_is_not() {
        let traffic = traffic();
        let now = visit(&traffic, "192.0.2.1", 600, 120, START);
        let pressure = |now| traffic.pressure("shop", None, now);
        assert!(pressure(now) < RAISED);
        let now = visit(&traffic, "203.0.113.1", 4_000, 1, now);
        assert!(pressure(now) >= RAISED);
    }

    #[test]
    fn where_addresses_say_nothing_they_are_not_counted() {
        let traffic = traffic();
        for _ in 0..1_000 {
            traffic.requested("shop", None, START);
        }
        let visits = traffic.visits(address("127.0.0.1").unwrap(), START);
        assert_eq!(visits, Visits::default());
        traffic.stranger(None, START);
        assert_eq!(traffic.strangers(None, START), 0.0);
    }

    #[test]
    fn pages_and_accounts_count_this_assessment_and_not_each_others() {
        let traffic = traffic();
        let (one, two) = ([1; 32], [2; 32]);
        for i in 1..=40 {
            let seen = traffic.assessed(&[7; 16], Some(&one), START + i);
            assert_eq!((seen.page, seen.account), (i as f32, i as f32));
            assert_eq!((seen.page_burst, seen.account_burst), (i as f32, i as f32));
        }
        let slow = traffic.assessed(&[7; 16], Some(&one), START + MINUTE);
        assert_eq!((slow.page, slow.page_burst), (41.0, 1.0));
        assert_eq!((slow.account, slow.account_burst), (41.0, 1.0));
        let seen = traffic.assessed(&[8; 16], Some(&two), START + 50);
        assert_eq!(
            (seen.page, seen.account, seen.account_hour),
            (1.0, 1.0, 1.0)
        );
        let seen = traffic.assessed(&[7; 16], None, START + 20 * MINUTE);
        assert_eq!((seen.page, seen.account), (1.0, 0.0));
    }
}
