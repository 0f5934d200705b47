use crate::{
    Contribution, DAY, Event, Findings, Fingerprint, Kind, Labels, Profile, RiskReason,
    TrustReason,
    calibration::{LOGIN, REGISTRATION},
    familiarity::{Familiarity, Known},
    findings::sum,
    habit,
    place::day,
    profile::{BOT, CREATION_DAYS, SUSPICIOUS},
    velocity,
};

/// Asks everything that knows something, every time, and adds it up.
pub(crate) fn judge(profile: &Profile, here: &Fingerprint, event: &Event<'_>) -> Findings {
    let is_registration = event.kind == Kind::Registration;
    let familiarity = Familiarity::of(profile, here);
    let is_stranger = is_stranger(profile, &familiarity, event);
    let is_reputable = is_reputable(profile, &familiarity, event);
    let is_match = !is_registration
        && familiarity.environment == Known::Trusted
        && familiarity.network == Known::Trusted;
    let (terms, risk) = if is_registration {
        let terms = of_registration(event);
        let risk = REGISTRATION.risk(sum(&terms));
        (terms, risk)
    } else {
        let terms = of_visit(profile, &familiarity, event, is_stranger, is_reputable);
        let risk = LOGIN.risk(sum(&terms));
        (terms, risk)
    };
    let trust_reasons = [
        is_match.then_some(TrustReason::ProfileMatch),
        is_reputable.then_some(TrustReason::AccountHistoryReputable),
    ];
    Findings {
        risk,
        labels: Labels {
            profile_match: is_match,
            suspicious_login_activity: !is_registration && risk >= SUSPICIOUS,
            suspicious_account_creation: match is_registration {
                true => risk >= SUSPICIOUS,
                false => is_of_suspicious_creation(profile, event),
            },
        },
        risk_reasons: risk_reasons(event, &familiarity, &terms),
        trust_reasons: trust_reasons.into_iter().flatten().collect(),
        contributions: terms,
        // Who tries one account again and again is one stranger.
        is_stranger: is_stranger && profile.recent_at(event.at_ms) < 2,
    }
}

/// What speaks for and against a registration.
fn of_registration(event: &Event<'_>) -> Vec<Contribution> {
    let mut terms = Vec::with_capacity(8);
    velocity::of_registration(&event.traffic, &mut terms);
    push("bot", habit::bot(event.bot_score), &mut terms);
    of_account(event, &mut terms);
    terms
}

/// What speaks for and against a visit to an account.
fn of_visit(
    profile: &Profile,
    familiarity: &Familiarity,
    event: &Event<'_>,
    is_stranger: bool,
    is_reputable: bool,
) -> Vec<Contribution> {
    let mut terms = Vec::with_capacity(16);
    let gap = event.at_ms.saturating_sub(profile.last_ms()) as f32 / DAY as f32;
    familiarity.contributions(profile, gap, &mut terms);
    habit::contributions(profile, familiarity, event, &mut terms);
    velocity::of_login(&event.traffic, is_stranger, &mut terms);
    if familiarity.network == Known::New {
        let share = velocity::share(&event.traffic.accounts_of_network);
        push("network_of_many", NETWORK_OF_MANY * share, &mut terms);
    }
    if is_reputable {
        push("history", HISTORY, &mut terms);
    }
    of_account(event, &mut terms);
    terms
}

/// What the account is, whoever visits it.
fn of_account(event: &Event<'_>, terms: &mut Vec<Contribution>) {
    if event.has_disposable_email {
        push("disposable_email", DISPOSABLE, terms);
    }
    if event.is_in_large_group {
        push("large_related_group", LARGE_GROUP, terms);
    }
}

fn push(name: &'static str, weight: f32, terms: &mut Vec<Contribution>) {
    if weight != 0.0 {
        terms.push(Contribution { name, weight });
    }
}

