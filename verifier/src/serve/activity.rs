use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep_until};

/// What goes on on one connection: whether a request was ever made, how many are being answered, when the last one ended.
///
/// The HTTP library bounds the head of a request once it knows the protocol; a client that never says enough to know it,
/// or an HTTP/2 client that never asks, it would hold for ever.
pub(super) struct Activity(Mutex<State>);

#[derive(Clone, Copy)]
struct State {
    asked: bool,
    running: usize,
    since: Instant,
}

/// A request being answered. Ends when dropped.
pub(super) struct Turn(Arc<Activity>);

impl Activity {
    pub(super) fn begin(self: &Arc<Self>) -> Turn {
        self.change(|state| {
            state.asked = true;
            state.running += 1;
        });
        Turn(self.clone())
    }

    /// Resolves when there was no first request for `first`, or nothing going on for `idle`.
    pub(super) async fn over(&self, first: Duration, idle: Duration) {
        loop {
            let state = self.state();
            let limit = if state.asked { idle } else { first };
            let end = match state.running {
                0 => state.since + limit,
                _ => Instant::now() + limit,
            };
            if state.running == 0 && end <= Instant::now() {
                return;
            }
            sleep_until(end).await;
        }
    }

    fn state(&self) -> State {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut state);
        state.since = Instant::now();
    }
}

impl Default for Activity {
    fn default() -> Self {
        Self(Mutex::new(State {
            asked: false,
            running: 0,
            since: Instant::now(),
        }))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0
            .change(|state| state.running = state.running.saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Duration = Duration::from_secs(10);
    const IDLE: Duration = Duration::from_secs(60);

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_asks_nothing_is_over_after_the_first_limit() {
        let started = Instant::now();
        Activity::default().over(FIRST, IDLE).await;
        assert_eq!(started.elapsed().as_secs(), 10);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_under_way_holds_it_and_its_end_starts_the_idle_limit() {
        let activity = Arc::new(Activity::default());
        let started = Instant::now();
        let turn = activity.begin();
        let ending = async {
            tokio::time::sleep(Duration::from_secs(300)).await;
            drop(turn);
        };
        tokio::join!(activity.over(FIRST, IDLE), ending);
        assert_eq!(started.elapsed().as_secs(), 360);
    }
}
