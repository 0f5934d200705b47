use std::net::IpAddr;

use fastrand::Rng;
use touchstone_accounts::{Kind, Millis};

use crate::{
    people::{self, Person},
    random::chance,
    town::{self, Town},
    visit::{Browser, By, Visit},
};

/// An attack on accounts, by what the OWASP Automated Threat Handbook calls it. All of them have the bot scores of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Attack {
    /// OAT-007: three hundred passwords for each of a few accounts, from one network each.
    Cracking,
    /// OAT-007: thirty passwords for each of some accounts, a day, each from another proxy.
    CrackingByProxies,
    /// OAT-007: one password for every second account, from ten networks, in six hours.
    Spraying,
    /// OAT-008: leaked pairs from five networks; one in fifty is right.
    Stuffing,
    /// OAT-008: the same, each from another proxy, with one browser.
    StuffingByProxies,
    /// OAT-008: the same, with browsers as common as those of people.
    StuffingDisguised,
    /// OAT-008: the same, but a few accounts a day.
    StuffingSlow,
    /// Which names have an account: resets asked for half known, half unknown ones, from twenty networks.
    Enumeration,
    /// One account a time, with its password, its owner's browser and a proxy of its owner's provider.
    Phishing,
    /// OAT-019: hundreds of accounts from one network.
    Creation,
    /// OAT-019: each from another proxy, with one browser.
    CreationByProxies,
    /// OAT-019: a few a day, each from another proxy, with browsers as common as those of people.
    CreationSlow,
    /// OAT-005: accounts of the attacker's own, made days before, all at once at a sale that people come to, too.
    Scalping,
}

impl Attack {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Cracking,
        Self::CrackingByProxies,
        Self::Spraying,
        Self::Stuffing,
        Self::StuffingByProxies,
        Self::StuffingDisguised,
        Self::StuffingSlow,
        Self::Enumeration,
        Self::Phishing,
        Self::Scalping,
        Self::Creation,
        Self::CreationByProxies,
        Self::CreationSlow,
    ];

    /// What a table calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cracking => "OAT-007 cracking, from one network",
            Self::CrackingByProxies => "OAT-007 cracking, by proxies",
            Self::Spraying => "OAT-007 spraying",
            Self::Stuffing => "OAT-008 stuffing, from few networks",
            Self::StuffingByProxies => "OAT-008 stuffing, by proxies",
            Self::StuffingDisguised => "OAT-008 stuffing, by proxies, with many browsers",
            Self::StuffingSlow => "OAT-008 stuffing, low and slow",
            Self::Enumeration => "enumeration of accounts",
            Self::Phishing => "a phished password, from near the owner",
            Self::Creation => "OAT-019 creation, from one network",
            Self::CreationByProxies => "OAT-019 creation, by proxies",
            Self::CreationSlow => "OAT-019 creation, low and slow",
            Self::Scalping => "OAT-005 own accounts at a sale",
        }
    }

    /// Whether it makes accounts.
    pub fn is_creation(self) -> bool {
        matches!(
            self,
            Self::Creation | Self::CreationByProxies | Self::CreationSlow
        )
    }

    /// The visits of one of the attack's days, the first of which is 0, in no order.
    pub(crate) fn day(
        self,
        town: &Town,
        people: &[Person],
        day: u64,
        nth: usize,
        rng: &mut Rng,
    ) -> Vec<Visit> {
        let mut campaign = Campaign {
            town,
            people,
            day,
            rng,
            out: Vec::new(),
        };
        campaign.run(self, nth);
        campaign.out
    }
}

struct Campaign<'a> {
    town: &'a Town,
    people: &'a [Person],
    day: u64,
    rng: &'a mut Rng,
    out: Vec<Visit>,
}

