//! What a token costs: reading and observing a full report, and evaluating its facts.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use touchstone_protocol::{
    KeyClass, KeyFlags, KeySample, Measure, OtherKind, OtherSample, PointerDevice, PointerKind,
    PointerSample, Probe, Report, State,
};
use touchstone_score::{Context, Facts, Transport, evaluate, observe};

fn score(criterion: &mut Criterion) {
    let bytes = full_report().encode();
    let Ok(report) = Report::decode(&bytes) else {
        return;
    };
    let transport = Transport {
        elapsed_ms: 60_000,
        ..Transport::default()
    };
    let facts = observe(&report, &transport);

    let mut group = criterion.benchmark_group("report");
    group.throughput(Throughput::Elements(report.len() as u64));
    group.bench_function("decode", |b| b.iter(|| Report::decode(black_box(&bytes))));
    group.bench_function("observe", |b| {
        b.iter(|| observe(black_box(&report), &transport))
    });
    group.bench_function("decode and observe", |b| {
        b.iter(|| Report::decode(black_box(&bytes)).map(|report| observe(&report, &transport)));
    });
    group.finish();

    let encoded = facts.encode();
    criterion.bench_function("facts decode", |b| {
        b.iter(|| Facts::decode(black_box(&encoded)))
    });
    let mut suspect = facts.clone();
    criterion.bench_function("evaluate", |b| {
        b.iter(|| evaluate(black_box(&facts), &Context::default()));
    });
    let mut spoilt = report.clone();
    for probe in Probe::ALL {
        spoilt.environment.set_probe(*probe, State::Yes);
    }
    suspect.clone_from(&observe(&spoilt, &transport));
    criterion.bench_function("evaluate with findings", |b| {
        b.iter(|| evaluate(black_box(&suspect), &Context::default()));
    });
}

/// All lists full, or as full as the encoded size allows.
fn full_report() -> Report {
    let mut report = Report {
        started_at: 1_000,
        sealed_at: 400_000,
        ..Report::default()
    };
    for probe in Probe::ALL {
        report.environment.set_probe(*probe, State::No);
    }
    report.environment.set_measure(Measure::PixelRatio, 1_000);
    report.counters.moves = 2_000;
    for i in 0..1_024u32 {
        let phase = (i % 60) as f32 / 60.0;
        let reach = 600.0 * (1.0 - (1.0 - phase).powi(3));
        let kind = match i % 60 {
            58 => PointerKind::Down,
            59 => PointerKind::Up,
            _ => PointerKind::Move,
        };
        report.pointer.push(PointerSample {
            at: 20_000 + i * 160 + i / 60 * 9_000,
            x: reach as i32,
            y: (reach * 0.4 + 20.0 * (phase * 7.0).sin()) as i32,
            kind,
            device: PointerDevice::Mouse,
            off_grid: false,
            shifted: false,
            held: kind == PointerKind::Down,
            coalesced: 6,
            latency: 2,
            pressure: 128,
            contact: 1,
            press: None,
        });
    }
    for i in 0..400u32 {
        report.keys.push(KeySample {
            at: 30_000 + i * 800 + i * i % 370,
            hold: Some(900 + (i * 37 % 400) as u16),
            class: KeyClass::Letter,
            flags: KeyFlags(KeyFlags::CODE),
        });
        let kind = if i % 4 == 0 {
            OtherKind::Wheel
        } else {
            OtherKind::Scroll
        };
        report.other.push(OtherSample {
            at: 30_000 + i * 700,
            kind,
            a: 0,
            b: 120,
        });
    }
    report
}

criterion_group!(benches, score);
criterion_main!(benches);
