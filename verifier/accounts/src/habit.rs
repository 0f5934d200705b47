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
    if !familiarity.network.is_own() {
        let tries = f32::from(profile.recent_at(event.at_ms).saturating_sub(FREE_TRIES));
        add("tries_in_a_row", (TRIES * tries.ln_1p()).min(MOST_TRIES));
        if day(event.at_ms).saturating_sub(profile.wrong_day) <= 1 {
            let wrong = f32::from(profile.wrong.saturating_sub(FREE_WRONG));
            add("wrong_passwords", (WRONG * wrong.ln_1p()).min(MOST_WRONG));
        }
    }
    let bot = bot(event.bot_score);
    add("bot", bot);
    if bot == 0.0 && familiarity.bots > 1 {
        add("bot_before", BOT_BEFORE);
    }
}

/// How much a score speaks for a bot, of whatever kind the event is.
pub(crate) fn bot(score: f32) -> f32 {
    if score < BOT {
        BOT_WEIGHT * (BOT - score)
    } else {
        0.0
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        DAY, Proof,
        testing::{NOON, event, profile_of, salt},
    };

    /// The weight of a term of a visit from a new network, after so many tries from there within minutes.
    fn weight(profile: &mut Profile, tries: u8, proof: Option<Proof>, name: &str) -> f32 {
        let away = Event {
            network: Some([198, 51, 100, 7].into()),
            ..event(NOON)
        };
        for _ in 0..tries {
            let there = profile.observe(&salt(), &away);
            if let Some(proof) = proof {
                profile.confirm(there, NOON, proof);
            }
        }
        let findings = profile.judge(&salt(), &away);
        let term = findings.contributions.iter().find(|term| term.name == name);
        term.map_or(0.0, |term| term.weight)
    }

    #[test]
    fn a_forgotten_password_is_no_cracking() {
        for name in ["tries_in_a_row", "wrong_passwords"] {
            let wrong = Some(Proof::PasswordWrong);
            assert_eq!(weight(&mut profile_of(40), 3, wrong, name), 0.0);
            assert!(weight(&mut profile_of(40), 30, wrong, name) > 2.0);
            assert!(weight(&mut profile_of(40), 255, wrong, name) <= MOST_TRIES);
        }
    }

    #[test]
    fn the_right_password_forgives_the_wrong_ones() {
        let mut profile = profile_of(40);
        let before = weight(
            &mut profile,
            30,
            Some(Proof::PasswordWrong),
            "wrong_passwords",
        );
        let after = weight(
            &mut profile,
            1,
            Some(Proof::PasswordRight),
            "wrong_passwords",
        );
        assert!(before > 2.0 && after == 0.0);
    }

    #[test]
    fn an_unusual_hour_says_little_and_a_usual_one_the_opposite() {
        let profile = profile_of(40);
        let at = |at_ms| hour(&profile, &event(at_ms));
        assert!((-MOST_HOUR..0.0).contains(&at(NOON)));
        assert!((0.5..=MOST_HOUR).contains(&at(NOON + DAY / 2)));
        assert_eq!(hour(&Profile::default(), &event(NOON)), 0.0);
    }

    #[test]
    fn a_bot_counts_by_its_score() {
        let bot = |bot_score| {
            let event = Event {
                bot_score,
                ..event(NOON)
            };
            profile_of(40).judge(&salt(), &event).sum()
        };
        assert!(bot(0.1) > bot(0.3) && bot(0.3) > bot(0.5));
        assert_eq!(bot(0.5), bot(0.9));
    }
}
