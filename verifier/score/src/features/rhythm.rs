use touchstone_protocol::{KeyClass, KeyFlags, KeySample, Report};

use super::shape::Pairs;
use crate::record::{Half, record, saturate, share};

record! {
    /// How keys follow each other: what holds and intervals have to do with one another. Same keys as in `Keys`, times as
    /// natural logarithms of 1 + milliseconds.
    Rhythm {
        /// Half the distance from the 10th to the 90th percentile.
        hold_range: Half,
        interval_range: Half,
        /// How much farther the 90th percentile lies from the median than the 10th, as a share of the range: -1 to 1.
        hold_lean: Half,
        interval_lean: Half,
        /// Correlation of each with the one before.
        hold_memory: Half,
        interval_memory: Half,
        /// Correlation of a key's hold with the interval that follows.
        hold_interval: Half,
        /// Share of intervals of more than three times the median.
        stops: Half,
        /// Standard deviation of the medians of runs of eight intervals.
        drift: Half,
    }
}

impl Rhythm {
    pub(crate) fn measure(report: &Report) -> Self {
        let mut strikes = Strikes::default();
        strikes.collect(&report.keys);
        strikes.into_columns()
    }
}

#[derive(Default)]
struct Strikes {
    holds: Vec<f32>,
    intervals: Vec<f32>,
    hold_memory: Pairs,
    interval_memory: Pairs,
    hold_interval: Pairs,
}

impl Strikes {
    fn collect(&mut self, keys: &[KeySample]) {
        let skip = KeyFlags::REPEAT | KeyFlags::COMPOSING | KeyFlags::CHORD;
        let struck = keys.iter().filter(|key| {
            key.flags.0 & skip == 0
                && key.flags.has(KeyFlags::CODE)
                && !matches!(key.class, KeyClass::Unidentified | KeyClass::Modifier)
        });
        let (mut last_at, mut last_hold, mut last_interval) = (None, None, None);
        for key in struck {
            let hold = key.hold.map(|hold| (1.0 + f32::from(hold) / 10.0).ln());
            if let Some(hold) = hold {
                self.holds.push(hold);
                if let Some(before) = last_hold {
                    self.hold_memory.add(before, hold);
                }
            }
            let gap = last_at.map_or(PAUSE, |at| key.at.saturating_sub(at));
            let interval = (gap < PAUSE).then(|| (1.0 + gap as f32 / 10.0).ln());
            if let (Some(hold), Some(interval)) = (last_hold, interval) {
                self.hold_interval.add(hold, interval);
            }
            let within = interval.filter(|_| !key.flags.has(KeyFlags::NEW_FIELD));
            if let Some(interval) = within {
                self.intervals.push(interval);
                if let Some(before) = last_interval {
                    self.interval_memory.add(before, interval);
                }
            }
            (last_at, last_hold, last_interval) = (Some(key.at), hold, interval);
        }
    }

    fn into_columns(mut self) -> Rhythm {
        let drift = drift(&self.intervals);
        self.holds.sort_unstable_by(f32::total_cmp);
        self.intervals.sort_unstable_by(f32::total_cmp);
        let (hold, interval) = (Spread::of(&self.holds), Spread::of(&self.intervals));
        let long = interval.middle + 3f32.ln();
        let stops = self.intervals.iter().filter(|value| **value > long).count();
        Rhythm {
            hold_range: hold.range.into(),
            interval_range: interval.range.into(),
            hold_lean: hold.lean.into(),
            interval_lean: interval.lean.into(),
            hold_memory: self.hold_memory.correlation().into(),
            interval_memory: self.interval_memory.correlation().into(),
            hold_interval: self.hold_interval.correlation().into(),
            stops: share(saturate(stops), saturate(self.intervals.len())).into(),
            drift: drift.into(),
        }
    }
}

struct Spread {
    middle: f32,
    range: f32,
    lean: f32,
}

impl Spread {
    fn of(sorted: &[f32]) -> Self {
        let at = |share: f32| {
            let place = (sorted.len().max(1) - 1) as f32 * share;
            sorted.get(place.round() as usize).copied().unwrap_or(0.0)
        };
        let (low, middle, high) = (at(0.1), at(0.5), at(0.9));
        let lean = (high + low - 2.0 * middle) / (high - low).max(0.02);
        Self {
            middle,
            range: (high - low) / 2.0,
            lean,
        }
    }
}

fn drift(intervals: &[f32]) -> f32 {
    let mut moments = super::Moments::default();
    for run in intervals.chunks_exact(8) {
        let mut run: [f32; 8] = std::array::from_fn(|i| run[i]);
        run.sort_unstable_by(f32::total_cmp);
        moments.add((run[3] + run[4]) / 2.0);
    }
    moments.deviation()
}

/// In units of 0.1 ms.
const PAUSE: u32 = 20_000;
