//! Several verifiers on one Redis. Without a `redis-server` there is nothing to test with; these tests say so and count as
//! skipped.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod accounts;
mod factor;
mod fleet;
#[path = "../force/mod.rs"]
mod force;
mod growth;
mod imported;
mod keys;
#[path = "../kit/mod.rs"]
mod kit;
mod rotations;
#[allow(dead_code, reason = "each test binary uses its own part")]
#[path = "../../store/src/redis/tests/server.rs"]
mod servers;
#[allow(dead_code, reason = "each test binary uses its own part")]
#[path = "../factor/smtp.rs"]
mod smtp;
#[path = "../accounts/story.rs"]
mod story;
mod together;
