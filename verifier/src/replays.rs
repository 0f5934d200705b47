//! Earlier visits that new ones are compared with: the index of sketches, behind a lock, and its record in the store, where
//! other verifiers' visits are found too.

mod followed;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use touchstone_replay::{
    Index, Kept, PageId, Realm, Replay, ReplaySecret, Sketch, Source, Ticket, Visit, VisitId,
};
use touchstone_store::{Millis, Store, StoreError};
use touchstone_token::{Token, Vault};

use followed::Followed;

/// How long, how many and whose visits are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplayConfig {
    /// How long a visit is compared with later ones, in days; 0 switches it off.
    pub days: u32,
    /// Most sketches kept, the oldest out first.
    pub sketches: u32,
    /// Whether visits of all projects are compared with each other.
    pub across_projects: bool,
}

impl Default for ReplayConfig {
    fn default() -> Self {
        Self {
            days: 7,
            sketches: 1_000_000,
            across_projects: false,
        }
    }
}

/// The visits of the last days.
pub struct Replays {
    index: Mutex<Index>,
    followed: Mutex<Followed>,
    config: ReplayConfig,
}

impl Replays {
    /// None yet: see [`Replays::load`].
    pub fn new(vault: &Vault, config: ReplayConfig) -> Self {
        let secret = ReplaySecret(vault.replay_secret());
        let index = Index::new(secret, config.sketches as usize, lifetime_ms(config));
        Self {
            index: Mutex::new(index),
            followed: Mutex::default(),
            config,
        }
    }

    /// How many visits are known.
    pub fn len(&self) -> usize {
        self.index().len()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes over what was recorded before a restart: some seconds for a million sketches.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn load(&self, store: &dyn Store, now: Millis) -> Result<(), StoreError> {
        self.read_on(store, now, u32::MAX).await?;
        tracing::debug!(sketches = self.index().len(), "earlier visits are known");
        Ok(())
    }

    /// Takes over what other verifiers recorded since the last time. Answers how many visits; of a crowd the rest comes the
    /// next time.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn follow(&self, store: &dyn Store, now: Millis) -> Result<u64, StoreError> {
        match self.config.days {
            0 => Ok(0),
            _ => self.read_on(store, now, PAGES_AT_ONCE).await,
        }
    }

    async fn read_on(&self, store: &dyn Store, now: Millis, pages: u32) -> Result<u64, StoreError> {
        let since = now.before(lifetime_ms(self.config));
        let (mut last, mut new) = (self.followed().cursor(), 0);
        for _ in 0..pages {
            let page = store.sketches(last, since, PAGE).await?;
            let Some(newest) = page.last() else { break };
            last = newest.number;
            for sketch in &page {
                // What another release wrote is not read, and pruned in time.
                let Some(kept) = Kept::from_bytes(&sketch.bytes) else {
                    continue;
                };
                if self.followed().is_new(sketch, kept.at()) {
                    self.index().restore(&kept);
                    new += 1;
                }
            }
            self.followed().settle(now);
        }
        Ok(new)
    }

    /// Removes the records of sketches that count no longer.
    ///
    /// # Errors
    /// The store cannot be written.
    pub async fn prune(&self, store: &dyn Store, now: Millis) -> Result<u64, StoreError> {
        let before = now.before(lifetime_ms(self.config));
        store
            .prune_sketches(before, self.config.sketches.into())
            .await
    }

    /// Compares a valid token's visit with the earlier ones, and adds it to them for as long as the answer's `Addition` is
    /// held or once it is kept: of two replays assessed at the same moment the second sees the first.
    pub fn see(self: &Arc<Self>, token: &Token, now: u64) -> (Option<Replay>, Option<Addition>) {
        let sketch = Sketch::from_bytes(&token.sketch).filter(|_| self.config.days > 0);
        let Some(sketch) = sketch else {
            return (None, None);
        };
        let realm = match self.config.across_projects {
            true => Realm::All,
            false => Realm::Project(&token.project),
        };
        let seen = self.index().see(&Visit {
            sketch: &sketch,
            page: PageId(token.page),
            source: Source {
                project: &token.project,
                site_key: &token.site_key,
                agent: token.user_agent_hash,
            },
            realm,
            at: now,
        });
        let addition = seen.kept.map(|(kept, ticket)| {
            let record = kept.to_bytes();
            self.followed().add_own(&record, kept.at());
            Addition {
                replays: self.clone(),
                id: kept.id(),
                record,
                ticket: Some(ticket),
            }
        });
        (seen.replay, addition)
    }

    fn index(&self) -> MutexGuard<'_, Index> {
        // Each operation leaves the index whole, even one that panics.
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn followed(&self) -> MutexGuard<'_, Followed> {
        // As above.
        self.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A visit that was added before its token is spent. Taken back when dropped, unless it is kept: only a valid assessment adds
/// its visit.
pub struct Addition {
    replays: Arc<Replays>,
    id: VisitId,
    record: Vec<u8>,
    ticket: Option<Ticket>,
}

impl Addition {
    /// By which later visits name it.
    pub fn id(&self) -> VisitId {
        self.id
    }

    /// What to record with the assessment.
    pub fn record(&self) -> &[u8] {
        &self.record
    }

    /// The token was spent by this assessment: the visit stays.
    pub fn keep(mut self) {
        self.ticket = None;
    }
}

impl Drop for Addition {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            self.replays.index().take_back(ticket);
        }
    }
}

fn lifetime_ms(config: ReplayConfig) -> u64 {
    u64::from(config.days) * 24 * 3_600 * 1_000
}

/// Records read at once.
const PAGE: u32 = 4_096;
/// Most pages that one look at the store reads beside the requests.
const PAGES_AT_ONCE: u32 = 16;
