//! Policies, ready to be asked: conditions and paths are read once, and again when the policies changed.

mod challenge_rules;
mod firewall;

use std::{hash::Hash, sync::Arc};

use moka::sync::Cache;
use tokio::sync::Mutex;
use touchstone_api::{ApiError, v1};
use touchstone_store::{ProjectId, SiteKeyId};

pub use challenge_rules::ChallengeRules;
pub use firewall::{AskedFirewall, Firewall};

use crate::{blocking::blocking, keys::KnownKey};

/// What was made of policies, for as long as they are the same.
pub struct Policies {
    firewalls: Made<ProjectId, [v1::FirewallPolicy], Firewall>,
    challenge_rules: Made<SiteKeyId, KnownKey, ChallengeRules>,
}

impl Policies {
    /// With nothing made yet.
    pub fn new() -> Self {
        Self {
            firewalls: Made::new(),
            challenge_rules: Made::new(),
        }
    }

    /// A project's firewall, of these policies.
    ///
    /// # Errors
    /// UNAVAILABLE when they could not be read.
    pub async fn firewall(
        &self,
        project: &ProjectId,
        of: &Arc<[v1::FirewallPolicy]>,
    ) -> Result<Arc<Firewall>, ApiError> {
        self.firewalls.get(project, of, Firewall::new).await
    }

    /// The challenge rules of a Universal key.
    ///
    /// # Errors
    /// UNAVAILABLE when they could not be read.
    pub async fn challenge_rules(
        &self,
        of: &Arc<KnownKey>,
    ) -> Result<Arc<ChallengeRules>, ApiError> {
        let make = |key: &KnownKey| ChallengeRules::new(key.policy());
        self.challenge_rules.get(&of.id, of, make).await
    }
}

impl Default for Policies {
    fn default() -> Self {
        Self::new()
    }
}

/// The last thing made for each name. Who asks while it is made waits for it, and no thread that answers requests does.
struct Made<K, S: ?Sized, T>(Cache<K, Arc<Last<S, T>>>);

/// With the source it was made of; none before the first.
type Last<S, T> = Mutex<Option<(Arc<S>, Arc<T>)>>;

impl<K, S, T> Made<K, S, T>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    S: ?Sized + PartialEq + Send + Sync + 'static,
    T: Send + Sync + 'static,
{
    fn new() -> Self {
        Self(Cache::new(MOST))
    }

    async fn get(
        &self,
        name: &K,
        source: &Arc<S>,
        make: impl FnOnce(&S) -> T + Send + 'static,
    ) -> Result<Arc<T>, ApiError> {
        let last = self.0.get_with_by_ref(name, Arc::default);
        let mut last = last.lock().await;
        // The source is read anew every few seconds, and is mostly the same as before: comparing it costs little, reading a
        // thousand conditions costs a request its time.
        let known = last
            .as_ref()
            .filter(|(of, _)| Arc::ptr_eq(of, source) || **of == **source);
        let made = match known {
            Some((_, made)) => made.clone(),
            None => {
                let source = source.clone();
                Arc::new(blocking(move || make(&source)).await?)
            }
        };
        *last = Some((source.clone(), made.clone()));
        Ok(made)
    }
}

/// Projects and keys in use at the same time. Others are read anew when they come again.
const MOST: u64 = 1_000;

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn policies_are_read_again_only_when_they_changed() {
        let made = Made::new();
        let times = Arc::new(AtomicUsize::new(0));
        let first: Arc<str> = Arc::from("one");
        let texts = [first.clone(), first, Arc::from("one"), Arc::from("other")];
        for (text, length) in texts.iter().zip([3, 3, 3, 5]) {
            let times = times.clone();
            let count = move |text: &str| {
                times.fetch_add(1, Ordering::Relaxed);
                text.len()
            };
            assert_eq!(*made.get(&"name", text, count).await.unwrap(), length);
        }
        assert_eq!(times.load(Ordering::Relaxed), 2);
    }

    /// On a runtime with one thread, which the reading would block.
    #[tokio::test]
    async fn others_are_answered_while_policies_are_read() {
        let made = Made::new();
        let (release, released) = std::sync::mpsc::channel();
        let text: Arc<str> = Arc::from("slow");
        let slow = made.get(&"slow", &text, move |_| released.recv().is_ok());
        let other = async {
            let quick = made.get(&"other", &text, |_| true).await.unwrap();
            release.send(()).unwrap();
            quick
        };
        let (slow, other) = tokio::join!(slow, other);
        assert!(*slow.unwrap() && *other);
    }
}
