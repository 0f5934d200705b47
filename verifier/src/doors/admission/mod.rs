//! Admission control: what is under way at once is bounded, so that what was let in is answered soon and memory stays bounded,
//! however much comes.
//!
//! Backends and pages have a [`Gate`] each, so that a flood of one leaves the other its places. A request first reads its body,
//! within the gate's share of memory, then takes a place: a client that sends slowly holds none. Whoever finds no place waits, a
//! quarter of a second at most, and is then refused: 503 with `Retry-After`.
//!
//! A refusal costs no opening, no scoring and no store, but the request was read for it, which is a large part of what the cheaper
//! requests cost. So nobody is refused sooner than after that wait, while there is room in the queue: a flood that is turned away at
//! once comes back at once, and the server would do nothing but refuse.
//!
//! Not bounded here: health, which must answer then above all, and files, whose answer is as cheap as a refusal.

mod bodies;
mod gate;
mod queue;

use std::time::Duration;

use tokio::runtime::RuntimeMetrics;

pub(super) use bodies::read_small;
pub use gate::Gate;

use crate::metrics::Metrics;

/// The gates of the public door.
pub struct Admission {
    /// Calls of backends: the API over REST and gRPC, and siteverify.
    pub backend: Gate,
    /// Requests of pages.
    pub agent: Gate,
}

impl Admission {
    /// Gates with `places` each; more than none. `runtime` is what answers requests.
    pub fn new(places: usize, runtime: &RuntimeMetrics, metrics: &Metrics) -> Self {
        let gate = |name| Gate::new(places, runtime.clone(), metrics.gate(name));
        Self {
            backend: gate("backend"),
            agent: gate("agent"),
        }
    }
}

/// How long anybody waits for a place at most.
const PATIENCE: Duration = Duration::from_millis(250);
