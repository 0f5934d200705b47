//! What a replay costs: the sketch of a full report, and a visit among a million sketches. Prints the memory of a sketch.
#![allow(
    clippy::unwrap_used,
    reason = "a bench has nobody to report an error to"
)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use touchstone_protocol::{PointerDevice, PointerKind, PointerSample, Report};
use touchstone_replay::{Index, PageId, Realm, ReplaySecret, Sketch, Source, Visit};

fn lookup(criterion: &mut Criterion) {
    let visits = visits();
    let mut full = visits[0].clone();
    full.pointer.extend_from_slice(&visits[2].pointer);
    criterion.bench_function(&format!("sketch of {} events", full.pointer.len()), |b| {
        b.iter(|| Sketch::of(black_box(&full)));
    });

    let mut index = Index::new(ReplaySecret([1; 32]), MILLION, u64::MAX);
    let mut random = fastrand::Rng::with_seed(1);
    for page in 0..MILLION {
        see(&mut index, &drawn(&mut random), page);
    }
    println!(
        "{} sketches, {} bytes each",
        index.len(),
        index.bytes() / index.len()
    );
    let mut page = MILLION;
    criterion.bench_function("a new visit among a million", |b| {
        b.iter_batched(
            || drawn(&mut random),
            |sketch| {
                page += 1;
                see(&mut index, &sketch, page)
            },
            criterion::BatchSize::SmallInput,
        );
    });
    let known = drawn(&mut random);
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
        source: Source {
            project: "shop",
            site_key: "6Lshop",
            agent: 7,
        },
        realm: Realm::Project("shop"),
        at: page as u64,
    });
    seen.replay.is_some()
}

/// Eight strokes whose traits are distributed as people's are, each by itself.
fn drawn(random: &mut fastrand::Rng) -> Sketch {
    let mut stroke = || {
        let digits = TRAITS.iter().fold(0, |digits: u64, (bits, mean, spread)| {
            let most = (1u64 << bits) - 1;
            // Twelve uniform numbers add up to a normal one, nearly.
            let normal: f32 = (0..12).map(|_| random.f32()).sum::<f32>() - 6.0;
            let digit = match spread {
                Some(spread) => (mean + spread * normal).clamp(0.0, most as f32) as u64,
                None => random.u64(0..=most),
            };
            digits << bits | digit
        });
        digits.to_be_bytes()
    };
    // Enough, and a span of time.
    let head = [1, 0, 0, 0, 0, 0, 0, 255, 255];
    let strokes = (0..8).flat_map(|_| stroke());
    let bytes: Vec<u8> = head.into_iter().chain(strokes).collect();
    Sketch::from_bytes(&bytes).unwrap()
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

/// Bits, mean and standard deviation of the digits of a stroke; any digit for a direction.
const TRAITS: [(u32, f32, Option<f32>); 12] = [
    (8, 0.0, None),
    (6, 31.5, Some(6.0)),
    (5, 15.5, Some(2.5)),
    (5, 15.5, Some(2.0)),
    (5, 15.5, Some(3.5)),
    (5, 16.0, Some(3.0)),
    (5, 11.0, Some(5.0)),
    (5, 22.0, Some(4.0)),
    (6, 0.0, None),
    (5, 15.5, Some(2.5)),
    (4, 7.5, Some(1.3)),
    (4, 4.5, Some(1.8)),
];
const MILLION: usize = 1_000_000;

criterion_group!(benches, lookup);
criterion_main!(benches);
