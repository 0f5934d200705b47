//! What tests have in common: an account at home.

use crate::{Crowd, DAY, Environment, Event, Kind, Millis, Profile, Salt};

/// A noon.
pub const NOON: Millis = 20_000 * DAY + DAY / 2;

pub fn salt() -> Salt {
    Salt::new([7; 32])
}

/// A login at home.
pub fn event(at_ms: Millis) -> Event<'static> {
    Event {
        at_ms,
        kind: Kind::Login,
        environment: Environment {
            user_agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36",
            language: "de",
            ..Environment::default()
        },
        network: Some([203, 0, 113, 9].into()),
        created_at_ms: None,
        has_disposable_email: false,
        is_in_large_group: false,
        bot_score: 0.9,
        traffic: Crowd::default(),
    }
}

/// A profile of so many days at home, the last of them the day before [`NOON`].
pub fn profile_of(days: u64) -> Profile {
    let mut profile = Profile::default();
    for day in (1..=days).rev() {
        profile.observe(&salt(), &event(NOON - day * DAY));
    }
    profile
}
