use std::sync::Arc;

use crate::{Realm, ReplaySecret, key::Key};

/// The keys of realms. Making one costs more than looking a visit up, and a realm whose visits are compared now is soon asked
/// for again.
pub(crate) struct Keys {
    secret: ReplaySecret,
    /// By project; none for the realm of all. The latest last.
    known: Vec<(Option<Box<str>>, Arc<Key>)>,
}

impl Keys {
    pub(crate) fn new(secret: ReplaySecret) -> Self {
        Self {
            secret,
            known: Vec::new(),
        }
    }

    /// The key of a realm.
    pub(crate) fn of(&mut self, realm: Realm<'_>) -> Arc<Key> {
        let name = match realm {
            Realm::Project(project) => Some(project),
            Realm::All => None,
        };
        let known = self.known.iter().find(|(of, _)| of.as_deref() == name);
        if let Some((_, key)) = known {
            return key.clone();
        }
        let key = Arc::new(Key::new(&self.secret, realm));
        if self.known.len() >= MOST_KNOWN {
            self.known.remove(0);
        }
        self.known.push((name.map(Box::from), key.clone()));
        key
    }
}

/// With more projects than these, some keys are made anew.
const MOST_KNOWN: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PageId;

    #[test]
    fn a_key_is_the_same_each_time_also_when_it_was_forgotten() {
        let page = PageId([1; 16]);
        let mut keys = Keys::new(ReplaySecret([7; 32]));
        let all = keys.of(Realm::All).page(page);
        let first = keys.of(Realm::Project("p0")).page(page);
        assert_ne!(first, all);
        for n in 1..=MOST_KNOWN {
            assert_ne!(keys.of(Realm::Project(&format!("p{n}"))).page(page), first);
        }
        assert_eq!(keys.known.len(), MOST_KNOWN);
        assert_eq!(keys.of(Realm::Project("p0")).page(page), first);
        assert_eq!(keys.of(Realm::All).page(page), all);
    }
}
