//! What holds for every report, however odd.

use proptest::prelude::*;
use touchstone_protocol::{
    KeyClass, KeyFlags, KeySample, Measure, OtherKind, OtherSample, PointerDevice, PointerKind,
    PointerSample, Probe, Report, State,
};
use touchstone_score::{Context, Facts, Tier, evaluate, observe};

use crate::{person::Person, transport};

prop_compose! {
    fn any_pointer()(
        at in 0u32..4_000_000, x in -3_000i32..3_000, y in -3_000i32..3_000, kind in 0u8..6, device in 0u8..4,
        bits in 0u8..8, coalesced: u8, latency: u8, pressure: u8,
    ) -> PointerSample {
        PointerSample {
            at, x, y,
            kind: PointerKind::try_from(kind).unwrap_or(PointerKind::Move),
            device: PointerDevice::try_from(device).unwrap_or(PointerDevice::Mouse),
            off_grid: bits & 1 != 0, shifted: bits & 2 != 0, held: bits & 4 != 0,
            coalesced, latency, pressure, contact: pressure, press: None,
        }
    }
}

prop_compose! {
    fn any_report()(
        pointer in proptest::collection::vec(any_pointer(), 0..200),
        keys in proptest::collection::vec((0u32..4_000_000, any::<Option<u16>>(), 0u8..10, any::<u8>()), 0..80),
        other in proptest::collection::vec((0u32..4_000_000, 0u8..16, any::<i32>(), any::<i32>()), 0..80),
        probes in proptest::collection::vec(0u8..5, Probe::ALL.len()),
        measures in proptest::collection::vec(any::<i32>(), Measure::ALL.len()),
        counters in any::<[u32; 3]>(),
    ) -> Report {
        let mut report = Person::at_a_desktop().done();
        report.pointer = pointer;
        report.keys = keys.into_iter().map(|(at, hold, class, flags)| KeySample {
            at, hold, class: KeyClass::try_from(class).unwrap_or(KeyClass::Other), flags: KeyFlags(flags),
        }).collect();
        report.other = other.into_iter().map(|(at, kind, a, b)| OtherSample {
            at, kind: OtherKind::try_from(kind).unwrap_or(OtherKind::Blur), a, b,
        }).collect();
        for (probe, state) in Probe::ALL.iter().zip(probes) {
            let states = [State::No, State::No, State::Yes, State::Unsupported, State::Failed];
            report.environment.set_probe(*probe, states[usize::from(state)]);
        }
        for (measure, value) in Measure::ALL.iter().zip(measures) {
            report.environment.set_measure(*measure, value);
        }
        report.counters.moves = counters[0].max(1_024);
        report.counters.raw_updates = counters[1];
        report.counters.typed = counters[2];
        report
    }
}

proptest! {
    #[test]
    fn any_report_gets_a_finite_sum_and_facts_that_travel(report in any_report()) {
        let facts = observe(&report, &transport(&report));
        prop_assert_eq!(Facts::decode(&facts.encode()), Ok(facts.clone()));
        let evaluation = evaluate(&facts, &Context { backend_user_agent: Some("other"), ..Context::default() });
        prop_assert!(evaluation.sum.is_finite());
        prop_assert!(evaluation.evidence.iter().all(|e| e.weight.is_finite()));
        let a = evaluation.evidence.iter().any(|e| e.tier == Tier::A);
        prop_assert!(!a || evaluation.score.level() <= 1);
    }

    #[test]
    fn any_bytes_are_facts_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        if let Ok(facts) = Facts::decode(&bytes) {
            prop_assert!(evaluate(&facts, &Context::default()).sum.is_finite());
        }
    }

    #[test]
    fn a_tell_never_raises_a_score(report in any_report(), tell in 0usize..7) {
        let tells = [Probe::Webdriver, Probe::HeadlessAgent, Probe::DriverGlobals, Probe::NativePatched,
            Probe::WebdriverPatched, Probe::FrameMismatch, Probe::WorkerMismatch];
        let mut without = report.clone();
        without.environment.set_probe(tells[tell], State::No);
        let mut with = report;
        with.environment.set_probe(tells[tell], State::Yes);
        let level = |report: &Report| evaluate(&observe(report, &transport(report)), &Context::default()).score;
        prop_assert!(level(&with) <= level(&without));
    }
}
