//! How busy the doors are.

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

/// The load of all doors.
pub(super) struct Load {
    in_flight: Family<DoorLabels, Gauge>,
    waits: Family<DoorLabels, Histogram>,
    shed: Family<DoorLabels, Counter>,
}

/// The load of one door.
#[derive(Debug, Clone)]
pub struct DoorLoad {
    /// Requests that are worked on.
    pub in_flight: Gauge,
    /// How long those had to wait that could not begin at once, in seconds.
    pub waits: Histogram,
    /// Requests that were refused for want of a place.
    pub shed: Counter,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DoorLabels {
    door: &'static str,
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
            "Requests that are worked on, by door",
            load.in_flight.clone(),
        );
        registry.register(
            "request_wait_seconds",
            "Waiting for a place, by door: only requests that could not begin at once",
            load.waits.clone(),
        );
        registry.register(
            "requests_shed",
            "Requests refused with 503 because the door was full, by door",
            load.shed.clone(),
        );
        load
    }

    pub(super) fn of(&self, door: &'static str) -> DoorLoad {
        let door = DoorLabels { door };
        DoorLoad {
            in_flight: self.in_flight.get_or_create_owned(&door),
            waits: self.waits.get_or_create_owned(&door),
            shed: self.shed.get_or_create_owned(&door),
        }
    }
}

/// Seconds.
const WAIT_BUCKETS: [f64; 6] = [0.001, 0.005, 0.02, 0.05, 0.1, 0.25];
