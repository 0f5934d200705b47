use touchstone_protocol::{
    KEY_CAPACITY, KeyClass, KeyFlags, KeySample, Measure, OTHER_CAPACITY, OtherKind, OtherSample,
    POINTER_CAPACITY, PointerDevice, PointerKind, PointerSample, Probe, Report, State,
};

use crate::{Class, Device, Key, Kind, Pointer, Trace};

/// The report that an agent in an ordinary desktop browser would have sent, had it seen these segments one after another.
///
/// Nothing but behaviour can speak in it: environment and input pipeline are those of any visitor. Positions are whole
/// pixels and times tenths of a millisecond. Between segments the pointer leaves the page for 1.5 s, because where one was
/// cut from the next is the recorder's doing. The newest samples are kept, as many as the agent has room for.
pub fn report(traces: &[Trace]) -> Report {
    let mut report = ordinary_browser();
    let mut start = FIRST_EVENT;
    for trace in traces {
        start = append(&mut report, trace, start).saturating_add(BETWEEN_SEGMENTS);
    }
    report.started_at = 500;
    report.sealed_at = start;
    report.counters.typed = report.keys.len() as u32;
    let moves = report
        .pointer
        .iter()
        .filter(|sample| sample.kind == PointerKind::Move);
    report.counters.moves = moves.count() as u32;
    keep_newest(&mut report.pointer, POINTER_CAPACITY);
    keep_newest(&mut report.keys, KEY_CAPACITY);
    keep_newest(&mut report.other, OTHER_CAPACITY);
    report
}

fn keep_newest<T>(samples: &mut Vec<T>, most: usize) {
    samples.drain(..samples.len().saturating_sub(most));
}

/// Returns when the segment ended, in units of 0.1 ms.
fn append(report: &mut Report, trace: &Trace, start: u32) -> u32 {
    // A segment lasts for 12 hours at most, a report for 119; what comes after that is at its end.
    let at = |t: f64| start.saturating_add((t * 10.0).round() as u32);
    let device = match trace.device {
        Device::Touch => PointerDevice::Touch,
        Device::Mouse | Device::Key => PointerDevice::Mouse,
    };
    let mut held = false;
    for event in &trace.pointer {
        let t = at(event.t);
        let kind = match event.kind {
            Kind::Move => PointerKind::Move,
            Kind::Press | Kind::Click => PointerKind::Down,
            Kind::Release => PointerKind::Up,
            // How far it turned was not recorded.
            Kind::Wheel => continue,
        };
        held = match event.kind {
            Kind::Press => true,
            Kind::Release | Kind::Click => false,
            Kind::Move | Kind::Wheel => held,
        };
        report
            .pointer
            .push(pointer_sample(t, event, kind, device, held));
        if matches!(event.kind, Kind::Release | Kind::Click) {
            report.other.push(OtherSample {
                at: t,
                kind: OtherKind::Click,
                a: 1,
                b: 0,
            });
        }
    }
    let mut field = None;
    for key in &trace.keys {
        let new_field = field.replace(key.field) != Some(key.field);
        report.keys.push(key_sample(at(key.down), key, new_field));
    }
    let end = at(trace.end());
    if let Some(last) = trace.pointer.last() {
        report
            .pointer
            .push(pointer_sample(end, last, PointerKind::Leave, device, false));
    }
    end
}

fn pointer_sample(
    at: u32,
    event: &Pointer,
    kind: PointerKind,
    device: PointerDevice,
    held: bool,
) -> PointerSample {
    PointerSample {
        at,
        x: event.x.round() as i32,
        y: event.y.round() as i32,
        kind,
        device,
        off_grid: false,
        shifted: false,
        held,
        coalesced: 0,
        latency: 3,
        pressure: if kind == PointerKind::Down { 128 } else { 0 },
        contact: 0,
        press: None,
    }
}

fn key_sample(at: u32, key: &Key, new_field: bool) -> KeySample {
    let class = match key.class {
        Class::Digit => KeyClass::Digit,
        Class::Space => KeyClass::Space,
        Class::Erase => KeyClass::Erase,
        Class::Enter => KeyClass::Enter,
        Class::Modifier => KeyClass::Modifier,
        Class::Navigation => KeyClass::Navigation,
        Class::Punctuation => KeyClass::Punctuation,
        // Recorders that hide letters call them other.
        Class::Letter | Class::Other => KeyClass::Letter,
    };
    let flags = KeyFlags(KeyFlags::CODE | if new_field { KeyFlags::NEW_FIELD } else { 0 });
    KeySample {
        at,
        hold: Some(((key.up - key.down) * 10.0).round().min(LONGEST_HOLD) as u16),
        class,
        flags,
    }
}

/// Every probe says what it says for people; the recorders tell nothing of merged events.
fn ordinary_browser() -> Report {
    let mut report = Report::default();
    for probe in Probe::ALL {
        report.environment.set_probe(*probe, State::No);
    }
    let environment = &mut report.environment;
    environment.set_probe(Probe::AnyPointerFine, State::Yes);
    environment.set_probe(Probe::CoalescedEvents, State::Unsupported);
    environment.set_probe(Probe::RawUpdates, State::Unsupported);
    environment.set_measure(Measure::PixelRatio, 1_000);
    report
}

/// In units of 0.1 ms: nobody is hasty here.
const FIRST_EVENT: u32 = 20_000;
const BETWEEN_SEGMENTS: u32 = 15_000;
/// In units of 0.1 ms, what the protocol can tell.
const LONGEST_HOLD: f64 = 65_534.0;

#[cfg(test)]
mod tests {
    use touchstone_score::{Context, Score, Transport, evaluate, observe};

    use super::*;

    #[test]
    fn an_empty_recording_is_an_ordinary_visitor_of_whom_nothing_is_known() {
        let facts = observe(&report(&[]), &Transport::default());
        let evaluation = evaluate(&facts, &Context::default());
        assert_eq!(Score::from_level(5), Some(evaluation.score));
        assert!(evaluation.evidence.iter().all(|found| found.weight == 0.0));
    }

    #[test]
    fn the_newest_samples_are_kept_and_the_report_fits_the_protocol() {
        let moves = (0..3_000).map(|i| moved(f64::from(i) * 10.0, f64::from(i % 700)));
        let report = report(&[trace(moves.collect())]);
        assert_eq!(report.pointer.len(), POINTER_CAPACITY);
        assert_eq!(report.counters.moves, 3_000);
        assert!(Report::decode(&report.encode()).is_ok());
    }

    #[test]
    fn what_lasts_for_longer_than_a_report_can_tell_ends_with_it() {
        let half_a_day = trace(vec![moved(0.0, 1.0), moved(12.0 * 3_600_000.0, 2.0)]);
        let report = report(&vec![half_a_day; 11]);
        assert_eq!(report.sealed_at, u32::MAX);
        assert_eq!(Report::decode(&report.encode()), Ok(report));
    }

    fn moved(t: f64, x: f64) -> Pointer {
        Pointer {
            t,
            x,
            y: 3.5,
            kind: Kind::Move,
        }
    }

    fn trace(pointer: Vec<Pointer>) -> Trace {
        Trace {
            src: "s".into(),
            user: String::new(),
            session: String::new(),
            device: Device::Mouse,
            label: None,
            bot: None,
            pointer,
            keys: Vec::new(),
        }
    }
}
