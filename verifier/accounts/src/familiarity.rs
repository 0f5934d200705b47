use crate::{
    Contribution, Profile,
    place::{Fingerprint, Place},
};

/// What an account knows of where an event comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Familiarity {
    /// The network.
    pub network: Known,
    /// The environment.
    pub environment: Known,
    /// Whether the environment's family and platform are known, with other details.
    pub is_device_known: bool,
    /// Whether the region of a new network is known.
    pub is_region_known: bool,
    /// Whether this very place is one of fraud.
    pub is_fraudulent: bool,
    /// Visits from here that looked like a bot's.
    pub bots: u8,
}

/// How well a network or an environment is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Known {
    /// The assessment does not know it.
    Unknown,
    /// Never seen before today.
    New,
    /// Seen on so many days.
    Seen { days: u16 },
    /// Proved to be the owner's.
    Trusted,
}

impl Known {
    pub fn is_familiar(self) -> bool {
        matches!(self, Self::Seen { .. } | Self::Trusted)
    }

    /// Whether it is the owner's beyond what a stranger reaches who keeps coming.
    pub fn is_own(self) -> bool {
        match self {
            Self::Trusted => true,
            Self::Seen { days } => days >= OWN_DAYS,
            Self::New | Self::Unknown => false,
        }
    }
}

impl Familiarity {
    pub fn of(profile: &Profile, here: &Fingerprint) -> Self {
        let of = |is: fn(&Fingerprint, &Fingerprint) -> bool| {
            known(
                profile.places.iter().filter(|place| is(&place.at, here)),
                here.day,
            )
        };
        let speaks = |place: &&Place| place.is_trusted(here.day) || place.days_before(here.day) > 0;
        let any = |is: &dyn Fn(&Place) -> bool| profile.places.iter().filter(speaks).any(is);
        let exactly = profile.places.iter().find(|place| place.at.is_at(here));
        Self {
            network: match here.network {
                0 => Known::Unknown,
                _ => of(Fingerprint::has_network_of),
            },
            environment: of(Fingerprint::has_environment_of),
            is_device_known: any(&|place| place.at.device == here.device),
            is_region_known: here.region != 0 && any(&|place| place.at.region == here.region),
            is_fraudulent: exactly.is_some_and(|place| place.is_fraudulent),
            bots: exactly.map_or(0, |place| place.bots),
        }
    }

    /// Each term is a logarithm of how much likelier what is seen is of a stranger than of this owner, who is known to move
    /// as often as so far (add-one estimate: what never happened in n days happens with 1 / (n + 1)).
    pub fn contributions(&self, profile: &Profile, gap_days: f32, out: &mut Vec<Contribution>) {
        let chance = |new: u16| owner_is_new(new, profile.days, gap_days);
        let mut add = |name, weight: f32| out.push(Contribution { name, weight });
        let owner = chance(profile.new_networks);
        match self.network {
            Known::Unknown => {}
            Known::New if self.is_region_known => {
                add(
                    "network_new_in_known_region",
                    (STRANGER_NEW_NETWORK / owner).ln() + REGION,
                );
            }
            Known::New => add("network_new", (STRANGER_NEW_NETWORK / owner).ln()),
            Known::Seen { days } => add("network_seen", -seen(days) * NETWORK_SEEN),
            Known::Trusted => add("network_trusted", -NETWORK_TRUSTED),
        }
        let owner = chance(profile.new_environments);
        match self.environment {
            Known::Unknown => {}
            Known::New if self.is_device_known => {
                add(
                    "environment_changed",
                    (STRANGER_NEW_ENVIRONMENT / owner).ln() + DEVICE,
                );
            }
            Known::New => add("environment_new", (STRANGER_NEW_ENVIRONMENT / owner).ln()),
            Known::Seen { days } => add("environment_seen", -seen(days) * ENVIRONMENT_SEEN),
            Known::Trusted => add("environment_trusted", -ENVIRONMENT_TRUSTED),
        }
        if self.is_fraudulent {
            add("place_of_fraud", FRAUD);
        }
    }
}

/// What the places say together.
fn known<'a>(places: impl Iterator<Item = &'a Place>, today: u16) -> Known {
    let mut days = 0;
    for place in places {
        if place.is_trusted(today) {
            return Known::Trusted;
        }
        days += place.days_before(today);
    }
    match days {
        0 => Known::New,
        days => Known::Seen { days },
    }
}

/// How likely the owner comes from somewhere new: as often as so far, and more after a long time away.
fn owner_is_new(new: u16, days: u16, gap_days: f32) -> f32 {
    let so_far = (f32::from(new) + 1.0) / (f32::from(days) + 1.0);
    let away = 1.0 - (-gap_days / FORGETTING_DAYS).exp();
    (so_far + (1.0 - so_far) * away).clamp(RAREST, 1.0)
}

