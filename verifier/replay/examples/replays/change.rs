//! What a tool does to a recording before it plays it.

use std::f32::consts::TAU;

use touchstone_protocol::{POINTER_CAPACITY, PointerKind, PointerSample, Report};

use crate::trace::sample;

/// How a recording is changed. The default plays it as it was.
#[derive(Debug, Clone, Copy)]
pub struct Change {
    /// Pixels to the right and down.
    pub shift: (f32, f32),
    /// Factor of both axes.
    pub scale: f32,
    /// Each event is off by up to this many pixels on each axis.
    pub jitter: f32,
    /// Factor of all times.
    pub pace: f32,
    /// Local changes of pace, up to this share, over waves of 1 to 3 seconds.
    pub warp: f32,
    /// Events a second, interpolated; 0 keeps the recorded ones.
    pub rate: f32,
    /// Share of the oldest samples that is lost.
    pub cut: f32,
}

impl Default for Change {
    fn default() -> Self {
        Self {
            shift: (0.0, 0.0),
            scale: 1.0,
            jitter: 0.0,
            pace: 1.0,
            warp: 0.0,
            rate: 0.0,
            cut: 0.0,
        }
    }
}

impl Change {
    /// The recording as it comes back, at most as long as the agent's ring buffer.
    pub fn apply(&self, report: &Report, random: &mut fastrand::Rng) -> Report {
        let wave = 1_000.0 + 2_000.0 * random.f32();
        let phase = TAU * random.f32();
        let swing = |ms: f32| (ms / wave * TAU + phase).sin() - phase.sin();
        let clock = |ms: f32| self.pace * (ms + self.warp * wave / TAU * swing(ms));
        let first = (report.pointer.len() as f32 * self.cut) as usize;
        let kept = &report.pointer[first..];
        let kept = match self.rate > 0.0 {
            true => interpolate(kept, 10_000.0 / self.rate / self.pace),
            false => kept.iter().map(|s| (s.x as f32, s.y as f32, *s)).collect(),
        };
        let mut jitter = || self.jitter * (2.0 * random.f32() - 1.0);
        let changed = kept.into_iter().map(|(x, y, sample)| PointerSample {
            at: (clock(sample.at as f32 / 10.0) * 10.0).round() as u32,
            x: (x * self.scale + self.shift.0 + jitter()).round() as i32,
            y: (y * self.scale + self.shift.1 + jitter()).round() as i32,
            ..sample
        });
        let mut pointer: Vec<PointerSample> = changed.collect();
        let excess = pointer.len().saturating_sub(POINTER_CAPACITY);
        pointer.drain(..excess);
        Report {
            pointer,
            ..Report::default()
        }
    }
}

/// Moves every `every` tenths of a millisecond between the recorded ones. Where the pointer rests, nothing is sent: a
/// browser reports moves only.
fn interpolate(samples: &[PointerSample], every: f32) -> Vec<(f32, f32, PointerSample)> {
    let mut out: Vec<(f32, f32, PointerSample)> = Vec::new();
    for pair in samples.windows(2) {
        let (a, b) = (&pair[0], &pair[1]);
        let last = out.last().map(|(_, _, last)| last.at);
        let is_due = last.is_none_or(|last| a.at.saturating_sub(last) as f32 >= every);
        if is_due || a.kind != PointerKind::Move {
            out.push((a.x as f32, a.y as f32, *a));
        }
        let apart = b.at.saturating_sub(a.at);
        let rests = (a.x, a.y) == (b.x, b.y) || apart > LONGEST || b.kind != PointerKind::Move;
        if rests {
            continue;
        }
        let steps = (apart as f32 / every) as u32;
        for n in 1..steps {
            let share = n as f32 / steps as f32;
            let x = a.x as f32 + share * (b.x - a.x) as f32;
            let y = a.y as f32 + share * (b.y - a.y) as f32;
            let at = a.at + (apart as f32 * share) as u32;
            out.push((x, y, sample(at, 0, 0, PointerKind::Move, a.device)));
        }
    }
    out
}

/// A longer gap is a rest, in units of 0.1 ms.
const LONGEST: u32 = 2_500;
