use std::fmt;

use crate::{
    Event, Findings, Fingerprint, Kind, Millis, Proof, Salt, judge,
    place::{Place, day},
};

/// What is kept of one account: where it was seen, on which days, at which hours, and what annotations proved.
///
/// Bounded: of places, the least trusted and then the oldest gives way. `Debug` shows nothing of them.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Profile {
    pub(crate) places: Vec<Place>,
    /// The day of the first event.
    pub(crate) first_day: u16,
    /// The minute of the last event, since the epoch.
    pub(crate) last_minute: u32,
    /// Events lately, fading: halved every half an hour.
    pub(crate) recent: u8,
    /// Days with an event, saturating.
    pub(crate) days: u16,
    /// On how many of them it came from a network that was new.
    pub(crate) new_networks: u16,
    /// On how many of them it came from an environment that was new.
    pub(crate) new_environments: u16,
    /// Days by the time of day (UTC), in eighths; all are halved when one is full.
    pub(crate) hours: [u8; HOURS],
    /// Wrong passwords since the last right one, saturating.
    pub(crate) wrong: u8,
    /// The day of the last wrong one.
    pub(crate) wrong_day: u16,
    /// Proofs of the owner, saturating.
    pub(crate) proofs: u8,
    /// Frauds, saturating.
    pub(crate) frauds: u8,
    /// Whether it was made in a suspicious way, and nothing has spoken for it since.
    pub(crate) is_suspicious_creation: bool,
}

/// Parts of a day in [`Profile::hours`].
pub(crate) const HOURS: usize = 8;

impl Profile {
    /// The most bytes that [`Profile::encode`] gives.
    pub const MAX_BYTES: usize = 1_000;

    /// How little an event looks like this account's. Asked before the event is observed.
    pub fn judge(&self, salt: &Salt, event: &Event<'_>) -> Findings {
        judge::judge(self, &Fingerprint::of(salt, event), event)
    }

    /// Takes an event in. Keep the answer in the event's record, for [`Profile::confirm`].
    ///
    /// An event that looks like a stranger's is remembered, but teaches nothing about how often the owner moves: else
    /// whoever keeps trying would make himself ordinary.
    pub fn observe(&mut self, salt: &Salt, event: &Event<'_>) -> Fingerprint {
        let here = Fingerprint::of(salt, event);
        let findings = judge::judge(self, &here, event);
        self.count(event.at_ms);
        if findings.risk < SUSPICIOUS {
            self.learn(&here, event.at_ms);
        }
        if event.kind == Kind::Registration {
            self.is_suspicious_creation = findings.labels.suspicious_account_creation;
        }
        let place = self.visit(here);
        place.bots = place.bots.saturating_add(u8::from(event.bot_score < BOT));
        here
    }

    /// Takes in how the event of a fingerprint turned out. A place that gave way in the meantime comes back.
    ///
    /// The same proof twice counts twice: whoever may be told twice knows what it was told.
    pub fn confirm(&mut self, fingerprint: Fingerprint, at_ms: Millis, proof: Proof) {
        let today = day(at_ms);
        match proof {
            Proof::PasswordRight | Proof::FactorPassed | Proof::Legitimate => self.wrong = 0,
            Proof::PasswordWrong | Proof::FactorFailed | Proof::FactorStarted => {
                self.wrong = self.wrong.saturating_add(1);
                self.wrong_day = today;
            }
            Proof::Fraudulent => self.frauds = self.frauds.saturating_add(1),
        }
        if proof.is_of_owner() {
            self.proofs = self.proofs.saturating_add(1);
            self.is_suspicious_creation = false;
        }
        self.place(fingerprint).prove(proof);
    }

    /// Whether nothing was heard of the account for as long as profiles are kept.
    pub fn is_over(&self, now: Millis, retention_ms: Millis) -> bool {
        now.saturating_sub(self.last_ms()) > retention_ms
    }

    pub(crate) fn last_ms(&self) -> Millis {
        Millis::from(self.last_minute) * MINUTE
    }

    /// What is left of the events of the last hour at a time.
    pub(crate) fn recent_at(&self, at_ms: Millis) -> u8 {
        let halvings = at_ms.saturating_sub(self.last_ms()) / (30 * MINUTE);
        self.recent.checked_shr(halvings.min(8) as u32).unwrap_or(0)
    }

    fn count(&mut self, at_ms: Millis) {
        if self.is_empty() {
            self.first_day = day(at_ms);
        }
        self.recent = self.recent_at(at_ms).saturating_add(1);
        let minute = u32::try_from(at_ms / MINUTE).unwrap_or(u32::MAX);
        // Events may arrive out of order.
        self.last_minute = self.last_minute.max(minute);
    }

