//! The numbered files in `samples/` pin the wire format: `NNN-name.bin` are the bytes, `NNN-name.json` what they say.
//!
//! An implementation in another language can check itself against them. To write them anew after a deliberate change of
//! the format: `UPDATE_SAMPLES=1 cargo test -p touchstone-protocol --features inspect --test samples`.

#![cfg(feature = "inspect")]
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::{env, fs, path::PathBuf};

use serde_json::{Value, json};
use touchstone_protocol::*;

#[test]
fn the_samples_decode_to_what_they_say() {
    for (name, bytes, decoded) in samples() {
        let path = |ending: &str| folder().join(format!("{name}.{ending}"));
        if env::var_os("UPDATE_SAMPLES").is_some() {
            fs::write(path("bin"), &bytes).unwrap();
            fs::write(
                path("json"),
                serde_json::to_string_pretty(&decoded).unwrap() + "\n",
            )
            .unwrap();
        }
        assert_eq!(
            fs::read(path("bin")).unwrap(),
            bytes,
            "{name}: the encoding changed"
        );
        let stored: Value = serde_json::from_slice(&fs::read(path("json")).unwrap()).unwrap();
        assert_eq!(stored, decoded, "{name}: the meaning changed");
    }
}

#[test]
fn every_sample_file_is_checked() {
    let mut stored: Vec<_> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "bin"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    stored.sort();
    let known: Vec<_> = samples()
        .into_iter()
        .map(|(name, ..)| name.to_owned())
        .collect();
    assert_eq!(stored, known);
}

/// Name, bytes, and the decoded form as read back from the bytes.
fn samples() -> Vec<(&'static str, Vec<u8>, Value)> {
    let report = |report: Report| {
        let bytes = report.encode();
        let decoded = outcome(Report::decode(&bytes));
        (bytes, decoded)
    };
    let broken = |bytes: Vec<u8>| {
        let decoded = outcome(Report::decode(&bytes));
        (bytes, decoded)
    };
    let (empty, visit) = (Report::default(), visit());
    let cut = visit.encode()[..60].to_vec();
    let mut long = empty.encode();
    long.push(0);
    let mut newer = empty.encode();
    newer[0] = 2;
    let challenge = Challenge {
        key: SessionKey(core::array::from_fn(|i| i as u8)),
        lifetime_ms: SESSION_LIFETIME_MS,
        host_not_allowed: false,
        sealed: b"sealed by the verifier".to_vec(),
        fragment:
            r#"[[0,"display:flex;width:320px"],[1,"flex:3 0 0;height:41px",1],[1,"flex:5 0 0"]]"#
                .into(),
        price: 16_384,
    };
    let envelope = Envelope::seal(
        &visit,
        &challenge.key,
        &challenge.sealed,
        "login",
        5,
        [0xA5; 12],
    );
    let plain = PlainReport {
        reason: PlainReason::WasmRefused,
        action: "login".to_owned(),
    };
    let with = |name: &'static str, (bytes, decoded): (Vec<u8>, Value)| (name, bytes, decoded);
    vec![
        with("001-report-empty", report(empty)),
        with("002-report-visit", report(visit.clone())),
        with("003-report-cut", broken(cut)),
        with("004-report-trailing", broken(long)),
        with("005-report-version", broken(newer)),
        with("006-challenge", {
            let bytes = challenge.encode();
            let read = Challenge::decode(&bytes).unwrap();
            let decoded = json!({
                "key": hex(&read.key.0), "lifetimeMs": read.lifetime_ms,
                "hostNotAllowed": read.host_not_allowed, "sealed": hex(&read.sealed),
                "fragment": String::from_utf8_lossy(&read.fragment), "price": read.price,
            });
            (bytes, decoded)
        }),
        with("007-envelope", {
            let bytes = envelope.encode();
            let read = Envelope::decode(&bytes).unwrap();
            let decoded = json!({
                "session": hex(&read.session), "action": read.action, "counter": read.counter,
                "key": hex(&challenge.key.0), "report": outcome(read.open(&challenge.key).map_err(|_| DecodeError::Malformed)),
            });
            (bytes, decoded)
        }),
        with("008-plain-report", {
            let bytes = plain.encode();
            let read = PlainReport::decode(&bytes).unwrap();
            let decoded = json!({"reason": read.reason as u8, "action": read.action});
            (bytes, decoded)
        }),
        with("009-payment", {
            let envelope = envelope.encode();
            let answers = (0..Payment::ROUNDS as u32)
                .map(|round| round * 97)
                .collect();
            let bytes = Payment {
                answers,
                envelope: &envelope,
            }
            .encode();
            let read = Payment::decode(&bytes).unwrap();
            let decoded = json!({"answers": read.answers, "envelope": hex(read.envelope)});
            (bytes, decoded)
        }),
    ]
}

/// A short visit: a move, a press on a field, two keys, a scroll and a paste.
fn visit() -> Report {
    let mut environment = Environment::new(
        fnv1a64(b"Mozilla/5.0 (X11; Linux x86_64)"),
        "en-GB,en".to_owned(),
    );
    environment.set_probe(Probe::Webdriver, State::No);
    environment.set_probe(Probe::AnyPointerFine, State::Yes);
    environment.set_probe(Probe::RawUpdates, State::Unsupported);
    environment.set_measure(Measure::PixelRatio, 1_250);
    environment.set_measure(Measure::TimeZoneOffset, -60);
    let mouse = |at, x, y, kind| PointerSample {
        at,
        x,
        y,
        kind,
        device: PointerDevice::Mouse,
        off_grid: false,
        shifted: false,
        held: false,
        coalesced: 6,
        latency: 2,
        pressure: 0,
        contact: 0,
        press: None,
    };
    let down = PointerSample {
        held: true,
        pressure: 128,
        contact: 1,
        press: Some(Press {
            dx: -13,
            dy: 4,
            width: 240,
            height: 36,
        }),
        ..mouse(13_006, 424, 331, PointerKind::Down)
    };
    Report {
        sealed_at: 64_000,
        started_at: 2_113,
        environment,
        counters: Counters {
            moves: 3,
            raw_updates: 19,
            typed: 2,
            ..Counters::default()
        },
        pointer: vec![
            mouse(12_000, 400, 300, PointerKind::Move),
            mouse(12_167, 411, 312, PointerKind::Move),
            PointerSample {
                off_grid: true,
                ..mouse(12_334, 424, 331, PointerKind::Move)
            },
            down,
            PointerSample {
                contact: 1,
                ..mouse(13_911, 424, 331, PointerKind::Up)
            },
        ],
        keys: vec![
            KeySample {
                at: 20_000,
                hold: Some(912),
                class: KeyClass::Letter,
                flags: KeyFlags(KeyFlags::CODE | KeyFlags::NEW_FIELD),
            },
            KeySample {
                at: 21_540,
                hold: None,
                class: KeyClass::Navigation,
                flags: KeyFlags(KeyFlags::CODE),
            },
        ],
        other: vec![
            OtherSample {
                at: 11_000,
                kind: OtherKind::Scroll,
                a: 120,
                b: 0,
            },
            OtherSample {
                at: 13_010,
                kind: OtherKind::Focus,
                a: Field::Press as i32,
                b: 0,
            },
            OtherSample {
                at: 30_000,
                kind: OtherKind::Input,
                a: InputKind::Paste as i32,
                b: 12,
            },
        ],
    }
}

fn outcome(read: Result<Report, DecodeError>) -> Value {
    match read {
        Ok(report) => serde_json::to_value(report).unwrap(),
        Err(error) => json!({"error": error.to_string()}),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples")
}
