//! What visitors were answered a moment ago, so that an answer lost on its way costs nobody their challenge.

use std::{sync::Arc, time::Duration};

use moka::sync::Cache;
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::steps::{Answered, Reply};

/// The last answers of this process. Another process does not know them: there the same request is refused, and the page asks
/// for a new token.
pub struct Answers {
    given: Cache<[u8; 16], Arc<Mutex<Option<Given>>>>,
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

impl Given {
    /// The answer, for the very same request.
    pub(crate) fn again(&self, sealed: &[u8], reply: &Reply) -> Option<Answered> {
        let is_same = self.sealed == sealed && self.reply == *reply;
        is_same.then(|| self.answered.clone())
    }
}

impl Answers {
    /// What was answered to a question, to be read and set. Whoever holds it is alone with the question in this process: an
    /// answer sent twice at once waits here for its twin.
    pub(crate) async fn turn(&self, question: [u8; 16]) -> OwnedMutexGuard<Option<Given>> {
        let given = self.given.get_with(question, Arc::default);
        given.lock_owned().await
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
