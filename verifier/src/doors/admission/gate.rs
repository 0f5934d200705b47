use std::sync::Arc;

use tokio::{
    runtime::RuntimeMetrics,
    task::yield_now,
    time::{Instant, timeout},
};
use touchstone_api::ApiError;

use super::{
    PATIENCE,
    bodies::Bodies,
    queue::{Held, Queue, Wish},
};
use crate::metrics::GateLoad;

/// Where requests of one kind wait until there is a place for them.
pub struct Gate {
    queue: Arc<Queue>,
    pub(super) bodies: Bodies,
    runtime: RuntimeMetrics,
    load: GateLoad,
}

/// A request that is worked on; ends when dropped.
#[must_use = "the place is given back when dropped"]
pub(in crate::doors) struct Place<'a> {
    load: &'a GateLoad,
    _held: Held,
}

impl Gate {
    pub(super) fn new(places: usize, runtime: RuntimeMetrics, load: GateLoad) -> Self {
        Self {
            queue: Queue::new(places, places.saturating_mul(WAITING_EACH)),
            bodies: Bodies::default(),
            runtime,
            load,
        }
    }

    /// Takes a place, waiting for it for a moment.
    ///
    /// # Errors
    /// UNAVAILABLE: there was none.
    pub(in crate::doors) async fn enter(&self) -> Result<Place<'_>, ApiError> {
        let held = match self.queue.ask() {
            Wish::Granted(held) => Some(held),
            Wish::Full => None,
            Wish::Waiting(granted) => {
                let begun = Instant::now();
                let granted = timeout(PATIENCE, granted).await;
                self.load.waits.observe(begun.elapsed().as_secs_f64());
                granted.ok().and_then(Result::ok)
            }
        };
        let held = held.ok_or_else(|| self.shed())?;
        self.load.in_flight.inc();
        let place = Place {
            load: &self.load,
            _held: held,
        };
        // Work that only computes ends as soon as it begins: the places would never be taken, and a flood would wait in the
        // runtime's queue, where nobody counts it. When that is long, the others are heard first, and come to wait here.
        if self.runtime.global_queue_depth() > BACKLOG_OF_A_WORKER * self.runtime.num_workers() {
            yield_now().await;
        }
        Ok(place)
    }

    /// Counts a refusal.
    pub(super) fn shed(&self) -> ApiError {
        self.load.shed.inc();
        ApiError::unavailable()
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.load.in_flight.dec();
    }
}

/// Requests that may wait, for each place.
const WAITING_EACH: usize = 8;
/// So many tasks that wait for a worker are worked off within some 50 milliseconds. More are rarely there without HTTP/2, since over
/// HTTP/1 a connection asks once at a time.
const BACKLOG_OF_A_WORKER: usize = 1_024;

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::runtime::Handle;

    use super::*;
    use crate::metrics::Metrics;

    fn gate(places: usize) -> Gate {
        let load = Metrics::default().gate("backend");
        Gate::new(places, Handle::current().metrics(), load)
    }

    #[tokio::test(start_paused = true)]
    async fn who_finds_no_place_is_told_so_after_a_quarter_of_a_second() {
        let gate = gate(1);
        let place = gate.enter().await.unwrap();
        let begun = Instant::now();
        let refused = gate.enter().await.err().unwrap();
        assert!((250..=251).contains(&begun.elapsed().as_millis()));
        assert_eq!(refused, ApiError::unavailable());
        assert!(refused.retry_after().is_some());
        assert_eq!((gate.load.in_flight.get(), gate.load.shed.get()), (1, 1));
        drop(place);
        let _next = gate.enter().await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_place_that_comes_free_is_given_on() {
        let gate = gate(1);
        let place = gate.enter().await.unwrap();
        let free = async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            drop(place);
        };
        let first = async { drop(gate.enter().await.unwrap()) };
        let second = async { drop(gate.enter().await.unwrap()) };
        tokio::join!(first, second, free);
        assert_eq!((gate.load.in_flight.get(), gate.load.shed.get()), (0, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn who_hangs_up_while_waiting_leaves_the_queue() {
        let gate = gate(1);
        let _place = gate.enter().await.unwrap();
        for _ in 0..100 {
            let waiting = timeout(Duration::from_millis(1), gate.enter());
            assert!(waiting.await.is_err());
        }
        assert_eq!(gate.load.shed.get(), 0);
    }
}