impl Campaign<'_> {
    fn run(&mut self, attack: Attack, nth: usize) {
        let some = self.people.len();
        match attack {
            Attack::Cracking => self.crack(some.div_ceil(500), 300, true),
            Attack::CrackingByProxies => self.crack(some.div_ceil(50), 30, false),
            Attack::Spraying => self.stuff(some / 2, 10, false, 0.005),
            Attack::Stuffing => self.stuff(some / 4, 5, false, 0.02),
            Attack::StuffingByProxies => self.stuff(some / 4, 0, false, 0.02),
            Attack::StuffingDisguised => self.stuff(some / 4, 0, true, 0.02),
            Attack::StuffingSlow => self.stuff(some.div_ceil(200), 0, true, 0.02),
            Attack::Enumeration => self.enumerate(some),
            Attack::Phishing => self.phish(some.div_ceil(200)),
            Attack::Creation => self.create(some / 8, true, false, nth),
            Attack::CreationByProxies => self.create(some / 8, false, false, nth),
            Attack::CreationSlow => self.create(some.div_ceil(500), false, true, nth),
            Attack::Scalping => self.scalp(nth),
        }
    }

    /// The first right password ends it.
    fn crack(&mut self, accounts: usize, tries: usize, one_network: bool) {
        for _ in 0..accounts {
            let account = self.victim();
            let (network, browser) = (self.network(), self.browser());
            let start = self.within(0, 18);
            let hit = chance(self.rng, 0.1).then(|| self.rng.usize(..tries));
            for number in 0..tries {
                let network = if one_network {
                    network
                } else {
                    self.town.proxy(self.rng)
                };
                let at_ms = start + number as Millis * 20_000;
                let password = Some(hit == Some(number));
                self.add(at_ms, account, Kind::Login, (network, browser))
                    .password = password;
                if password == Some(true) {
                    break;
                }
            }
        }
    }

    /// `networks` of the attacker's own; 0 for another proxy each time.
    fn stuff(&mut self, accounts: usize, networks: usize, is_disguised: bool, hits: f64) {
        let own: Vec<u32> = (0..networks).map(|_| town::anywhere(self.rng)).collect();
        let browser = self.browser();
        for _ in 0..accounts {
            let network = match own.len() {
                0 => self.town.proxy(self.rng),
                some => town::host(own[self.rng.usize(..some)], self.rng),
            };
            let browser = if is_disguised {
                self.browser()
            } else {
                browser
            };
            let account = self.victim();
            let (at_ms, password) = (self.within(6, 12), Some(chance(self.rng, hits)));
            self.add(at_ms, account, Kind::Login, (network, browser))
                .password = password;
        }
    }

    fn enumerate(&mut self, names: usize) {
        let own: Vec<u32> = (0..20).map(|_| town::anywhere(self.rng)).collect();
        let browser = self.browser();
        for number in 0..names {
            let account = if self.rng.bool() {
                self.victim()
            } else {
                UNKNOWN + number
            };
            let network = town::host(own[self.rng.usize(..own.len())], self.rng);
            let at_ms = self.within(0, 24);
            self.add(at_ms, account, Kind::PasswordReset, (network, browser));
        }
    }

    fn phish(&mut self, accounts: usize) {
        for _ in 0..accounts {
            let account = self.victim();
            let (browser, provider) = self.people[account].phished();
            let network = self.town.home(provider, self.rng);
            let at_ms = self.within(0, 24);
            self.add(at_ms, account, Kind::Login, (network, browser))
                .password = Some(true);
        }
    }

    fn create(&mut self, accounts: usize, one_network: bool, is_disguised: bool, nth: usize) {
        let (own, common) = (self.network(), self.browser());
        for number in 0..accounts {
            let network = if one_network {
                own
            } else {
                self.town.proxy(self.rng)
            };
            let browser = if is_disguised { self.browser() } else { common };
            let (at_ms, account) = (self.within(6, 12), MADE + nth * 100_000 + number);
            let is_disposable = chance(self.rng, 0.5);
            self.add(at_ms, account, Kind::Registration, (network, browser))
                .is_disposable = is_disposable;
        }
    }

    /// Made by and by, used once in between; at the end all at once.
    fn scalp(&mut self, nth: usize) {
        let each = self.people.len().div_ceil(100);
        if nth < 2 {
            return self.create(each, false, true, nth);
        }
        let own: Vec<u32> = (0..5).map(|_| town::anywhere(self.rng)).collect();
        let browser = self.browser();
        for (first, number) in (0..2).flat_map(|first| (0..each).map(move |number| (first, number)))
        {
            let at_ms = self.day * 86_400_000 + SALE + self.rng.u64(..600_000);
            let network = town::host(own[number % own.len()], self.rng);
            let account = MADE + first * 100_000 + number;
            self.add(at_ms, account, Kind::Login, (network, browser))
                .password = Some(true);
        }
    }

    fn add(
        &mut self,
        at_ms: Millis,
        account: usize,
        kind: Kind,
        from: (IpAddr, Browser),
    ) -> &mut Visit {
        let (network, browser) = from;
        let visit = Visit {
            at_ms,
            account,
            kind,
            browser,
            network,
            score: people::score(self.rng),
            password: None,
            is_disposable: false,
            by: By::Attacker,
        };
        self.out.push_mut(visit)
    }

    fn victim(&mut self) -> usize {
        self.rng.usize(..self.people.len())
    }

    fn network(&mut self) -> IpAddr {
        let network = town::anywhere(self.rng);
        town::host(network, self.rng)
    }

    fn browser(&mut self) -> Browser {
        let is_mobile = self.rng.u8(..4) == 0;
        town::browser(self.rng, is_mobile)
    }

    /// A time from an hour on, within so many hours.
    fn within(&mut self, from: u64, hours: u64) -> Millis {
        self.day * 86_400_000 + (from * 3_600_000 + self.rng.u64(..hours * 3_600_000)) % 86_400_000
    }
}

/// Noon, when a sale begins.
pub const SALE: Millis = 43_200_000;

/// Where the numbers begin of names that are nobody's, and of accounts that attackers make.
const UNKNOWN: usize = 10_000_000;
const MADE: usize = 20_000_000;
