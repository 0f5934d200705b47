//! What is counted, for Prometheus (OpenMetrics text format). No label ever carries a visitor's or a customer's data, and each
//! has a bounded number of values.

mod load;
mod process;
mod store;

use prometheus_client::{
    encoding::{
        EncodeLabelSet,
        text::{encode_eof, encode_registry},
    },
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram, info::Info},
    registry::{Metric, Registry},
};
use touchstone_score::Evaluation;
use touchstone_token::Millis;

pub use load::GateLoad;
use load::Load;
pub use store::Measured;
use store::StoreMetrics;

/// All counters. Cheap to write from many threads.
pub struct Metrics {
    registry: Registry,
    of_process: Registry,
    requests: Family<RequestLabels, Counter>,
    durations: Family<RouteLabels, Histogram>,
    connections: Family<ListenerLabels, Gauge>,
    assessments: Family<AssessmentLabels, Counter>,
    scores: Family<ScoreLabels, Counter>,
    reasons: Family<ReasonLabels, Counter>,
    findings: Family<FindingLabels, Counter>,
    accounts: Counter,
    account_labels: Family<AccountLabels, Counter>,
    sessions: Counter,
    tokens: Family<TokenLabels, Counter>,
    unpaid: Counter,
    challenges: Family<ChallengeLabels, Counter>,
    annotations: Counter,
    factors: Family<FactorLabels, Counter>,
    load: Load,
    store: StoreMetrics,
    ring_keys: Gauge,
    sealing_key_created: Gauge,
    sketches: Gauge,
    certificate_expiry: Family<HostLabels, Gauge>,
}

/// How a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Pages, REST, `siteverify`.
    Http,
    /// gRPC.
    Grpc,
}

/// What is read when it is asked for, rather than counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Readings {
    /// Keys in the ring.
    pub ring_keys: usize,
    /// When the key that seals now was made.
    pub sealing_key_created: Millis,
    /// Earlier visits that later ones are compared with.
    pub sketches: usize,
}

/// Counts the connections of a listener.
#[derive(Debug, Clone, Default)]
pub struct Connections(Gauge);

impl Connections {
    /// One more, until the answer is dropped.
    #[must_use]
    pub fn hold(&self) -> Held {
        self.0.inc();
        Held(self.0.clone())
    }
}

