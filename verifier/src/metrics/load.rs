//! How busy the gates of admission control are.

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

/// The load of all gates.
pub(super) struct Load {
    in_flight: Family<GateLabels, Gauge>,
    waits: Family<GateLabels, Histogram>,
    shed: Family<GateLabels, Counter>,
}

/// The load of one gate.
#[derive(Debug, Clone)]
pub struct GateLoad {
    /// Requests that are worked on.
    pub in_flight: Gauge,
    /// How long those had to wait that could not begin at once, in seconds.
    pub waits: Histogram,
    /// Requests that were refused for want of a place.
    pub shed: Counter,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct GateLabels {
    gate: &'static str,
}

impl Load {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let load = Self {
            in_flight: Family::default(),
            waits: Family::new_with_constructor(|| Histogram::new(WAIT_BUCKETS)),
            shed: Family::default(),
        };
        registry.register(
            "requests_in_flight",
            "Requests that are worked on, by gate",
            load.in_flight.clone(),
        );
        registry.register(
            "request_wait_seconds",
            "Waiting for a place, by gate: only requests that could not begin at once",
            load.waits.clone(),
        );
        registry.register(
            "requests_shed",
            "Requests refused with 503 because there was no place, by gate",
            load.shed.clone(),
        );
        load
    }

    pub(super) fn of(&self, gate: &'static str) -> GateLoad {
        let gate = GateLabels { gate };
        GateLoad {
            in_flight: self.in_flight.get_or_create_owned(&gate),
            waits: self.waits.get_or_create_owned(&gate),
            shed: self.shed.get_or_create_owned(&gate),
        }
    }
}

/// Seconds.
const WAIT_BUCKETS: [f64; 6] = [0.001, 0.005, 0.02, 0.05, 0.1, 0.25];
