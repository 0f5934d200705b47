//! What must come of each operation, and what may.

use std::{collections::HashMap, fmt, ops::Add};

use touchstone_api::v1::token_properties::InvalidReason;

/// All that has happened, as far as it matters for what must follow.
#[derive(Default)]
pub struct Model {
    spent: Vec<Spent>,
    tokens: Vec<Token>,
    /// First answers to requests with a key of their own, by the token asked about.
    first_answers: HashMap<usize, FirstAnswer>,
    pub assessments: Vec<Assessment>,
    pub told: Told,
}

/// A token's text is known to the world; here is what decides about it.
struct Token {
    id: usize,
    issued_at: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spent {
    No,
    Yes,
    /// Asked about when everything crashed.
    Perhaps,
}

struct FirstAnswer {
    /// What was answered, or would have been, had it not been lost; unknown where both were possible.
    reason: Option<InvalidReason>,
    over_at: u64,
}

/// An assessment that was acknowledged.
pub struct Assessment {
    pub name: String,
    /// Annotations that were acknowledged.
    pub annotations: usize,
    /// Annotations whose acknowledgement was lost.
    pub perhaps_more: usize,
}

/// What was done.
#[derive(Debug, Default, Clone, Copy)]
pub struct Told {
    pub operations: usize,
    pub tokens: usize,
    pub valid: usize,
    pub refused: usize,
    pub failed: usize,
    pub crashes: usize,
    pub recorded: usize,
}

impl Model {
    /// A token with an id of its own.
    pub fn issued(&mut self, issued_at: u64) {
        let id = self.spent.len();
        self.spent.push(Spent::No);
        self.tokens.push(Token { id, issued_at });
        self.told.tokens += 1;
    }

    /// Another token of the same report: it has the same id.
    pub fn issued_again(&mut self, first: usize, issued_at: u64) {
        let id = self.tokens[first].id;
        self.tokens.push(Token { id, issued_at });
        self.told.tokens += 1;
    }

    /// A backend of the token's own project was answered this.
    pub fn assessed(&mut self, token: usize, now: u64, told: InvalidReason, name: String) {
        let due = self.due(token, now);
        assert!(due.contains(&told), "{told:?} instead of {due:?}");
        self.settle(token, told);
        self.recorded(name);
        match told {
            InvalidReason::Unspecified => self.told.valid += 1,
            _ => self.told.refused += 1,
        }
    }

    /// The same by a request with a key of its own.
    pub fn assessed_by_key(&mut self, token: usize, now: u64, told: InvalidReason, name: String) {
        let kept = self.first_answers.get(&token);
        if let Some(kept) = kept.filter(|kept| now < kept.over_at) {
            let is_same = kept.reason.is_none_or(|reason| reason == told);
            assert!(is_same, "{told:?} instead of {:?} again", kept.reason);
            self.settle(token, told);
            self.keep(token, Some(told), now);
            self.recorded(name);
            return;
        }
        self.assessed(token, now, told, name);
        self.keep(token, Some(told), now);
    }

    /// The store did its part, but the answer was lost.
    pub fn answer_lost(&mut self, token: usize, now: u64, by_key: bool) {
        let kept = self.first_answers.get(&token);
        let is_kept = by_key && kept.is_some_and(|kept| now < kept.over_at);
        if is_kept {
            return;
        }
        let due = self.due(token, now);
        if due.contains(&InvalidReason::Unspecified) {
            self.spent_by(token, Spent::Yes);
        }
        if by_key {
            let only = (due.len() == 1).then_some(due[0]);
            self.keep(token, only, now);
        }
    }

    /// A backend was asking when everything crashed.
    pub fn crashed_asking(&mut self, token: usize, now: u64) {
        if self.due(token, now).contains(&InvalidReason::Unspecified) {
            self.spent_by(token, Spent::Perhaps);
        }
    }

    /// First answers that are over by this clock are gone.
    pub fn pruned(&mut self, now: u64) {
        self.first_answers.retain(|_, kept| now < kept.over_at);
    }

    pub fn recorded(&mut self, name: String) {
        if self.assessments.iter().any(|known| known.name == name) {
            return;
        }
        self.assessments.push(Assessment {
            name,
            annotations: 0,
            perhaps_more: 0,
        });
        self.told.recorded += 1;
    }

    /// What may be answered about a token at this time.
    fn due(&self, token: usize, now: u64) -> Vec<InvalidReason> {
        let Token { id, issued_at } = self.tokens[token];
        match self.spent[id] {
            _ if now >= issued_at + TOKEN_LIFE_MS => vec![InvalidReason::Expired],
            Spent::No => vec![InvalidReason::Unspecified],
            Spent::Yes => vec![InvalidReason::Dupe],
            Spent::Perhaps => vec![InvalidReason::Unspecified, InvalidReason::Dupe],
        }
    }

    fn settle(&mut self, token: usize, told: InvalidReason) {
        if matches!(told, InvalidReason::Unspecified | InvalidReason::Dupe) {
            self.spent_by(token, Spent::Yes);
        }
    }

    fn spent_by(&mut self, token: usize, spent: Spent) {
        self.spent[self.tokens[token].id] = spent;
    }

    fn keep(&mut self, token: usize, reason: Option<InvalidReason>, now: u64) {
        let over_at = now + FIRST_ANSWER_LIFE_MS;
        let kept = self.first_answers.entry(token);
        let kept = kept.or_insert(FirstAnswer { reason, over_at });
        kept.reason = reason;
        if kept.over_at <= now {
            kept.over_at = over_at;
        }
    }
}

impl Add for Told {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            operations: self.operations + other.operations,
            tokens: self.tokens + other.tokens,
            valid: self.valid + other.valid,
            refused: self.refused + other.refused,
            failed: self.failed + other.failed,
            crashes: self.crashes + other.crashes,
            recorded: self.recorded + other.recorded,
        }
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} operations: {} tokens, {} answered valid, {} refused as they must be, {} failures of the store, {} crashes, {} assessments looked for",
            self.operations,
            self.tokens,
            self.valid,
            self.refused,
            self.failed,
            self.crashes,
            self.recorded,
        )
    }
}

const TOKEN_LIFE_MS: u64 = 120_000;
const FIRST_ANSWER_LIFE_MS: u64 = 120_000;
