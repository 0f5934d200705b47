use touchstone_protocol::{KeyClass, OtherKind, PointerKind, Report};

use crate::record::record;

record! {
    /// Wheel and scroll positions.
    Scrolling {
        /// Wheel events.
        wheels: u16,
        /// Wheel events of one notch (120 by the old measure) that scroll 200 pixels and more by the new one.
        odd_wheels: u16,
        /// Bursts of wheel events, cut by pauses of 300 ms.
        bursts: u16,
        /// Bursts answered by a single jump of 200 pixels and more.
        jumps: u16,
        /// Scroll events.
        scrolls: u16,
        /// Jumps of 200 pixels and more with no wheel, key, press or touch within the second before.
        orphans: u16,
    }
}

impl Scrolling {
    pub(crate) fn measure(report: &Report) -> Self {
        let mut counts = Self::default();
        let mut burst = Burst::default();
        let mut causes = Causes::new(report);
        let mut wheel_at: Option<u32> = None;
        for sample in &report.other {
            match sample.kind {
                OtherKind::Wheel => {
                    counts.wheels += 1;
                    let odd = sample.b.abs() == 120 && sample.a.abs() >= LARGE;
                    counts.odd_wheels += u16::from(odd);
                    if wheel_at.is_none_or(|at| sample.at.saturating_sub(at) > BURST_PAUSE) {
                        counts.add_burst(&burst);
                        burst = Burst {
                            wheels: 0,
                            scrolls: 0,
                            largest: 0,
                        };
                    }
                    burst.wheels += 1;
                    wheel_at = Some(sample.at);
                }
                OtherKind::Scroll => {
                    counts.scrolls += 1;
                    let by = sample.a.saturating_abs().max(sample.b.saturating_abs());
                    burst.scrolls += 1;
                    burst.largest = burst.largest.max(by);
                    let wheeled = wheel_at.is_some_and(|at| within(at, sample.at));
                    if by >= LARGE && !wheeled && !causes.any_before(sample.at) {
                        counts.orphans += 1;
                    }
                }
                _ => {}
            }
        }
        counts.add_burst(&burst);
        counts
    }

    fn add_burst(&mut self, burst: &Burst) {
        if burst.wheels > 0 {
            self.bursts += 1;
            self.jumps += u16::from(burst.scrolls == 1 && burst.largest >= LARGE);
        }
    }
}

#[derive(Default)]
struct Burst {
    wheels: u32,
    scrolls: u32,
    largest: i32,
}

/// Presses, releases and keys in order of time, read alongside the scroll events: linear, however many there are.
struct Causes<'a> {
    pointer: std::iter::Peekable<std::slice::Iter<'a, touchstone_protocol::PointerSample>>,
    keys: std::iter::Peekable<std::slice::Iter<'a, touchstone_protocol::KeySample>>,
    last: Option<u32>,
}

impl<'a> Causes<'a> {
    fn new(report: &'a Report) -> Self {
        let (pointer, keys) = (
            report.pointer.iter().peekable(),
            report.keys.iter().peekable(),
        );
        Self {
            pointer,
            keys,
            last: None,
        }
    }

    fn any_before(&mut self, at: u32) -> bool {
        while let Some(sample) = self.pointer.next_if(|sample| sample.at <= at) {
            if sample.held || sample.kind != PointerKind::Move {
                self.last = self.last.max(Some(sample.at));
            }
        }
        while let Some(key) = self.keys.next_if(|key| key.at <= at) {
            if key.class != KeyClass::Modifier {
                let until = key.at.saturating_add(u32::from(key.hold.unwrap_or(0)));
                self.last = self.last.max(Some(until));
            }
        }
        self.last.is_some_and(|last| within(last, at))
    }
}

fn within(cause: u32, at: u32) -> bool {
    at.saturating_sub(cause) <= SECOND
}

/// In CSS pixels.
const LARGE: i32 = 200;
/// In units of 0.1 ms.
const BURST_PAUSE: u32 = 3_000;
const SECOND: u32 = 10_000;
