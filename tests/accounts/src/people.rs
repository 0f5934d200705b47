use std::net::IpAddr;

use fastrand::Rng;
use touchstone_accounts::{Kind, Millis};

use crate::{
    random::{chance, normal, poisson},
    town::{self, Town},
    visit::{Browser, By, Visit},
};

/// One person with one account, and a life.
#[derive(Debug, Clone)]
pub struct Person {
    account: usize,
    /// Logins a day, on average.
    rate: f64,
    /// When in the day, in hours UTC.
    hour: f64,
    provider: usize,
    carrier: usize,
    home: IpAddr,
    work: Work,
    /// Whether most visits go through a VPN.
    has_vpn: bool,
    /// Whether the main device is a telephone.
    is_mobile: bool,
    desktop: Browser,
    telephone: Browser,
    office: Browser,
    /// Until which day a journey lasts, and the hotel.
    away: Option<(u64, IpAddr)>,
    is_disposable: bool,
}

/// Where a person is by day.
#[derive(Debug, Clone, Copy)]
enum Work {
    AtHome,
    Office(usize),
    Campus(usize),
    /// A computer of a library or a hostel, with its own browser for all.
    Shared(usize),
    /// Somewhere else every few days.
    Nomad,
}

impl Person {
    /// A person. One in ten uses the account once in three months.
    pub fn new(rng: &mut Rng, town: &Town, account: usize) -> Self {
        let provider = rng.usize(..6);
        let work = match rng.f64() {
            kind if kind < 0.30 => Work::Office(rng.usize(..town.offices.len())),
            kind if kind < 0.40 => Work::Campus(rng.usize(..town.campuses.len())),
            kind if kind < 0.44 => Work::Shared(rng.usize(..SHARED)),
            kind if kind < 0.46 => Work::Nomad,
            _ => Work::AtHome,
        };
        Self {
            account,
            rate: if chance(rng, 0.1) {
                0.011
            } else {
                (normal(rng) * 0.8 - 1.1).exp().min(3.0)
            },
            hour: 17.0 + 3.0 * normal(rng),
            provider,
            carrier: rng.usize(..3),
            home: town.home(provider, rng),
            work,
            has_vpn: chance(rng, 0.03),
            is_mobile: chance(rng, 0.45),
            desktop: town::browser(rng, false),
            telephone: town::browser(rng, true),
            office: town::browser(rng, false),
            away: None,
            is_disposable: chance(rng, 0.01),
        }
    }

    /// Makes the account: from home, or where the telephone is.
    pub fn register(&mut self, rng: &mut Rng, town: &Town, day: u64) -> Visit {
        let at_ms = self.time(rng, day);
        let (network, browser) = self.whereabouts(rng, town, at_ms);
        self.visit(at_ms, Kind::Registration, network, browser, None, rng)
    }

    /// A day's visits, in no order.
    pub fn live(&mut self, rng: &mut Rng, town: &Town, day: u64) -> Vec<Visit> {
        self.change(rng, town, day);
        let mut out = Vec::new();
        for _ in 0..poisson(rng, self.rate) {
            let at_ms = self.time(rng, day);
            self.log_in(rng, town, at_ms, &mut out);
        }
        out
    }

    /// What somebody learns who makes this person type a password into a false page: the browser, and about where it is.
    pub fn phished(&self) -> (Browser, usize) {
        let browser = if self.is_mobile {
            self.telephone
        } else {
            self.desktop
        };
        (browser, self.provider)
    }

    /// A newcomer at the enrolment of a campus: registers there, at noon.
    pub fn enrol(&mut self, rng: &mut Rng, town: &Town, campus: usize, day: u64) -> Visit {
        self.work = Work::Campus(campus);
        let at_ms = day * DAY + DAY / 2 + rng.u64(..3_600_000);
        let network = town::host(town.campuses[campus][rng.usize(..2)], rng);
        self.visit(
            at_ms,
            Kind::Registration,
            network,
            self.telephone,
            None,
            rng,
        )
    }

    /// One login at a time, with what comes before it: typing errors, forgotten passwords.
    pub fn log_in(&self, rng: &mut Rng, town: &Town, at_ms: Millis, out: &mut Vec<Visit>) {
        let (network, browser) = self.whereabouts(rng, town, at_ms);
        let mut at_ms = at_ms;
        let wrong = match rng.f64() {
            share if share < 0.06 => 1,
            share if share < 0.085 => rng.usize(2..6),
            _ => 0,
        };
        for _ in 0..wrong {
            out.push(self.visit(at_ms, Kind::Login, network, browser, Some(false), rng));
            at_ms += rng.u64(5_000..40_000);
        }
        if wrong > 1 && chance(rng, 0.6) {
            out.push(self.visit(at_ms, Kind::PasswordReset, network, browser, None, rng));
            at_ms += rng.u64(60_000..600_000);
        }
        out.push(self.visit(at_ms, Kind::Login, network, browser, Some(true), rng));
    }

