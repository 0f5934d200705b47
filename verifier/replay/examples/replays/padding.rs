//! Visits that nobody made: recorded ones in a mirror, turned, stretched and at another pace, two halves put together. Their
//! strokes are people's in shape, and nobody's: what is only turned and stretched is now and then the original again, what
//! is mirrored is not.

use std::f32::consts::TAU;

use touchstone_protocol::Report;
use touchstone_replay::Sketch;

use crate::trace::Session;

/// Visit number `n`, drawn from `sessions`.
pub fn sketch(sessions: &[&Session], n: u64) -> Option<Sketch> {
    let mut random = fastrand::Rng::with_seed(n);
    let mut half = |from: fn(usize) -> std::ops::Range<usize>| {
        let session = random.choice(sessions)?;
        let strange = strange(&session.report, &mut random);
        let bytes = Sketch::of(&strange)?.to_bytes();
        let strokes = bytes.len() / 8;
        Some(bytes[from(strokes)].to_vec())
    };
    let mut bytes = half(|strokes| 0..strokes.div_ceil(2) * 8)?;
    bytes.extend(half(|strokes| strokes / 2 * 8..strokes * 8)?);
    bytes.truncate(Sketch::MAX_BYTES);
    Sketch::from_bytes(&bytes)
}

fn strange(report: &Report, random: &mut fastrand::Rng) -> Report {
    let (sin, cos) = (TAU * random.f32()).sin_cos();
    let (wide, high) = (-0.5 - random.f32(), 0.5 + random.f32());
    let pace = 0.5 + random.f32();
    let mut report = report.clone();
    for sample in &mut report.pointer {
        let (x, y) = (sample.x as f32 * wide, sample.y as f32 * high);
        sample.x = (x * cos - y * sin).round() as i32;
        sample.y = (x * sin + y * cos).round() as i32;
        sample.at = (sample.at as f32 * pace) as u32;
    }
    report
}
