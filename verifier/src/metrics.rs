//! What is counted, for Prometheus (OpenMetrics text format). No label ever carries a visitor's or a customer's data.

mod load;

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::Registry,
};

pub use load::DoorLoad;
use load::Load;

/// All counters. Cheap to write from many threads.
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    durations: Family<RouteLabels, Histogram>,
    assessments: Family<AssessmentLabels, Counter>,
    scores: Family<ScoreLabels, Counter>,
    sessions: Counter,
    tokens: Family<TokenLabels, Counter>,
    unpaid: Counter,
    challenges: Family<ChallengeLabels, Counter>,
    annotations: Counter,
    load: Load,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: &'static str,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    route: &'static str,
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
struct TokenLabels {
    report: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ChallengeLabels {
    event: &'static str,
}

impl Metrics {
    /// A request was answered.
    pub fn answered(&self, route: &'static str, status: u16, seconds: f64) {
        self.requests
            .get_or_create(&RequestLabels { route, status })
            .inc();
        self.durations
            .get_or_create(&RouteLabels { route })
            .observe(seconds);
    }

    /// An assessment ended: `valid`, or the name of the invalid reason.
    pub fn assessed(&self, outcome: &'static str) {
        self.assessments
            .get_or_create(&AssessmentLabels { outcome })
            .inc();
    }

    /// A valid token was scored.
    pub fn scored(&self, score: touchstone_score::Score) {
        self.scores
            .get_or_create(&ScoreLabels {
                score: score.to_string(),
            })
            .inc();
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

    /// What is counted of a door, such as `backend`.
    pub fn door(&self, door: &'static str) -> DoorLoad {
        self.load.of(door)
    }

    /// The text of `/metrics`.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("touchstone");
        let requests = Family::<RequestLabels, Counter>::default();
        let durations = Family::<RouteLabels, Histogram>::new_with_constructor(|| {
            Histogram::new(DURATION_BUCKETS)
        });
        let assessments = Family::<AssessmentLabels, Counter>::default();
        let scores = Family::<ScoreLabels, Counter>::default();
        let sessions = Counter::default();
        let tokens = Family::<TokenLabels, Counter>::default();
        let unpaid = Counter::default();
        let challenges = Family::<ChallengeLabels, Counter>::default();
        let annotations = Counter::default();
        registry.register(
            "http_requests",
            "Answered requests by route and status",
            requests.clone(),
        );
        registry.register(
            "http_request_duration_seconds",
            "From the request's head to the answer, by route",
            durations.clone(),
        );
        registry.register("assessments", "Assessments by outcome", assessments.clone());
        registry.register("scores", "Scored tokens by score", scores.clone());
        registry.register("sessions", "Sessions opened", sessions.clone());
        registry.register("tokens", "Tokens issued by kind of report", tokens.clone());
        registry.register(
            "reports_unpaid",
            "Reports without the proof of work that was asked for twice",
            unpaid.clone(),
        );
        registry.register(
            "challenges",
            "Questions asked, and challenges by how they ended",
            challenges.clone(),
        );
        registry.register("annotations", "Assessments annotated", annotations.clone());
        let load = Load::register(&mut registry);
        Self {
            registry,
            requests,
            durations,
            assessments,
            scores,
            sessions,
            tokens,
            unpaid,
            challenges,
            annotations,
            load,
        }
    }
}

/// Seconds.
const DURATION_BUCKETS: [f64; 10] = [
    0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05, 0.25, 1.0,
];
