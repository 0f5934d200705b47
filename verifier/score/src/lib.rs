//! Touchstone's scoring engine: facts in, evidence out. It knows the protocol alone; no clock, no store, no I/O.
//!
//! ```text
//! observe(&Report, &Transport) -> Facts        when a token is issued: probes, counts and features
//! Facts::encode / Facts::decode                the token carries them, at most 384 bytes, always the same length
//! evaluate(&Facts, &Context) -> Evaluation     when the token is assessed: evidence, sum, score, reasons
//! ```
//!
//! Where there is no report: [`Facts::unmeasured`] (the browser could not run the agent) and [`Facts::impossible`]
//! (absent, damaged, forged). Where no agent takes part, [`observe_request`]. Where there are facts of another release's format: [`Facts::unreadable`].
//!
//! - `features/` computes numbers and judges nothing; one family a file.
//! - `detectors/` judges; one detector a file, [`DETECTORS`] is the table of all. An agent's source and its detector have
//!   the same name.
//! - `rules` turns findings into effective weights: what a finding may do is stated by its [`Tier`], never by the detector.
//!
//! A sum of log-odds, a level of its logistic function: every reason is a term of the sum, and the terms are in the answer.

mod detectors;
mod evaluate;
mod evidence;
mod facts;
mod features;
pub mod model;
mod observe;
mod proofs;
mod record;
mod rules;
mod score;
mod traffic;
mod transport;

pub use detectors::{DETECTORS, Detector, Finding, detectors_as_markdown};
pub use evaluate::{Context, Replay, evaluate};
pub use evidence::{Cause, Evaluation, Evidence, Reason, Tier};
pub use facts::{Facts, FactsError, Screen};
pub use observe::{observe, observe_request};
pub use proofs::Proofs;
pub use score::Score;
pub use traffic::{Rate, Traffic};
pub use transport::{Ja4, Opening, Transport};
