use std::collections::HashMap;

use fastrand::Rng;
use touchstone_accounts::{Event, Findings, Fingerprint, Kind, Millis, Profile, Proof, Salt};

use crate::{
    crowd::Velocity,
    random::chance,
    visit::{By, Visit},
};

/// A site that asks about each visit, and says how it turned out if it annotates.
#[derive(Debug, Clone)]
pub struct Site {
    annotates: Annotates,
    profiles: HashMap<usize, Account>,
    crowd: Velocity,
    /// What it finds out later.
    later: Vec<(Millis, usize, Fingerprint, Proof)>,
}

/// Whether a site annotates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Annotates {
    /// Never.
    Nothing,
    /// Passwords at once; second factors where the labels ask for one, and at each login of one account in twenty; one
    /// owner's visit in ten as legitimate a day later; every second takeover as fraudulent three days later.
    All,
}

#[derive(Debug, Clone, Default)]
struct Account {
    profile: Profile,
    created_at_ms: Option<Millis>,
}

impl Site {
    /// A site that knows nothing yet.
    pub fn new(annotates: Annotates, crowd: Velocity) -> Self {
        Self {
            annotates,
            profiles: HashMap::new(),
            crowd,
            later: Vec::new(),
        }
    }

    /// Asks about a visit, and takes it in.
    pub fn assess(&mut self, visit: &Visit, rng: &mut Rng) -> Findings {
        self.settle(visit.at_ms);
        let traffic = self.crowd.see(visit);
        let account = self.profiles.entry(visit.account).or_default();
        if visit.kind == Kind::Registration {
            account.created_at_ms = Some(visit.at_ms);
        }
        let event = Event {
            at_ms: visit.at_ms,
            kind: visit.kind,
            environment: visit.browser.environment(),
            network: Some(visit.network),
            created_at_ms: account.created_at_ms,
            has_disposable_email: visit.is_disposable,
            is_in_large_group: false,
            bot_score: visit.score,
            traffic,
        };
        let salt = salt(visit.account);
        let findings = account.profile.judge(&salt, &event);
        let fingerprint = account.profile.observe(&salt, &event);
        if findings.is_stranger {
            self.crowd.stranger(visit);
        }
        if self.annotates == Annotates::All {
            self.annotate(visit, &findings, fingerprint, rng);
        }
        findings
    }

    /// Ends a day.
    pub fn end_day(&mut self) {
        self.crowd.end_day();
    }

    /// The sizes of all profiles, in bytes.
    pub fn sizes(&self) -> impl Iterator<Item = usize> {
        self.profiles
            .values()
            .map(|account| account.profile.encode().len())
    }

    fn annotate(&mut self, visit: &Visit, findings: &Findings, at: Fingerprint, rng: &mut Rng) {
        let is_owner = visit.by == By::Owner;
        let profile = &mut self.profiles.entry(visit.account).or_default().profile;
        let mut say = |proof| profile.confirm(at, visit.at_ms, proof);
        let mut is_in = visit.password != Some(false);
        match visit.password {
            Some(true) => say(Proof::PasswordRight),
            Some(false) => say(Proof::PasswordWrong),
            None => {}
        }
        let asks = findings.labels.suspicious_login_activity || visit.account.is_multiple_of(20);
        if visit.password == Some(true) && asks {
            say(Proof::FactorStarted);
            is_in = is_owner && chance(rng, 0.97);
            if is_in {
                say(Proof::FactorPassed);
            }
        }
        if visit.password == Some(false) {
            self.crowd.fail(visit);
        }
        let mut later = |days: u64, proof| {
            self.later
                .push((visit.at_ms + days * 86_400_000, visit.account, at, proof));
        };
        if is_owner && is_in && chance(rng, 0.1) {
            later(1, Proof::Legitimate);
        }
        if !is_owner && is_in && chance(rng, 0.5) {
            later(3, Proof::Fraudulent);
        }
    }

    fn settle(&mut self, now: Millis) {
        for (_, account, at, proof) in self.later.extract_if(.., |(due, ..)| *due <= now) {
            self.profiles
                .entry(account)
                .or_default()
                .profile
                .confirm(at, now, proof);
        }
    }
}

fn salt(account: usize) -> Salt {
    let mut bytes = [0x5a; 32];
    bytes[..8].copy_from_slice(&(account as u64).to_le_bytes());
    Salt::new(bytes)
}
