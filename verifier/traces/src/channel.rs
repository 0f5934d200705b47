use crate::{Key, Kind, Pointer, Trace};

/// The way from hand to file: how often a device is polled, how the browser hands its moves on, how large the screen is,
/// how fine the clock. Recorders and generators differ in all of it, and none of it tells people from bots, so whatever is
/// learnt from goes through channels drawn alike for both.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Channel {
    /// Factor on positions: another screen.
    pub scale: f64,
    /// Factor on times: a quicker or slower hand.
    pub tempo: f64,
    /// Milliseconds between two polls of the pointer; none leaves the recorded events.
    pub poll_ms: Option<f64>,
    /// Share of an interval by which polls, frames and the clock's steps are shifted, 0 to 1.
    pub phase: f64,
    /// How moves reach the page.
    pub delivery: Delivery,
    /// Largest random error of a time, in milliseconds either way.
    pub jitter_ms: f64,
    /// Factor on the differences between the logarithms of a typist's intervals, and on all of them: someone more practised,
    /// someone quicker. Holds stay as they are.
    pub practice: (f64, f64),
    /// Step of the clock that keys are told by, in milliseconds.
    pub key_step_ms: f64,
}

/// How moves reach the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Delivery {
    /// Each as it comes.
    Direct,
    /// The last one of every frame of so many milliseconds, with its own time.
    Frames(f64),
    /// All, but with the time at which the recorder looked, every so many milliseconds: several share a time.
    Batches(f64),
}

impl Channel {
    /// Carries a segment. `noise` gives numbers within -1 and 1. Positions come out as whole pixels, times as whole
    /// milliseconds; order is kept.
    pub fn carry(&self, trace: &Trace, mut noise: impl FnMut() -> f64) -> Trace {
        let mut pointer = trace.pointer.clone();
        for event in &mut pointer {
            event.t *= self.tempo;
            event.x *= self.scale;
            event.y *= self.scale;
        }
        if let Some(interval) = self.poll_ms {
            pointer = self.poll(&pointer, interval);
        }
        pointer = self.deliver(pointer);
        let mut last = 0.0f64;
        for event in &mut pointer {
            event.t = (event.t + noise() * self.jitter_ms).round().max(last);
            event.x = event.x.round();
            event.y = event.y.round();
            last = event.t;
        }
        let mut keys = self.practise(&trace.keys);
        for key in &mut keys {
            self.carry_key(key, &mut noise);
        }
        keys.sort_by(|a, b| a.down.total_cmp(&b.down));
        Trace {
            pointer,
            keys,
            ..trace.clone()
        }
    }

    fn practise(&self, keys: &[Key]) -> Vec<Key> {
        let mut gaps: Vec<f64> = keys.windows(2).map(|k| k[1].down - k[0].down).collect();
        let mut sorted = gaps.clone();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted
            .get(sorted.len() / 2)
            .copied()
            .unwrap_or(0.0)
            .max(1.0);
        let (spread, pace) = self.practice;
        for gap in &mut gaps {
            // Longer pauses are for other things than typing.
            if *gap < LONGEST_INTERVAL_MS {
                *gap = middle * pace * (gap.max(1.0) / middle).powf(spread);
            }
        }
        let mut out = keys.to_vec();
        for i in 1..out.len() {
            let hold = out[i].up - out[i].down;
            out[i].down = out[i - 1].down + gaps[i - 1];
            out[i].up = out[i].down + hold;
        }
        out
    }

    fn carry_key(&self, key: &mut Key, noise: &mut impl FnMut() -> f64) {
        let step = self.key_step_ms.max(1.0);
        // Most recorders see a key when they next look, so its time is late by up to a step.
        let mut seen = |t: f64| {
            let t = t * self.tempo + noise() * self.jitter_ms.max(0.5);
            (((t / step + self.phase).ceil() - self.phase) * step)
                .round()
                .max(0.0)
        };
        key.down = seen(key.down);
        key.up = seen(key.up).max(key.down + 1.0);
    }

