//! What the tests by force share: the built server as a process, a backend that asks it, load from many connections, and the
//! ledger of what was acknowledged.

#![allow(dead_code, reason = "each test binary uses its own part")]

pub mod backend;
pub mod ledger;
pub mod load;
pub mod server;