    /// What changes in a life: addresses, devices, journeys.
    fn change(&mut self, rng: &mut Rng, town: &Town, day: u64) {
        if chance(rng, 1.0 / 120.0) {
            self.home = town.home(self.provider, rng);
        }
        if chance(rng, 1.0 / 400.0) {
            self.desktop = town::browser(rng, false);
        }
        if chance(rng, 1.0 / 500.0) {
            self.telephone = town::browser(rng, true);
        }
        if self.away.is_some_and(|(until, _)| until <= day) {
            self.away = None;
        }
        let is_nomad = matches!(self.work, Work::Nomad);
        if self.away.is_none() && chance(rng, if is_nomad { 0.9 } else { 0.004 }) {
            let hotel = town::host(town::anywhere(rng), rng);
            let days = if is_nomad {
                rng.u64(1..5)
            } else {
                rng.u64(2..14)
            };
            self.away = Some((day + days, hotel));
        }
    }

    fn time(&self, rng: &mut Rng, day: u64) -> Millis {
        // Offices begin at about the same time.
        if matches!(self.work, Work::Office(_)) && is_weekday(day) && chance(rng, 0.4) {
            return day * DAY + ((7.0 + 0.3 * normal(rng)) * 3_600_000.0) as Millis;
        }
        let hour = if chance(rng, 0.1) {
            rng.f64() * 24.0
        } else {
            self.hour + 3.0 * normal(rng)
        };
        day * DAY + (hour.rem_euclid(24.0) * 3_600_000.0) as Millis
    }

    fn whereabouts(&self, rng: &mut Rng, town: &Town, at_ms: Millis) -> (IpAddr, Browser) {
        let own = if self.is_mobile {
            self.telephone
        } else {
            self.desktop
        };
        if self.has_vpn && chance(rng, 0.6) {
            return (town.vpn(rng), own);
        }
        if let Some((_, hotel)) = self.away {
            return match rng.u8(0..10) {
                0..4 => (town.mobile(self.carrier, rng), self.telephone),
                _ => (hotel, own),
            };
        }
        if let Work::Shared(place) = self.work
            && chance(rng, 0.7)
        {
            return shared(rng, place);
        }
        let is_day = (6..17).contains(&(at_ms % DAY / 3_600_000));
        if is_day && is_weekday(at_ms / DAY) {
            match self.work {
                Work::Office(office) => {
                    return (town::host(town.offices[office], rng), self.office);
                }
                Work::Campus(campus) => {
                    return (town::host(town.campuses[campus][rng.usize(..2)], rng), own);
                }
                _ => {}
            }
        }
        if chance(rng, if self.is_mobile { 0.4 } else { 0.12 }) {
            (town.mobile(self.carrier, rng), self.telephone)
        } else {
            (self.home, own)
        }
    }

    fn visit(
        &self,
        at_ms: Millis,
        kind: Kind,
        network: IpAddr,
        browser: Browser,
        password: Option<bool>,
        rng: &mut Rng,
    ) -> Visit {
        Visit {
            at_ms,
            account: self.account,
            kind,
            browser,
            network,
            score: score(rng),
            password,
            is_disposable: self.is_disposable,
            by: By::Owner,
        }
    }
}

/// The score of a person: 1 in 250 is taken for a bot.
pub fn score(rng: &mut Rng) -> f32 {
    match rng.u16(0..1000) {
        0..4 => 0.3,
        4..60 => 0.7,
        60..600 => 0.9,
        _ => 1.0,
    }
}

fn shared(rng: &mut Rng, place: usize) -> (IpAddr, Browser) {
    let mut of_place = Rng::with_seed(place as u64);
    let network = town::anywhere(&mut of_place);
    (
        town::host(network, rng),
        town::browser(&mut of_place, false),
    )
}

fn is_weekday(day: u64) -> bool {
    // The epoch began on a Thursday.
    !matches!(day % 7, 2 | 3)
}

const DAY: Millis = 86_400_000;
/// Shared computers.
const SHARED: usize = 12;
