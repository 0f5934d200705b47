use crate::{
    Contribution, Event, Profile,
    familiarity::Familiarity,
    place::day,
    profile::{BOT, HOURS, part_of_day},
};

/// What else of the account's own past speaks for or against an event: its hour, tries in a row, bots.
pub(crate) fn contributions(
    profile: &Profile,
    familiarity: &Familiarity,
    event: &Event<'_>,
    out: &mut Vec<Contribution>,
) {
    let mut add = |name, weight: f32| {
        if weight != 0.0 {
            out.push(Contribution { name, weight });
        }
    };
    add("hour", hour(profile, event));
    // Whoever tries the passwords of an account from elsewhere must not lock its owner out at home.
    if !familiarity.network.is_familiar() {
        let tries = f32::from(profile.recent_at(event.at_ms).saturating_sub(FREE_TRIES));
        add("tries_in_a_row", (TRIES * tries.ln_1p()).min(MOST_TRIES));
        if day(event.at_ms).saturating_sub(profile.wrong_day) <= 1 {
            let wrong = f32::from(profile.wrong.saturating_sub(FREE_WRONG));
            add("wrong_passwords", (WRONG * wrong.ln_1p()).min(MOST_WRONG));
        }
    }
    if event.bot_score < BOT {
        add("bot", BOT_WEIGHT * (BOT - event.bot_score));
    } else if familiarity.bots > 1 {
        add("bot_before", BOT_BEFORE);
    }
}

/// How much rarer this eighth of the day is for the account than for anybody, halved: people shift their days.
fn hour(profile: &Profile, event: &Event<'_>) -> f32 {
    let total: f32 = profile.hours.iter().copied().map(f32::from).sum();
    let here = f32::from(profile.hours[part_of_day(event.at_ms)]);
    let owner = (here + HOUR_PRIOR) / (total + HOUR_PRIOR * HOURS as f32);
    let anybody = 1.0 / HOURS as f32;
    (HOUR * (anybody / owner).ln()).clamp(-MOST_HOUR, MOST_HOUR)
}

/// Tries that a person has who forgot the password.
const FREE_TRIES: u8 = 3;
const TRIES: f32 = 0.8;
const MOST_TRIES: f32 = 2.5;
/// Wrong passwords likewise.
const FREE_WRONG: u8 = 3;
const WRONG: f32 = 0.8;
const MOST_WRONG: f32 = 2.5;
const HOUR: f32 = 0.5;
const MOST_HOUR: f32 = 0.8;
/// Visits to each part of the day that are taken for granted.
const HOUR_PRIOR: f32 = 2.0;
/// At a score of 0, half of it.
const BOT_WEIGHT: f32 = 5.0;
const BOT_BEFORE: f32 = 0.7;
