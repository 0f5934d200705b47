//! What visitors were answered a moment ago, so that an answer lost on its way costs nobody their challenge.

use std::{sync::Arc, time::Duration};

use moka::sync::Cache;

use crate::steps::{Answered, Reply};

/// The last answers of this process. Another process does not know them: there the same request is refused, and the page asks
/// for a new token.
pub struct Answers {
    given: Cache<[u8; 16], Arc<Given>>,
}

/// What was answered to whom.
pub(crate) struct Given {
    /// The pending token that came back.
    pub sealed: Vec<u8>,
    /// With this.
    pub reply: Reply,
    /// What it was answered.
    pub answered: Answered,
}

impl Answers {
    /// Remembers what was answered to a question.
    pub(crate) fn give(&self, question: [u8; 16], given: Given) {
        self.given.insert(question, Arc::new(given));
    }

    /// The answer that the very same request got.
    pub(crate) fn again(
        &self,
        question: [u8; 16],
        sealed: &[u8],
        reply: &Reply,
    ) -> Option<Answered> {
        let given = self.given.get(&question)?;
        let is_same = given.sealed == sealed && given.reply == *reply;
        is_same.then(|| given.answered.clone())
    }
}

impl Default for Answers {
    fn default() -> Self {
        let given = Cache::builder()
            .max_capacity(MOST)
            .time_to_live(REMEMBERED)
            .build();
        Self { given }
    }
}

/// Some 4 KB each.
const MOST: u64 = 4_096;
/// A page that hears nothing tries again within seconds.
const REMEMBERED: Duration = Duration::from_secs(30);