    /// Looks at the pointer every `interval` milliseconds. Between recorded positions it moved in a straight line, if it
    /// moved at all: a longer gap is rest, and then a step.
    fn poll(&self, events: &[Pointer], interval: f64) -> Vec<Pointer> {
        let mut out: Vec<Pointer> = Vec::with_capacity(events.len() * 2);
        let mut next = self.phase * interval;
        for pair in events.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            if from.kind != Kind::Move {
                out.push(from);
            }
            let start = from.t.max(to.t - REST_MS);
            next = next.max((start / interval).floor() * interval + self.phase * interval);
            while next < to.t {
                let share = ((next - start) / (to.t - start).max(0.01)).clamp(0.0, 1.0);
                let x = from.x + (to.x - from.x) * share;
                let y = from.y + (to.y - from.y) * share;
                if out
                    .last()
                    .is_none_or(|last| last.x.round() != x.round() || last.y.round() != y.round())
                {
                    let (t, kind) = (next.max(from.t), Kind::Move);
                    out.push(Pointer { t, x, y, kind });
                }
                next += interval;
            }
        }
        out.extend(events.last());
        out
    }

    fn deliver(&self, events: Vec<Pointer>) -> Vec<Pointer> {
        match self.delivery {
            Delivery::Direct => events,
            Delivery::Frames(frame) => {
                let frame_of = |event: &Pointer| (event.t / frame + self.phase).floor();
                let mut out: Vec<Pointer> = Vec::with_capacity(events.len());
                for event in events {
                    let merges = |last: &Pointer| {
                        last.kind == Kind::Move
                            && event.kind == Kind::Move
                            && frame_of(last) == frame_of(&event)
                    };
                    if out.last().is_some_and(merges) {
                        out.pop();
                    }
                    out.push(event);
                }
                out
            }
            Delivery::Batches(step) => {
                let mut out = events;
                for event in &mut out {
                    event.t = ((event.t / step + self.phase).ceil() - self.phase).max(0.0) * step;
                }
                out
            }
        }
    }
}

const LONGEST_INTERVAL_MS: f64 = 2_000.0;
/// Longer than the gap of any poll, shorter than a pause.
const REST_MS: f64 = 40.0;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Class, Device};

    fn trace(n: u32, gap: f64) -> Trace {
        let pointer = (0..n)
            .map(|i| Pointer {
                t: f64::from(i) * gap,
                x: f64::from(i) * 3.3,
                y: f64::from(i * i % 37),
                kind: if i % 50 == 49 {
                    Kind::Press
                } else {
                    Kind::Move
                },
            })
            .collect();
        let keys = (0..n / 10)
            .map(|i| Key {
                down: f64::from(i) * 110.0,
                up: f64::from(i) * 110.0 + 77.0,
                class: Class::Letter,
                field: 0,
            })
            .collect();
        Trace {
            src: "s".into(),
            user: String::new(),
            session: String::new(),
            device: Device::Mouse,
            label: None,
            bot: None,
            pointer,
            keys,
        }
    }

    proptest! {
        #[test]
        fn what_comes_out_is_whole_and_in_order_with_every_press(
            gap in 0.5f64..60.0,
            poll in proptest::option::of(1.0f64..40.0),
            phase in 0.0f64..1.0,
            jitter_ms in 0.0f64..4.0,
            delivery in 0usize..3,
        ) {
            let delivery = [Delivery::Direct, Delivery::Frames(16.7), Delivery::Batches(12.0)][delivery];
            let channel = Channel { scale: 1.3, tempo: 0.9, poll_ms: poll, phase, delivery, jitter_ms, practice: (0.8, 0.7), key_step_ms: 8.0 };
            let (mut i, before) = (0, trace(200, gap));
            let after = channel.carry(&before, || { i += 1; f64::from(i % 7) / 3.5 - 1.0 });
            let presses = |trace: &Trace| trace.pointer.iter().filter(|e| e.kind == Kind::Press).count();
            prop_assert_eq!(presses(&before), presses(&after));
            prop_assert!(after.pointer.is_sorted_by(|a, b| a.t <= b.t));
            prop_assert!(after.pointer.iter().all(|e| e.t.fract() == 0.0 && e.x.fract() == 0.0 && e.y.fract() == 0.0));
            prop_assert!(after.keys.iter().all(|k| k.up > k.down && k.down.fract() == 0.0));
        }
    }
}
