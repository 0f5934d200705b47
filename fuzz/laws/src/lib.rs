//! What holds of any bytes from outside, one law for each parser.
//!
//! A law takes bytes and panics where a promise does not hold: no parser panics, what decodes survives another trip, an error
//! is the sender's and names what is wrong. `fuzz_targets/` tries each with bytes that a fuzzer makes (`./test --thorough
//! fuzz`); the tests of this crate try it with the seeds in `seeds/`, in every run.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a law fails by panicking"
)]

mod api;
mod challenges;
mod door;
mod factors;
mod files;
mod leaks;
mod policy;
mod protocol;
mod related;
mod scoring;
mod seals;
mod text;

use touchstone_store::redis::fuzzing as store;
use touchstone_traffic::{SketchKey, Tallies, Traffic};

/// What holds of any bytes; it panics where it does not.
pub type Law = fn(&[u8]);

/// Every law, under the name of its target and of its folder of seeds.
pub const LAWS: &[(&str, Law)] = &[
    ("bot_keys", files::bot_keys),
    ("challenge", challenges::challenge),
    ("condition", policy::condition),
    ("config", files::config),
    ("envelope", protocol::envelope),
    ("factor", factors::factor),
    ("facts", scoring::facts),
    ("grpc", door::grpc),
    ("headers", scoring::headers),
    ("http", door::http),
    ("json", api::json),
    ("leaks", leaks::leaks),
    ("message", api::message),
    ("names", api::names),
    ("path", policy::path),
    ("redis_forms", store::redis_forms),
    ("redis_url", files::redis_url),
    ("related", related::related),
    ("report", protocol::report),
    ("ring_file", files::ring_file),
    ("session", seals::session),
    ("siteverify", api::siteverify),
    ("sketch", scoring::sketch),
    ("tallies", tallies),
    ("token", seals::token),
    ("traces", scoring::traces),
];

/// What verifiers tell each other is written again as it was read, and counting it harms nothing.
fn tallies(bytes: &[u8]) {
    let Ok(tallies) = Tallies::decode(bytes) else {
        return;
    };
    assert_eq!(tallies.encode(), bytes);
    let traffic = Traffic::shared(SketchKey([7; 16]), NOW);
    traffic.hear(&tallies, NOW);
    assert!(traffic.tell().is_empty(), "what was heard is not told");
}

const NOW: u64 = 1_800_000_000_000;

/// The law of this name.
///
/// # Panics
/// There is none.
pub fn law(name: &str) -> Law {
    let mut laws = LAWS.iter();
    let found = laws.find(|(named, _)| *named == name);
    found.expect("a law of this name").1
}
