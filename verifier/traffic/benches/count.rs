//! What counting costs: once for a subject, and all that one request counts; with the cells of a million others in memory.

use std::{hint::black_box, net::IpAddr};

use criterion::{Criterion, criterion_group, criterion_main};
use touchstone_traffic::{Counters, Sketch, SketchKey, Subject, Traffic};

fn count(criterion: &mut Criterion) {
    let sketch = Sketch::new(SketchKey([1; 16]));
    for number in 0..1_000_000u32 {
        sketch.add(Subject::Address(IpAddr::from(number.to_be_bytes())), NOW);
    }
    let mut next = 0u32;
    let mut address = || {
        next = next.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        IpAddr::from(next.to_be_bytes())
    };
    criterion.bench_function("count an address", |b| {
        b.iter(|| sketch.add(Subject::Address(black_box(address())), NOW));
    });
    criterion.bench_function("read an address", |b| {
        b.iter(|| sketch.read(Subject::Address(black_box(address())), NOW));
    });
    let traffic = Traffic::new(SketchKey([2; 16]), NOW - 600_000);
    criterion.bench_function("count a request (site key, address, network)", |b| {
        b.iter(|| traffic.requested("6Lexample", Some(address()), black_box(NOW)));
    });
    criterion.bench_function("pressure", |b| {
        b.iter(|| traffic.pressure("6Lexample", Some(address()), black_box(NOW)));
    });
}

const NOW: u64 = 1_800_000_000_000;

criterion_group!(benches, count);
criterion_main!(benches);
