//! What can be read of the browser without waiting for a person: one signal, or a few that belong together, a file. A
//! source reads and never judges; the verifier's detector of the same name does that. What is missing or cannot be read
//! is a state, never an exception.
//!
//! What needs a promise or an observer is read by the TypeScript around the agent (`web/src/sources/`), which tells it with
//! `Agent::found` and `Agent::measured`.

mod capabilities;
mod driver_globals;
mod frame;
mod headless;
mod identity;
mod idle;
mod pointing;
mod tampering;
mod webdriver;
mod window_geometry;
mod worker;

use touchstone_protocol::Environment;

use crate::page::Page;
pub use idle::Idle;
pub use worker::Worker;

/// Reads one source.
pub type Read = fn(&Page, &mut Environment);

/// Read as the agent starts: what a worker's answer is compared with.
pub const START: &[Read] = &[headless::read, identity::read];

/// Read before every report: drivers leave some names only once they have acted, and windows change.
pub const REPORT: &[Read] = &[driver_globals::read, window_geometry::read];
