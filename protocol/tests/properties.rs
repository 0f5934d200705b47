//! What holds for every report and for any bytes.

use proptest::prelude::*;
use touchstone_protocol::*;

fn pointer() -> impl Strategy<Value = PointerSample> {
    let press = (any::<i16>(), any::<i16>(), any::<u16>(), any::<u16>()).prop_map(
        |(dx, dy, width, height)| Press {
            dx,
            dy,
            width,
            height,
        },
    );
    let place = (
        0u32..40_000_000,
        -2_000_000i32..2_000_000,
        -2_000_000i32..2_000_000,
    );
    let what = (
        0u8..6,
        0u8..4,
        any::<[bool; 3]>(),
        any::<[u8; 4]>(),
        prop::option::of(press),
    );
    (place, what).prop_map(
        |((at, x, y), (kind, device, flags, bytes, press))| PointerSample {
            at,
            x,
            y,
            kind: PointerKind::ALL[kind as usize],
            device: PointerDevice::ALL[device as usize],
            off_grid: flags[0],
            shifted: flags[1],
            held: flags[2],
            coalesced: bytes[0],
            latency: bytes[1],
            pressure: bytes[2],
            contact: bytes[3],
            press,
        },
    )
}

fn key() -> impl Strategy<Value = KeySample> {
    (
        0u32..40_000_000,
        prop::option::of(0u16..u16::MAX),
        0u8..10,
        any::<u8>(),
    )
        .prop_map(|(at, hold, class, flags)| KeySample {
            at,
            hold,
            class: KeyClass::ALL[class as usize],
            flags: KeyFlags(flags),
        })
}

fn other() -> impl Strategy<Value = OtherSample> {
    (0u32..40_000_000, 0u8..16, any::<i32>(), any::<i32>()).prop_map(|(at, kind, a, b)| {
        OtherSample {
            at,
            kind: OtherKind::ALL[kind as usize],
            a,
            b,
        }
    })
}

fn environment() -> impl Strategy<Value = Environment> {
    let probes = prop::collection::vec((0usize..Probe::ALL.len(), any::<bool>()), 0..20);
    let measures = prop::collection::vec((0usize..Measure::ALL.len(), any::<i32>()), 0..20);
    (probes, measures, any::<u64>(), "[a-z,-]{0,128}").prop_map(
        |(probes, measures, user_agent_hash, languages)| {
            let mut environment = Environment::new(user_agent_hash, languages);
            for (index, yes) in probes {
                environment.set_probe(Probe::ALL[index], yes.into());
            }
            for (index, value) in measures {
                environment.set_measure(Measure::ALL[index], value);
            }
            environment
        },
    )
}

fn report(most: usize) -> impl Strategy<Value = Report> {
    let lists = (
        prop::collection::vec(pointer(), 0..=most.min(POINTER_CAPACITY)),
        prop::collection::vec(key(), 0..=most.min(KEY_CAPACITY)),
        prop::collection::vec(other(), 0..=most.min(OTHER_CAPACITY)),
    );
    (lists, environment(), any::<[u32; 7]>(), any::<(u32, u32)>()).prop_map(
        |((mut pointer, mut keys, mut other), environment, n, (sealed_at, started_at))| {
            // The agent records in order.
            pointer.sort_by_key(|sample| sample.at);
            keys.sort_by_key(|sample| sample.at);
            other.sort_by_key(|sample| sample.at);
            Report {
                sealed_at,
                started_at,
                environment,
                counters: Counters {
                    moves: n[0],
                    raw_updates: n[1],
                    untrusted: n[2],
                    typed: n[3],
                    pointer_dropped: n[4],
                    keys_dropped: n[5],
                    other_dropped: n[6],
                },
                pointer,
                keys,
                other,
            }
        },
    )
}

