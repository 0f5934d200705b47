//! Typing as scripts do it, by formula: no recordings of typing bots exist under a licence that allows their use.

use touchstone_protocol::{KeyClass, KeyFlags, KeySample, Report};

/// A way to type: interval from key to key and hold, in milliseconds, from uniform random numbers.
pub type Typist = (&'static str, fn(&mut Random) -> (f64, f64));

pub const TYPISTS: &[Typist] = &[
    ("keys:at-once", |r| (r.within(1.0, 6.0), r.within(0.2, 2.0))),
    ("keys:constant", |r| {
        (100.0 + r.within(0.0, 6.0), r.within(0.5, 4.0))
    }),
    ("keys:constant-held", |r| {
        (120.0 + r.within(0.0, 6.0), 60.0 + r.within(0.0, 5.0))
    }),
    ("keys:uniform", |r| {
        (r.within(50.0, 150.0), r.within(0.5, 4.0))
    }),
    ("keys:uniform-held", |r| {
        (r.within(80.0, 240.0), r.within(30.0, 90.0))
    }),
    ("keys:normal-held", |r| {
        (r.normal(160.0, 40.0), r.normal(80.0, 15.0))
    }),
];

/// Replaces the keys of a report by 60 typed ones.
pub fn type_keys(report: &mut Report, typist: &Typist, seed: u64) {
    let mut random = Random(seed);
    let mut at = 20_000.0;
    report.keys.clear();
    for i in 0..60 {
        let (interval, hold) = (typist.1)(&mut random);
        let flags = KeyFlags::CODE | if i % 20 == 0 { KeyFlags::NEW_FIELD } else { 0 };
        report.keys.push(KeySample {
            at: at as u32,
            hold: Some((hold.max(0.1) * 10.0) as u16),
            class: KeyClass::Letter,
            flags: KeyFlags(flags),
        });
        at += interval.max(1.0) * 10.0;
    }
    report.sealed_at = report.sealed_at.max(at as u32 + 1_000);
    report.counters.typed = 60;
}

/// SplitMix64 (Steele, Lea and Flood 2014), so that runs repeat.
pub struct Random(pub u64);

impl Random {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Irwin-Hall approximation of the normal distribution.
    fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        let sum: f64 = (0..12).map(|_| self.unit()).sum();
        mean + deviation * (sum - 6.0)
    }
}
