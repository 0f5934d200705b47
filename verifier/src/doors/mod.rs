//! The doors: bytes to typed requests and back, statuses, headers. They decide nothing.

pub mod http;
