//! Recorded interaction: read from files, brought through a common channel, and handed to the scoring engine as reports.
//!
//! ```text
//! read(&Path) -> Traces                          .jsonl or .jsonl.gz, one segment a line; `from_reader` for a pipe
//! Channel::carry(&Trace) -> Trace                another polling rate, screen and clock, so that none of them is learnt
//! report(&[Trace]) -> Report                     what the agent would have sent from an ordinary browser
//! ```

mod channel;
mod read;
mod report;
mod trace;

pub use channel::{Channel, Delivery};
pub use read::{TraceError, Traces, from_reader, read};
pub use report::report;
pub use trace::{Class, Device, Key, Kind, Label, Pointer, Trace};