/// What the wire keeps of a report: times in order, positions within bounds, details only where they mean something.
fn as_kept(mut report: Report) -> Report {
    const EDGE: i32 = 1 << 20;
    let mut last = 0;
    for sample in &mut report.pointer {
        last = sample.at.max(last);
        sample.at = last;
        sample.x = sample.x.clamp(-EDGE, EDGE);
        sample.y = sample.y.clamp(-EDGE, EDGE);
        if sample.kind == PointerKind::Move && sample.device == PointerDevice::Mouse {
            (sample.pressure, sample.contact) = (0, 0);
        }
        if sample.kind != PointerKind::Down {
            sample.press = None;
        }
    }
    let mut last = 0;
    for sample in &mut report.keys {
        last = sample.at.max(last);
        sample.at = last;
    }
    let mut last = 0;
    for sample in &mut report.other {
        last = sample.at.max(last);
        sample.at = last;
    }
    report
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_report_survives_the_wire(report in report(40)) {
        prop_assert_eq!(Report::decode(&report.encode()), Ok(as_kept(report)));
    }

    #[test]
    fn any_bytes_are_a_message_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = Report::decode(&bytes);
        let _ = Challenge::decode(&bytes);
        let _ = Envelope::decode(&bytes);
        let _ = PlainReport::decode(&bytes);
        let _ = Payment::decode(&bytes);
    }

    #[test]
    fn a_changed_byte_gives_a_message_or_an_error(
        report in report(12), at in any::<prop::sample::Index>(), byte in any::<u8>(),
    ) {
        let mut bytes = report.encode();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Ok(read) = Report::decode(&bytes) {
            prop_assert!(Report::decode(&read.encode()).is_ok());
        }
    }

    #[test]
    fn a_challenge_survives_the_wire(
        key in any::<[u8; 32]>(), lifetime_ms in any::<u32>(), host_not_allowed in any::<bool>(),
        sealed in prop::collection::vec(any::<u8>(), 0..400), fragment in prop::collection::vec(any::<u8>(), 0..200), price in any::<u32>(),
        later in prop::collection::vec(any::<u8>(), 0..20),
    ) {
        let challenge = Challenge { key: SessionKey(key), lifetime_ms, host_not_allowed, sealed, fragment, price };
        let mut bytes = challenge.encode();
        prop_assert!(Challenge::decode(&bytes) == Ok(challenge.clone()));
        // A newer verifier appends.
        bytes.extend(later);
        prop_assert!(Challenge::decode(&bytes) == Ok(challenge));
    }

    #[test]
    fn a_payment_survives_the_wire(
        answers in prop::collection::vec(any::<u32>(), 0..=Payment::ROUNDS), envelope in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let payment = Payment { answers, envelope: &envelope };
        let bytes = payment.encode();
        prop_assert_eq!(Payment::decode(&bytes), Ok(payment));
    }

    #[test]
    fn an_envelope_survives_the_wire(
        report in report(12), key in any::<[u8; 32]>(), nonce in any::<[u8; 12]>(),
        session in prop::collection::vec(any::<u8>(), 0..300), action in "[A-Za-z0-9/_]{0,100}",
        counter in 0u8..64,
    ) {
        let key = SessionKey(key);
        let envelope = Envelope::seal(&report, &key, &session, &action, counter, nonce);
        let read = Envelope::decode(&envelope.encode());
        prop_assert_eq!(read.as_ref(), Ok(&envelope));
        prop_assert_eq!(read.unwrap().open(&key), Ok(as_kept(report)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// However wild the values, the report fits; what is left out is the oldest, and it is counted.
    #[test]
    fn a_full_report_fits_and_keeps_the_newest(report in report(POINTER_CAPACITY)) {
        let bytes = report.encode();
        prop_assert!(bytes.len() <= MAX_REPORT_BYTES);
        let read = Report::decode(&bytes).unwrap();
        let dropped = |r: &Report| {
            let c = r.counters;
            [c.pointer_dropped, c.keys_dropped, c.other_dropped].map(u64::from)
        };
        if dropped(&report).iter().all(|n| *n < u64::from(u32::MAX) - 2_000) {
            let left_out: u64 = dropped(&read).iter().sum::<u64>() - dropped(&report).iter().sum::<u64>();
            prop_assert_eq!(read.len() as u64 + left_out, report.len() as u64);
        }
        let newest = report.pointer.iter().map(|sample| sample.at).max();
        let overall = report.keys.iter().map(|k| k.at).chain(report.other.iter().map(|o| o.at)).max();
        if newest > overall {
            prop_assert_eq!(read.pointer.last().map(|sample| sample.at), newest);
        }
    }
}
