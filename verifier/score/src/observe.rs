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

/// The facts of a request that no agent took part in, of which its headers are known as a backend passes them on. What is
/// missing says nothing: backends pass on some headers and not others, and programs are welcome visitors of an API. What
/// contradicts itself is judged as ever.
pub fn observe_request(transport: &Transport<'_>) -> Facts {
    let mut facts = Facts::empty(Source::Request);
    facts.surroundings.signs = transport.contradictions();
    facts
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Context, Rate, Reason, Traffic, evaluate};

    fn judged(transport: &Transport<'_>, per_minute: f32) -> (u8, Vec<Reason>) {
        let address = Rate {
            per_minute,
            ordinary: 60.0,
        };
        let traffic = Traffic {
            address,
            ..Traffic::default()
        };
        let context = Context {
            traffic,
            ..Context::default()
        };
        let evaluation = evaluate(&observe_request(transport), &context);
        (evaluation.score.level(), evaluation.reasons)
    }

    #[test]
    fn of_a_request_alone_little_is_known_and_that_is_said() {
        let program = Transport {
            user_agent: "okhttp/5.1.0",
            ..Transport::default()
        };
        for transport in [Transport::default(), program] {
            let unknown = (5, vec![Reason::LowConfidenceScore]);
            assert_eq!(judged(&transport, 0.0), unknown);
        }
    }

    #[test]
    fn a_request_that_says_what_it_is_or_comes_in_floods_scores_low() {
        let headless = Transport {
            user_agent: "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/142.0.0.0",
            ..Transport::default()
        };
        let (level, reasons) = judged(&headless, 0.0);
        assert!(level <= 1 && reasons.contains(&Reason::Automation));
        let (level, reasons) = judged(&Transport::default(), 600.0);
        assert!(level == 3 && reasons.contains(&Reason::TooMuchTraffic));
    }
}
