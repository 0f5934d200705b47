//! What the server acknowledged, kept by the other side, and what is still open.

use std::{
    collections::HashMap,
    fmt,
    path::Path,
    sync::{Mutex, MutexGuard},
    time::{Duration, Instant},
};

use touchstone_store::{
    MAX_ANNOTATIONS, Millis, ProjectId, Store,
    sqlite::{SqliteOptions, SqliteStore},
};

use super::backend::{Asked, Assessed, Backend};
use crate::kit::START;

/// Everything that was asked of the servers of one data directory.
#[derive(Default)]
pub struct Ledger(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    /// Tokens that were answered `valid`, with the time of the answer and the assessment.
    valid: Vec<(String, Instant, String)>,
    /// Assessments that were answered.
    assessments: Vec<String>,
    /// The assessment of each annotation that was acknowledged.
    annotated: Vec<String>,
    keys: Vec<String>,
    /// Asked, but not answered.
    open: Vec<(Asked, Instant)>,
    /// Answers that were asked for again and came.
    recovered: usize,
    /// How much of each list was looked at since the last kill but one.
    seen: [usize; 4],
}

/// How much is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// What was acknowledged since the last time.
    Recent,
    /// Everything.
    All,
}

impl Ledger {
    /// A token that nobody had spent was assessed. It must be valid: a person must not be refused.
    pub fn first_answer(&self, asked: &Asked, told: &Assessed) {
        assert!(told.valid, "a fresh token was refused: {told:?}");
        let mut entries = self.entries();
        let entry = (asked.token.clone(), Instant::now(), told.id.clone());
        entries.valid.push(entry);
        entries.assessments.push(told.id.clone());
    }

    /// A token that had been answered `valid` before was assessed.
    pub fn later_answer(&self, told: &Assessed) {
        assert!(!told.valid, "a spent token was valid again: {told:?}");
        self.entries().assessments.push(told.id.clone());
    }

    pub fn lost(&self, asked: Asked) {
        self.entries().open.push((asked, Instant::now()));
    }

    pub fn annotated(&self, id: String) {
        self.entries().annotated.push(id);
    }

    pub fn key_made(&self, id: String) {
        self.entries().keys.push(id);
    }

    /// One of the tokens that were answered `valid`, with its assessment.
    pub fn any_valid(&self, random: &mut fastrand::Rng) -> Option<(String, String)> {
        let entries = self.entries();
        let newest = entries.valid.len().saturating_sub(50);
        let (token, _, id) = random.choice(&entries.valid[newest..])?;
        Some((token.clone(), id.clone()))
    }

    /// Whether each kind of acknowledgement came at all, and answers were lost by the kills.
    pub fn proves_something(&self) -> bool {
        let entries = self.entries();
        !entries.valid.is_empty() && !entries.annotated.is_empty() && !entries.keys.is_empty()
    }

    /// Holds everything against a server that was started anew, and its store. Answers a line about it.
    pub async fn hold(&self, backend: &Backend, data: &Path, extent: Extent) -> String {
        self.hold_records(data, extent).await;
        self.ask_again(backend).await;
        self.hold_tokens(backend, extent).await;
        self.to_string()
    }

    /// Asks what was not answered. The same request, told so by its key, gets the answer that was lost; another one may find
    /// the token spent.
    async fn ask_again(&self, backend: &Backend) {
        let open = std::mem::take(&mut self.entries().open);
        for (asked, at) in open {
            let told = backend.assess(&asked).await.expect("the server runs");
            if told.valid {
                self.first_answer(&asked, &told);
                self.entries().recovered += 1;
                continue;
            }
            let is_late = at.elapsed() > TOKEN_LIFE;
            let may_be = asked.idempotency.is_none() && told.reason == "DUPE";
            assert!(is_late || may_be, "a person was refused: {told:?}");
        }
    }

    /// Holds only that nothing is valid twice.
    pub async fn hold_tokens(&self, backend: &Backend, extent: Extent) {
        let valid = {
            let mut entries = self.entries();
            let from = entries.from(0, extent);
            entries.seen[0] = entries.valid.len();
            entries.valid[from..].to_vec()
        };
        for (token, at, _) in valid {
            let asked = Asked {
                token,
                idempotency: None,
            };
            let told = backend.assess(&asked).await.expect("the server runs");
            let due = if at.elapsed() < TOKEN_LIFE {
                "DUPE"
            } else {
                "EXPIRED"
            };
            assert!(!told.valid, "a spent token was valid again: {told:?}");
            assert!([due, "DUPE"].contains(&told.reason.as_str()), "{told:?}");
        }
    }

    /// Reads the records as any other process on this file.
    async fn hold_records(&self, data: &Path, extent: Extent) {
        let (assessments, annotated, keys) = {
            let mut entries = self.entries();
            let from = [1, 2, 3].map(|list| entries.from(list, extent));
            entries.seen[1] = entries.assessments.len();
            entries.seen[2] = entries.annotated.len();
            entries.seen[3] = entries.keys.len();
            (
                entries.assessments[from[0]..].to_vec(),
                entries.annotations_of(&entries.annotated[from[1]..]),
                entries.keys[from[2]..].to_vec(),
            )
        };
        let file = data.join("touchstone.db");
        let store = SqliteStore::open(&file, &SqliteOptions::default(), Millis(START)).unwrap();
        let shop: ProjectId = "shop".parse().unwrap();
        for id in assessments {
            let found = store.assessment(&shop, &id.parse().unwrap()).await.unwrap();
            assert!(found.is_some(), "assessment {id} is missing");
        }
        for (id, acknowledged) in annotated {
            let found = store.assessment(&shop, &id.parse().unwrap()).await.unwrap();
            let kept = found.expect("the annotated assessment").annotations.len();
            let due = acknowledged.min(MAX_ANNOTATIONS as usize);
            assert!(kept >= due, "{kept} of {due} annotations of {id} are left");
        }
        for id in keys {
            let found = store.site_key(&id.parse().unwrap()).await.unwrap();
            assert!(found.is_some(), "site key {id} is missing");
        }
        store.close().await;
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap()
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.entries().fmt(f)
    }
}

impl Entries {
    fn from(&self, list: usize, extent: Extent) -> usize {
        match extent {
            Extent::Recent => self.seen[list],
            Extent::All => 0,
        }
    }

    /// How many annotations were ever acknowledged of each of these assessments.
    fn annotations_of(&self, ids: &[String]) -> HashMap<String, usize> {
        let mut counts: HashMap<_, _> = ids.iter().map(|id| (id.clone(), 0)).collect();
        for id in &self.annotated {
            if let Some(count) = counts.get_mut(id) {
                *count += 1;
            }
        }
        counts
    }
}

impl fmt::Display for Entries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} tokens answered valid ({} of them on asking again), {} assessments, {} annotations, {} keys",
            self.valid.len(),
            self.recovered,
            self.assessments.len(),
            self.annotated.len(),
            self.keys.len(),
        )
    }
}

/// A little less than the two minutes, for the way.
const TOKEN_LIFE: Duration = Duration::from_secs(115);