    /// What the owner is used to, once a day and place.
    fn learn(&mut self, here: &Fingerprint, at_ms: Millis) {
        let of_today = || self.places.iter().filter(|place| place.at.day == here.day);
        if of_today().any(|place| place.at.is_at(here)) {
            return;
        }
        let is_new_day = of_today().next().is_none();
        let is_first = self.places.is_empty();
        let knows = |is: fn(&Fingerprint, &Fingerprint) -> bool| {
            self.places.iter().any(|place| is(&place.at, here))
        };
        let is_new_network = here.network != 0 && !knows(Fingerprint::has_network_of);
        let is_new_environment = !knows(Fingerprint::has_environment_of);
        self.days = self.days.saturating_add(u16::from(is_new_day));
        if !is_first {
            // Two on one day are one: chances do not exceed 1.
            self.new_networks += u16::from(is_new_network && self.new_networks < self.days);
            self.new_environments +=
                u16::from(is_new_environment && self.new_environments < self.days);
        }
        let hour = &mut self.hours[part_of_day(at_ms)];
        *hour = hour.saturating_add(1);
        if *hour == u8::MAX {
            self.hours = self.hours.map(|hour| hour / 2);
        }
    }

    fn visit(&mut self, here: Fingerprint) -> &mut Place {
        let place = self.place(here);
        if here.day > place.at.day {
            place.at.day = here.day;
            place.days = place.days.saturating_add(1);
        }
        place
    }

    /// The place of a fingerprint, made if there is none.
    fn place(&mut self, at: Fingerprint) -> &mut Place {
        let found = self.places.iter().position(|place| place.at.is_at(&at));
        let index = found.unwrap_or_else(|| {
            if self.places.len() >= MAX_PLACES {
                let ranks = self.places.iter().map(Place::rank).enumerate();
                if let Some((least, _)) = ranks.min_by_key(|(_, rank)| *rank) {
                    self.places.swap_remove(least);
                }
            }
            self.places.push(Place::new(at));
            self.places.len() - 1
        });
        &mut self.places[index]
    }

    fn is_empty(&self) -> bool {
        self.last_minute == 0
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Profile(..)")
    }
}

/// The eighth of the day (UTC) of a time.
pub(crate) fn part_of_day(at_ms: Millis) -> usize {
    (at_ms % crate::DAY * HOURS as Millis / crate::DAY) as usize
}

/// Places of a profile: homes, offices, trains and telephones of a year, for most people.
pub(crate) const MAX_PLACES: usize = 32;

/// Milliseconds of a minute.
const MINUTE: Millis = 60_000;

/// A risk from which on an event is taken for a stranger's.
pub(crate) const SUSPICIOUS: f32 = 0.8;

/// A score below this is a bot's.
pub(crate) const BOT: f32 = 0.5;

/// How long an account is said to be of a suspicious creation, in days.
pub(crate) const CREATION_DAYS: u16 = 30;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        DAY,
        testing::{NOON, event, profile_of, salt},
    };

    #[test]
    fn a_flood_of_places_takes_no_trusted_one_away() {
        let mut profile = profile_of(10);
        let home = profile.observe(&salt(), &event(NOON));
        profile.confirm(home, NOON, Proof::FactorPassed);
        for number in 0..1_000u32 {
            let away = Event {
                network: Some((0x0b00_0000 + (number << 8)).to_be_bytes().into()),
                ..event(NOON + u64::from(number))
            };
            profile.observe(&salt(), &away);
        }
        assert_eq!(profile.places.len(), MAX_PLACES);
        assert!(profile.judge(&salt(), &event(NOON)).labels.profile_match);
    }

    #[test]
    fn a_proof_for_a_place_that_gave_way_brings_it_back() {
        let here = profile_of(1).observe(&salt(), &event(NOON));
        let mut profile = Profile::default();
        profile.confirm(here, NOON, Proof::Legitimate);
        assert!(profile.judge(&salt(), &event(NOON)).labels.profile_match);
    }

    #[test]
    fn a_profile_is_over_after_its_retention() {
        let profile = profile_of(1);
        let last = NOON - DAY;
        assert!(!profile.is_over(last + 90 * DAY, 90 * DAY));
        assert!(profile.is_over(last + 91 * DAY, 90 * DAY));
        assert!(!profile.is_over(last - DAY, 90 * DAY));
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", profile_of(3)), "Profile(..)");
    }
}