fn risk_reasons(
    event: &Event<'_>,
    familiarity: &Familiarity,
    terms: &[Contribution],
) -> Vec<RiskReason> {
    let bots = event.bot_score < BOT || familiarity.bots > 1;
    [
        bots.then_some(RiskReason::ClientHistoricalBotActivity),
        event
            .is_in_large_group
            .then_some(RiskReason::AccountInLargeRelatedGroup),
        velocity::is_many(terms).then_some(RiskReason::ClientAccessedManyAccounts),
        event
            .has_disposable_email
            .then_some(RiskReason::DisposableEmailDomain),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whether the account was made in a suspicious way lately.
fn is_of_suspicious_creation(profile: &Profile, event: &Event<'_>) -> bool {
    let age = day(event.at_ms).saturating_sub(profile.first_day);
    profile.is_suspicious_creation && age <= CREATION_DAYS
}

/// An account of a month or more, used on many days or proved several times, without fraud, from somewhere it knows.
fn is_reputable(profile: &Profile, familiarity: &Familiarity, event: &Event<'_>) -> bool {
    let made = event.created_at_ms.map_or(profile.first_day, day);
    let age = day(event.at_ms).saturating_sub(made.min(profile.first_day));
    let is_known = familiarity.network.is_familiar() || familiarity.environment.is_familiar();
    let is_used = profile.days >= REPUTABLE_DAYS || profile.proofs >= REPUTABLE_PROOFS;
    age >= REPUTABLE_AGE
        && is_used
        && profile.frauds == 0
        && is_known
        && event.kind != Kind::Registration
}

/// Whether an account that knows its past knows nothing of this: neither network nor region nor environment.
fn is_stranger(profile: &Profile, familiarity: &Familiarity, event: &Event<'_>) -> bool {
    profile.days >= 2
        && familiarity.network == Known::New
        && !familiarity.is_region_known
        && familiarity.environment == Known::New
        && event.kind != Kind::Registration
}

/// A network that many accounts ordinarily come from is likelier new to its owner, too: a carrier's, a campus's.
const NETWORK_OF_MANY: f32 = -0.8;
/// A history without fraud.
const HISTORY: f32 = -0.5;
/// A throw-away mailbox, which one person in a hundred has, too.
const DISPOSABLE: f32 = 1.2;
/// A large group of related accounts.
const LARGE_GROUP: f32 = 1.2;

/// Days since an account was made, days on which it was used, and proofs, that make a history.
const REPUTABLE_AGE: u16 = 30;
const REPUTABLE_DAYS: u16 = 8;
const REPUTABLE_PROOFS: u8 = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Count, Crowd, Proof,
        testing::{NOON, event, profile_of, salt},
    };

    /// A login from where the account never was.
    fn stranger() -> Event<'static> {
        Event {
            network: Some([198, 51, 100, 7].into()),
            ..event(NOON)
        }
    }

    #[test]
    fn what_is_said_is_the_sum_of_what_is_told() {
        let findings = profile_of(40).judge(&salt(), &stranger());
        let terms = findings.contributions.iter();
        let sum = terms.fold(0.0, |sum, term| sum + term.weight);
        assert_eq!(findings.sum(), sum);
        assert_eq!(findings.risk, LOGIN.risk(sum));
    }

    #[test]
    fn years_without_a_proof_never_match() {
        let mut profile = profile_of(400);
        let home = profile.judge(&salt(), &event(NOON));
        assert!(!home.labels.profile_match);
        assert_eq!(home.trust_reasons, [TrustReason::AccountHistoryReputable]);
        assert!(home.risk < profile.judge(&salt(), &stranger()).risk);

        let here = profile.observe(&salt(), &event(NOON));
        profile.confirm(here, NOON, Proof::PasswordRight);
        assert!(!profile.judge(&salt(), &event(NOON)).labels.profile_match);
        profile.confirm(here, NOON, Proof::FactorPassed);
        let proved = profile.judge(&salt(), &event(NOON));
        assert!(proved.labels.profile_match);
        assert!(proved.trust_reasons.contains(&TrustReason::ProfileMatch));
        assert!(!profile.judge(&salt(), &stranger()).labels.profile_match);
    }

    #[test]
    fn fraud_takes_the_match_away_until_the_owner_is_proved_again() {
        let mut profile = profile_of(3);
        let here = profile.observe(&salt(), &event(NOON));
        let is_match =
            |profile: &Profile| profile.judge(&salt(), &event(NOON)).labels.profile_match;
        profile.confirm(here, NOON, Proof::Legitimate);
        assert!(is_match(&profile));
        profile.confirm(here, NOON, Proof::Fraudulent);
        assert!(!is_match(&profile));
        profile.confirm(here, NOON, Proof::FactorPassed);
        assert!(is_match(&profile));
    }

    #[test]
    fn a_second_factor_that_was_never_passed_counts_as_failed() {
        let mut profile = profile_of(3);
        let there = profile.observe(&salt(), &stranger());
        profile.confirm(there, NOON, Proof::FactorStarted);
        let (tomorrow, again) = (NOON + DAY, stranger());
        let again = Event {
            at_ms: tomorrow,
            ..again
        };
        let doubted = profile.judge(&salt(), &again).sum();
        profile.confirm(there, NOON, Proof::FactorPassed);
        assert!(profile.judge(&salt(), &again).sum() < doubted - 2.0);
    }

    #[test]
    fn who_tries_an_account_from_elsewhere_does_not_lock_its_owner_out() {
        let mut profile = profile_of(40);
        let before = profile.judge(&salt(), &event(NOON + 3_600_000));
        for number in 0..200u8 {
            let event = Event {
                at_ms: NOON + u64::from(number) * 1_000,
                network: Some([198, 51, number, 7].into()),
                ..stranger()
            };
            let there = profile.observe(&salt(), &event);
            profile.confirm(there, NOON, Proof::PasswordWrong);
        }
        let after = profile.judge(&salt(), &event(NOON + 3_600_000));
        assert!(after.sum() <= before.sum() + 0.5, "{before:?} {after:?}");
    }

    #[test]
    fn an_account_without_a_past_is_not_a_suspect() {
        let findings = Profile::default().judge(&salt(), &stranger());
        assert!(!findings.labels.suspicious_login_activity, "{findings:?}");
        assert!(!findings.is_stranger);
    }

    #[test]
    fn who_tries_one_account_again_and_again_is_one_stranger_or_two() {
        let mut profile = profile_of(40);
        let other = Event {
            environment: crate::Environment::default(),
            ..stranger()
        };
        let mut strangers = 0;
        for number in 0..100 {
            let event = Event {
                at_ms: NOON + number * 10_000,
                ..other
            };
            strangers += u32::from(profile.judge(&salt(), &event).is_stranger);
            profile.observe(&salt(), &event);
        }
        assert_eq!(strangers, 2);
    }

    #[test]
    fn accounts_made_in_a_burst_are_suspicious_until_proof_speaks_for_them() {
        let many = Count {
            ten_minutes: 300.0,
            day: 300.0,
            ..Count::default()
        };
        let made = Event {
            kind: Kind::Registration,
            has_disposable_email: true,
            traffic: Crowd {
                creations_of_network: many,
                creations_of_environment: many,
                ..Crowd::default()
            },
            ..event(NOON)
        };
        let mut profile = Profile::default();
        let findings = profile.judge(&salt(), &made);
        assert!(findings.labels.suspicious_account_creation, "{findings:?}");
        assert_eq!(
            findings.risk_reasons,
            [
                RiskReason::ClientAccessedManyAccounts,
                RiskReason::DisposableEmailDomain
            ]
        );
        let here = profile.observe(&salt(), &made);
        let later = |profile: &Profile| profile.judge(&salt(), &event(NOON + DAY)).labels;
        assert!(later(&profile).suspicious_account_creation);
        let old = profile.judge(&salt(), &event(NOON + 31 * DAY)).labels;
        assert!(!old.suspicious_account_creation);
        profile.confirm(here, NOON, Proof::Legitimate);
        assert!(!later(&profile).suspicious_account_creation);
    }
}
