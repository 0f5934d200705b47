//! What is learnt from and measured on: facts of whole interactions, with who made them.

use touchstone_score::{Facts, Transport, observe};
use touchstone_traces::{Trace, report};

/// One interaction.
pub struct Example {
    /// The recording source of a person; the generator of a script.
    pub source: String,
    /// The generator of its keys, if a script typed.
    pub typist: String,
    /// Who: a person's hash. Errors of one person are not independent.
    pub person: String,
    pub human: bool,
    /// As recorded, or through a channel drawn for it.
    pub carried: bool,
    pub facts: Facts,
}

/// The facts of segments one after another, in a browser of which nothing else is known.
pub fn facts(traces: &[Trace]) -> Facts {
    let report = report(traces);
    let transport = Transport {
        elapsed_ms: report.sealed_at / 10,
        ..Transport::default()
    };
    observe(&report, &transport)
}
