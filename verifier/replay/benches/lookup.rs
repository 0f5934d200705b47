//! What a replay costs: the sketch of a full report, and a visit among a million sketches. Prints the memory of a sketch.
#![allow(
    clippy::unwrap_used,
    reason = "a bench has nobody to report an error to"
)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use touchstone_protocol::{PointerDevice, PointerKind, PointerSample, Report};
use touchstone_replay::{Index, PageId, Realm, ReplaySecret, Sketch, Visit};

fn lookup(criterion: &mut Criterion) {
    let visits = visits();
    let mut full = visits[0].clone();
    full.pointer.extend_from_slice(&visits[2].pointer);
    criterion.bench_function(&format!("sketch of {} events", full.pointer.len()), |b| {
        b.iter(|| Sketch::of(black_box(&full)));
    });

    let mut index = Index::new(ReplaySecret([1; 32]), MILLION, u64::MAX);
    let mut random = fastrand::Rng::with_seed(1);
    let strokes: Vec<[u8; 8]> = (0..5_000)
        .filter_map(|_| Sketch::of(&strange(random.choice(&visits)?, &mut random)))
        .flat_map(|sketch| sketch.to_bytes().as_chunks::<8>().0.to_vec())
        .collect();
    for page in 0..MILLION {
        see(&mut index, &drawn(&strokes, &mut random), page);
    }
    println!(
        "{} sketches, {} bytes each",
        index.len(),
        index.bytes() / index.len()
    );
    let mut page = MILLION;
    criterion.bench_function("a new visit among a million", |b| {
        b.iter_batched(
            || drawn(&strokes, &mut random),
            |sketch| {
                page += 1;
                see(&mut index, &sketch, page)
            },
            criterion::BatchSize::SmallInput,
        );
    });
    let known = drawn(&strokes, &mut random);
    see(&mut index, &known, 0);
    criterion.bench_function("a replay among a million", |b| {
        b.iter(|| {
            page += 1;
            assert!(see(&mut index, black_box(&known), page));
        });
    });
}

fn see(index: &mut Index, sketch: &Sketch, page: usize) -> bool {
    let seen = index.see(&Visit {
        sketch,
        page: PageId((page as u128).to_be_bytes()),
        realm: Realm::Project("shop"),
        at: page as u64,
    });
    seen.replay.is_some()
}

/// Eight strokes of people, each with three bits changed at random.
fn drawn(strokes: &[[u8; 8]], random: &mut fastrand::Rng) -> Sketch {
    let mut stroke = || {
        let bits = (0..3).fold(0, |bits, _| bits ^ 1u64 << random.u32(0..63));
        let stroke = random.choice(strokes).copied().unwrap_or_default();
        (u64::from_be_bytes(stroke) ^ bits | 1 << 63).to_be_bytes()
    };
    let bytes: Vec<u8> = (0..8).flat_map(|_| stroke()).collect();
    Sketch::from_bytes(&bytes).unwrap()
}

/// A visit turned and stretched: another person's, for the index.
fn strange(report: &Report, random: &mut fastrand::Rng) -> Report {
    let (sin, cos) = (std::f32::consts::TAU * random.f32()).sin_cos();
    let (wide, high) = (0.5 + random.f32(), 0.5 + random.f32());
    let mut report = report.clone();
    for sample in &mut report.pointer {
        let (x, y) = (sample.x as f32 * wide, sample.y as f32 * high);
        sample.x = (x * cos - y * sin) as i32;
        sample.y = (x * sin + y * cos) as i32;
    }
    report
}

fn visits() -> Vec<Report> {
    let json = include_str!("../../score/fixtures/visits.json");
    let visits: Vec<Vec<(u32, i32, i32, char)>> = serde_json::from_str(json).unwrap();
    let report = |visit: &Vec<(u32, i32, i32, char)>| Report {
        pointer: visit.iter().map(|(t, x, y, _)| moved(*t, *x, *y)).collect(),
        ..Report::default()
    };
    visits.iter().map(report).collect()
}

fn moved(t: u32, x: i32, y: i32) -> PointerSample {
    PointerSample {
        at: t * 10,
        x,
        y,
        kind: PointerKind::Move,
        device: PointerDevice::Mouse,
        off_grid: false,
        shifted: false,
        held: false,
        coalesced: 0,
        latency: 0,
        pressure: 0,
        contact: 0,
        press: None,
    }
}

const MILLION: usize = 1_000_000;

criterion_group!(benches, lookup);
criterion_main!(benches);
