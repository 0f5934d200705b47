//! Policies, ready to be asked: conditions and paths are read once, and again when the policies changed.

mod challenge_rules;
mod firewall;

use std::{hash::Hash, sync::Arc};

use moka::sync::Cache;
use touchstone_api::v1;
use touchstone_store::{ProjectId, SiteKeyId};

pub use challenge_rules::ChallengeRules;
pub use firewall::{AskedFirewall, Firewall};

use crate::keys::KnownKey;

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
    pub fn firewall(&self, project: &ProjectId, of: &Arc<[v1::FirewallPolicy]>) -> Arc<Firewall> {
        self.firewalls.get(project, of, Firewall::new)
    }

    /// The challenge rules of a Universal key.
    pub fn challenge_rules(&self, of: &Arc<KnownKey>) -> Arc<ChallengeRules> {
        self.challenge_rules
            .get(&of.id, of, |key| ChallengeRules::new(key.policy()))
    }
}

impl Default for Policies {
    fn default() -> Self {
        Self::new()
    }
}

/// The last thing made for each name, with the source it was made of.
struct Made<K, S: ?Sized, T>(Cache<K, (Arc<S>, Arc<T>)>);

impl<K, S, T> Made<K, S, T>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    S: ?Sized + PartialEq + Send + Sync + 'static,
    T: Send + Sync + 'static,
{
    fn new() -> Self {
        Self(Cache::new(MOST))
    }

    fn get(&self, name: &K, source: &Arc<S>, make: impl FnOnce(&S) -> T) -> Arc<T> {
        let known = self.0.get(name);
        if let Some((of, made)) = &known
            && Arc::ptr_eq(of, source)
        {
            return made.clone();
        }
        // The source is read anew every few seconds, and is mostly the same as before: comparing it costs little, reading a
        // thousand conditions costs a request its time.
        let same = known.filter(|(of, _)| **of == **source);
        let made = same.map_or_else(|| Arc::new(make(source)), |(_, made)| made);
        self.0.insert(name.clone(), (source.clone(), made.clone()));
        made
    }
}

/// Projects and keys in use at the same time. Others are read anew when they come again.
const MOST: u64 = 1_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_are_read_again_only_when_they_changed() {
        let made = Made::new();
        let mut times = 0;
        let mut get = |text: &Arc<str>| {
            made.get(&"name", text, |text: &str| {
                times += 1;
                text.len()
            })
        };
        let first = Arc::from("one");
        assert_eq!(*get(&first), 3);
        assert_eq!(*get(&first), 3);
        assert_eq!(*get(&Arc::from("one")), 3);
        assert_eq!(*get(&Arc::from("other")), 5);
        assert_eq!(times, 2);
    }
}
