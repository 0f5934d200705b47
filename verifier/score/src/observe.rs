use touchstone_protocol::{PointerKind, Probe, Report, State};

use crate::{
    Facts, Transport,
    facts::Source,
    features::{
        Keys, Motion, Occasions, Pipeline, Presses, Rhythm, Scrolling, Surroundings, Timing,
    },
};

/// Computes the facts of a report when its token is issued. Linear in the number of samples; the report is not needed
/// afterwards.
///
/// A report that no agent can have made (its environment is missing, its counts contradict its samples) gives
/// [`Facts::impossible`].
pub fn observe(report: &Report, transport: &Transport<'_>) -> Facts {
    if !is_possible(report) {
        return Facts::impossible();
    }
    Facts {
        source: Source::Measured,
        surroundings: Surroundings::measure(report, transport),
        timing: Timing::measure(report, transport),
        occasions: Occasions::measure(report),
        pipeline: Pipeline::measure(report),
        presses: Presses::measure(report),
        keys: Keys::measure(report),
        scrolling: Scrolling::measure(report),
        motion: Motion::measure(report),
        rhythm: Rhythm::measure(report),
    }
}

/// The agent always reads these, whatever they say; and it counts every move that it keeps.
fn is_possible(report: &Report) -> bool {
    let looked = |probe| report.environment.probe(probe) != State::Unmeasured;
    let moves = report
        .pointer
        .iter()
        .filter(|sample| sample.kind == PointerKind::Move)
        .count();
    looked(Probe::Webdriver)
        && looked(Probe::HeadlessAgent)
        && report.started_at <= report.sealed_at
        && moves <= report.counters.moves as usize
}
