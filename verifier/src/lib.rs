//! The verifier: serves the agent, seals tokens, answers assessments.
//!
//! ```text
//! main, cli, config ─▶ serve ─▶ doors (bytes to typed requests and back)
//! doors ─▶ steps (open_session, issue_token, assess, annotate, verify_site: the only place where parts meet)
//!       └▶ manage (keys, overrides, metrics, policies)
//! steps ─▶ token, score, traffic, bots, proofs, accounts, keys, policies, replays, store
//! ```
//!
//! Start reading at [`steps::assess`]: it is the whole life of an assessment on one screen. `touchstone-score`,
//! `touchstone-token`, `touchstone-store` and `touchstone-api` are crates of their own, so that the compiler keeps the
//! arrows pointing one way.

pub mod accounts;
mod answers;
pub mod assets;
mod blocking;
pub mod bots;
pub mod calendar;
mod certificate;
pub mod cli;
pub mod config;
pub mod data;
pub mod demo;
pub mod doctor;
pub mod doors;
pub mod environment;
pub mod factors;
pub mod keys;
pub mod leaks;
pub mod manage;
pub mod metrics;
pub mod page_loads;
pub mod policies;
pub mod proofs;
pub mod replays;
pub mod serve;
pub mod shared_traffic;
pub mod spans;
pub mod steps;
mod verifier;

pub use verifier::Verifier;