/// A connection that stands.
#[derive(Debug)]
pub struct Held(Gauge);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct HostLabels {
    host: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    door: &'static str,
    route: &'static str,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    door: &'static str,
    route: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ListenerLabels {
    listener: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AssessmentLabels {
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ScoreLabels {
    score: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReasonLabels {
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct FindingLabels {
    detector: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AccountLabels {
    label: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct TokenLabels {
    report: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ChallengeLabels {
    event: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct FactorLabels {
    channel: &'static str,
    event: &'static str,
}

impl Metrics {
    /// A request was answered.
    pub fn answered(&self, door: Door, route: &'static str, status: u16, seconds: f64) {
        let door = door.name();
        self.requests
            .get_or_create(&RequestLabels {
                door,
                route,
                status,
            })
            .inc();
        self.durations
            .get_or_create(&RouteLabels { door, route })
            .observe(seconds);
    }

    /// The connections of a listener: `public` or `admin`.
    pub fn connections(&self, listener: &'static str) -> Connections {
        Connections(
            self.connections
                .get_or_create_owned(&ListenerLabels { listener }),
        )
    }

    /// An assessment ended: `VALID`, or the name of the invalid reason.
    pub fn assessed(&self, outcome: &'static str) {
        self.assessments
            .get_or_create(&AssessmentLabels { outcome })
            .inc();
    }

    /// A valid token was scored, for these reasons.
    pub fn scored(&self, evaluation: &Evaluation, reasons: impl Iterator<Item = &'static str>) {
        self.scores
            .get_or_create(&ScoreLabels {
                score: evaluation.score.to_string(),
            })
            .inc();
        for reason in reasons {
            self.reasons.get_or_create(&ReasonLabels { reason }).inc();
        }
        for found in evaluation.evidence.iter().filter(|e| e.raw_weight < 0.0) {
            let detector = found.name;
            self.findings
                .get_or_create(&FindingLabels { detector })
                .inc();
        }
    }

    /// An assessment said whose visit it was, and was given these labels.
    pub fn defended(&self, labels: impl Iterator<Item = &'static str>) {
        self.accounts.inc();
        for label in labels {
            self.account_labels
                .get_or_create(&AccountLabels { label })
                .inc();
        }
    }

    /// A session was opened.
    pub fn session_opened(&self) {
        self.sessions.inc();
    }

    /// A token was issued for a report that was `measured`, `unmeasured` (no WebAssembly) or `impossible`.
    pub fn token_issued(&self, report: &'static str) {
        self.tokens.get_or_create(&TokenLabels { report }).inc();
    }

    /// A report came without the proof of work that was asked for twice.
    pub fn report_unpaid(&self) {
        self.unpaid.inc();
    }

    /// A site key that has challenges: there was no need of one (`unneeded`), a question was `asked`, one was `passed` or
    /// `failed`.
    pub fn challenged(&self, event: &'static str) {
        self.challenges
            .get_or_create(&ChallengeLabels { event })
            .inc();
    }

    /// An assessment was annotated.
    pub fn annotated(&self) {
        self.annotations.inc();
    }

    /// A second factor by `email` or `phone`: a code was `sent`, is tried again `later`, was `refused` by its recipient's server, `failed`
    /// to be sent, or `limited`; it was typed and `verified`, a `mismatch`, or one guess too many (`exhausted`).
    pub fn factor(&self, channel: &'static str, event: &'static str) {
        self.factors
            .get_or_create(&FactorLabels { channel, event })
            .inc();
    }

    /// What is counted of a gate, such as `backend`.
    pub fn gate(&self, gate: &'static str) -> GateLoad {
        self.load.of(gate)
    }

    /// The one certificate in use, by the first host that it is for, and until when it is valid, in seconds since the Unix epoch.
    pub fn certificate_expires(&self, host: String, at_seconds: i64) {
        self.certificate_expiry.clear();
        self.certificate_expiry
            .get_or_create(&HostLabels { host })
            .set(at_seconds);
    }

    /// The text of `/metrics`.
    pub fn text(&self, readings: Readings) -> String {
        let number = |count| i64::try_from(count).unwrap_or(i64::MAX);
        self.ring_keys.set(number(readings.ring_keys));
        self.sketches.set(number(readings.sketches));
        let seconds = readings.sealing_key_created / 1_000;
        self.sealing_key_created
            .set(i64::try_from(seconds).unwrap_or(i64::MAX));
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode_registry(&mut text, &self.registry);
        let _ = encode_registry(&mut text, &self.of_process);
        let _ = encode_eof(&mut text);
        text
    }
}

impl Door {
    /// As labels have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Grpc => "grpc",
        }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("touchstone");
        let to = &mut registry;
        let version = vec![("version", env!("CARGO_PKG_VERSION"))];
        to.register("build", "The release that runs", Info::new(version));
        let durations = Family::new_with_constructor(durations as fn() -> Histogram);
        let seconds = "From the request's head to the answer, by door and route";
        Self {
            requests: register(
                to,
                "http_requests",
                "Answered requests by door, route and status",
            ),
            durations: registered(to, "http_request_duration_seconds", seconds, durations),
            connections: register(to, "connections", "Connections that stand, by listener"),
            assessments: register(to, "assessments", "Assessments by outcome"),
            scores: register(to, "scores", "Scored tokens by score"),
            reasons: register(
                to,
                "reasons",
                "Reasons of scored tokens; a token may have several",
            ),
            findings: register(
                to,
                "findings",
                "Findings against visitors of scored tokens, by detector, those without weight included",
            ),
            accounts: register(
                to,
                "account_assessments",
                "Assessments that said whose visit it was",
            ),
            account_labels: register(
                to,
                "account_labels",
                "Labels of such visits; one may have several",
            ),
            sessions: register(to, "sessions", "Sessions opened"),
            tokens: register(to, "tokens", "Tokens issued by kind of report"),
            unpaid: register(
                to,
                "reports_unpaid",
                "Reports without the proof of work that was asked for twice",
            ),
            challenges: register(
                to,
                "challenges",
                "Questions asked, and challenges by how they ended",
            ),
            annotations: register(to, "annotations", "Assessments annotated"),
            factors: register(
                to,
                "factor_events",
                "Codes of the second factor, by channel and what became of them",
            ),
            load: Load::register(to),
            store: StoreMetrics::new(to),
            ring_keys: register(to, "ring_keys", "Keys in the ring"),
            sealing_key_created: register(
                to,
                "ring_sealing_key_created_timestamp_seconds",
                "When the key that seals now was made",
            ),
            sketches: register(
                to,
                "replay_sketches",
                "Earlier visits that later ones are compared with",
            ),
            certificate_expiry: register(
                to,
                "tls_certificate_expiry_timestamp_seconds",
                "Until when the certificate in use is valid; absent without --tls-cert",
            ),
            of_process: process::registry(),
            registry,
        }
    }
}

fn durations() -> Histogram {
    Histogram::new(DURATION_BUCKETS)
}

fn register<M: Metric + Clone + Default>(to: &mut Registry, name: &str, help: &str) -> M {
    registered(to, name, help, M::default())
}

fn registered<M: Metric + Clone>(to: &mut Registry, name: &str, help: &str, metric: M) -> M {
    to.register(name, help, metric.clone());
    metric
}

/// Seconds: from a file out of memory to a backend that has given up waiting.
const DURATION_BUCKETS: [f64; 15] = [
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5,
    5.0,
];
