//! The doors: bytes to typed requests and back, statuses, headers. They decide nothing.
//!
//! `http/` answers pages, REST clients and the operator, `grpc/` gRPC clients on the same port. What a call to the API goes
//! through is in `api/`, the same for both: who calls, how much, which method, which project. `admission/` bounds what is under
//! way at once.

pub mod admission;
mod api;
mod grpc;
pub mod http;