/// 0 to 1 for ever more days.
fn seen(days: u16) -> f32 {
    1.0 - (-f32::from(days) / 4.0).exp()
}

/// How likely a stranger's network is new to an account.
const STRANGER_NEW_NETWORK: f32 = 0.98;
/// How likely a stranger's environment is: a few common browsers are most people's.
const STRANGER_NEW_ENVIRONMENT: f32 = 0.7;
/// The least that an owner's move is taken for.
const RAREST: f32 = 0.01;
/// A new network near a known one is more likely the owner's.
const REGION: f32 = -1.5;
/// Another browser setting on a known device, likewise.
const DEVICE: f32 = -0.5;
/// What is seen on many days, and what was proved. Networks say more than environments, which thousands share.
const NETWORK_SEEN: f32 = 2.5;
const NETWORK_TRUSTED: f32 = 4.0;
const ENVIRONMENT_SEEN: f32 = 0.7;
const ENVIRONMENT_TRUSTED: f32 = 1.5;
/// Beyond what any other term makes up for.
const FRAUD: f32 = 5.0;
/// Days after which a network that nothing was proved of is taken for the owner's.
const OWN_DAYS: u16 = 7;
/// After about so many days away, people have other devices and addresses.
const FORGETTING_DAYS: f32 = 365.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        DAY, Event, Proof, Salt,
        testing::{NOON, event, profile_of, salt},
    };

    fn elsewhere(address: &str) -> Event<'static> {
        Event {
            network: Some(address.parse().unwrap()),
            ..event(NOON)
        }
    }

    fn sum(profile: &Profile, event: &Event<'_>) -> f32 {
        profile.judge(&salt(), event).sum()
    }

    #[test]
    fn the_longer_an_account_stays_at_home_the_more_a_new_network_says() {
        let away = elsewhere("198.51.100.7");
        let mut last = f32::MIN;
        for days in [1, 3, 10, 40] {
            let now = sum(&profile_of(days), &away);
            assert!(now > last, "{days} days: {now}");
            last = now;
        }
        let near = elsewhere("203.0.200.7");
        assert!(sum(&profile_of(40), &near) < last - 1.0);
    }

    #[test]
    fn who_moves_often_may_move() {
        let (mut mover, salt) = (Profile::default(), salt());
        for day in 1..40u8 {
            let event = Event {
                at_ms: NOON - u64::from(40 - day) * DAY,
                ..elsewhere(&format!("198.{day}.100.7"))
            };
            mover.observe(&salt, &event);
        }
        let away = elsewhere("192.0.2.7");
        assert!(sum(&mover, &away) < sum(&profile_of(40), &away) - 2.0);
    }

    #[test]
    fn coming_again_the_same_day_makes_nobody_familiar() {
        let (mut profile, salt) = (profile_of(40), salt());
        let away = elsewhere("198.51.100.7");
        let first = Familiarity::of(&profile, &Fingerprint::of(&salt, &away));
        for _ in 0..20 {
            profile.observe(&salt, &away);
        }
        let again = Familiarity::of(&profile, &Fingerprint::of(&salt, &away));
        assert_eq!(first, again);
        assert_eq!(again.network, Known::New);
    }

    #[test]
    fn wrong_passwords_make_no_place_familiar() {
        let (mut profile, salt) = (profile_of(40), salt());
        for day in 1..10 {
            let away = Event {
                at_ms: NOON - day * DAY,
                ..elsewhere("198.51.100.7")
            };
            let there = profile.observe(&salt, &away);
            profile.confirm(there, away.at_ms, Proof::PasswordWrong);
        }
        let here = Fingerprint::of(&salt, &elsewhere("198.51.100.7"));
        assert_eq!(Familiarity::of(&profile, &here).network, Known::New);
    }

    #[test]
    fn years_away_are_a_reason_to_come_from_elsewhere() {
        let (profile, later) = (profile_of(40), NOON + 700 * DAY);
        let away = elsewhere("198.51.100.7");
        let back = Event {
            at_ms: later,
            ..away
        };
        assert!(sum(&profile, &back) < sum(&profile, &away) - 1.0);
    }

    #[test]
    fn another_salt_finds_nothing() {
        let here = Fingerprint::of(&Salt::new([1; 32]), &event(NOON));
        let familiarity = Familiarity::of(&profile_of(40), &here);
        assert_eq!(
            (familiarity.network, familiarity.environment),
            (Known::New, Known::New)
        );
    }
}
