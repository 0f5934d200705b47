use std::{sync::Arc, time::Instant};

use async_trait::async_trait;
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::Registry,
};
use touchstone_store::{Store, StoreError};
use tracing::Instrument as _;

use super::{Metrics, durations, register, registered};

/// A store whose operations are timed and whose faults are counted.
pub struct Measured {
    store: Arc<dyn Store>,
    metrics: StoreMetrics,
}

impl Measured {
    /// Measures a store.
    pub fn new(store: Arc<dyn Store>, metrics: &Metrics) -> Self {
        let metrics = metrics.store.clone();
        Self { store, metrics }
    }
}

#[derive(Clone)]
pub(super) struct StoreMetrics {
    durations: Family<OperationLabels, Histogram>,
    faults: Family<FaultLabels, Counter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OperationLabels {
    operation: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct FaultLabels {
    operation: &'static str,
    fault: &'static str,
}

impl StoreMetrics {
    pub(super) fn new(to: &mut Registry) -> Self {
        let seconds = "How long the store took, by operation";
        let durations = Family::new_with_constructor(durations as fn() -> Histogram);
        Self {
            durations: registered(to, "store_operation_duration_seconds", seconds, durations),
            faults: register(
                to,
                "store_faults",
                "Operations that the store could not do, by operation and fault",
            ),
        }
    }

    fn ended<T>(&self, operation: &'static str, started: Instant, end: &Result<T, StoreError>) {
        self.durations
            .get_or_create(&OperationLabels { operation })
            .observe(started.elapsed().as_secs_f64());
        if let Err(error) = end
            && let Some(fault) = fault(error)
        {
            self.faults
                .get_or_create(&FaultLabels { operation, fault })
                .inc();
        }
    }
}

/// None for what is an answer rather than a fault.
fn fault(error: &StoreError) -> Option<&'static str> {
    match error {
        StoreError::AlreadyExists | StoreError::Full { .. } => None,
        StoreError::Rejected(_) => Some("rejected"),
        StoreError::Corrupt(_) => Some("corrupt"),
        StoreError::Overloaded => Some("overloaded"),
        StoreError::Unavailable(_) => Some("unavailable"),
        _ => Some("other"),
    }
}

macro_rules! measure {
    ($($name:ident($($given:ident: $of:ty),*) -> $answer:ty;)*) => {
        #[async_trait]
        impl Store for Measured {
            $(async fn $name(&self, $($given: $of),*) -> Result<$answer, StoreError> {
                let started = Instant::now();
                let span = tracing::debug_span!(target: "touchstone::spans", "store", otel.name = concat!("store.", stringify!($name)));
                let end = self.store.$name($($given),*).instrument(span).await;
                self.metrics.ended(stringify!($name), started, &end);
                end
            })*

            async fn close(&self) {
                self.store.close().await;
            }
        }
    };
}

touchstone_store::for_each_operation!(measure);
