use std::sync::atomic::{AtomicU64, Ordering};

use crate::Millis;

/// A sliding-window counter in 64 bits: the number of the current window, the count of the one before it and of the current
/// one, saturating.
///
/// The estimate takes the window before as spread evenly: its count times the share of it that the sliding window still
/// covers, plus the current count. It is exact for steady traffic, and never off by more than the count of the window
/// before. Nothing sweeps: a cell that was not touched for two windows reads as 0.
pub(crate) struct Cell<'a>(pub(crate) &'a AtomicU64);

/// A window's length, and how the 64 bits are shared out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    /// Its length in milliseconds.
    pub(crate) ms: Millis,
    /// Bits of each of the two counts, below 32. The rest numbers the windows, and must last for decades: a number that
    /// comes again would bring an old count back.
    pub(crate) count_bits: u32,
}

impl Cell<'_> {
    /// Counts `more` and answers the estimate afterwards.
    pub(crate) fn add(&self, window: Window, more: u32, now: Millis) -> f32 {
        let mut seen = self.0.load(Ordering::Relaxed);
        loop {
            let parts = window.unpack(seen).rolled(window, now);
            let current = (parts.current + u64::from(more)).min(window.most());
            let parts = Parts { current, ..parts };
            let packed = window.pack(parts);
            let changed =
                self.0
                    .compare_exchange_weak(seen, packed, Ordering::Relaxed, Ordering::Relaxed);
            match changed {
                Ok(_) => return parts.estimate(window, now),
                Err(other) => seen = other,
            }
        }
    }

    /// The estimate, without counting.
    pub(crate) fn read(&self, window: Window, now: Millis) -> f32 {
        let parts = window.unpack(self.0.load(Ordering::Relaxed));
        parts.rolled(window, now).estimate(window, now)
    }
}

impl Window {
    fn most(self) -> u64 {
        (1 << self.count_bits) - 1
    }

    fn numbers(self) -> u64 {
        u64::MAX >> (2 * self.count_bits)
    }

    fn unpack(self, packed: u64) -> Parts {
        Parts {
            number: packed >> (2 * self.count_bits),
            before: (packed >> self.count_bits) & self.most(),
            current: packed & self.most(),
        }
    }

    fn pack(self, parts: Parts) -> u64 {
        parts.number << (2 * self.count_bits) | parts.before << self.count_bits | parts.current
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Parts {
    number: u64,
    before: u64,
    current: u64,
}

impl Parts {
    /// Moved on to the window of `now`. A clock that was set back keeps counting in the newest window it has seen:
    /// forgetting would let a step of the clock clear a hot counter.
    fn rolled(self, window: Window, now: Millis) -> Self {
        let number = (now / window.ms) & window.numbers();
        let ahead = number.wrapping_sub(self.number) & window.numbers();
        let is_empty = self.before == 0 && self.current == 0;
        let set_back = ahead > window.numbers() / 2;
        let before = match ahead {
            0 => return self,
            1 => self.current,
            _ if set_back && !is_empty => return self,
            _ => 0,
        };
        Self {
            number,
            before,
            current: 0,
        }
    }

    fn estimate(self, window: Window, now: Millis) -> f32 {
        let gone = (now % window.ms) as f32 / window.ms as f32;
        self.before as f32 * (1.0 - gone) + self.current as f32
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MINUTE: Millis = 60_000;
    const START: Millis = 1_800_000_000_000;
    const WINDOW: Window = Window {
        ms: MINUTE,
        count_bits: 20,
    };

    fn count(times: &[Millis]) -> AtomicU64 {
        let cell = AtomicU64::new(0);
        for at in times {
            Cell(&cell).add(WINDOW, 1, *at);
        }
        cell
    }

    #[test]
    fn a_count_slides_out_of_its_window_and_is_gone_after_two() {
        let cell = count(&[START; 60]);
        for (after, expected) in [
            (0, 60.0),
            (59_999, 60.0),
            (MINUTE, 60.0),
            (MINUTE * 3 / 2, 30.0),
            (2 * MINUTE, 0.0),
            (900 * MINUTE, 0.0),
        ] {
            let estimate = Cell(&cell).read(WINDOW, START + after);
            assert!((estimate - expected).abs() < 0.01, "{after}: {estimate}");
        }
    }

    #[test]
    fn a_clock_that_is_set_back_forgets_nothing() {
        let cell = count(&[START; 10]);
        assert_eq!(Cell(&cell).read(WINDOW, START - 5 * MINUTE), 10.0);
        assert_eq!(Cell(&cell).add(WINDOW, 1, START - 5 * MINUTE), 11.0);
    }

    #[test]
    fn a_full_cell_stays_full() {
        let full = Parts {
            number: (START / MINUTE) & WINDOW.numbers(),
            before: WINDOW.most(),
            current: WINDOW.most(),
        };
        let cell = AtomicU64::new(WINDOW.pack(full));
        let parts = || WINDOW.unpack(cell.load(Ordering::Relaxed));
        Cell(&cell).add(WINDOW, 1, START);
        assert_eq!(parts(), full);
        Cell(&cell).add(WINDOW, 1, START + MINUTE);
        assert_eq!((parts().before, parts().current), (WINDOW.most(), 1));
    }

    proptest! {
        #[test]
        fn packing_loses_nothing(packed: u64, count_bits in 16u32..28) {
            let window = Window { ms: MINUTE, count_bits };
            prop_assert_eq!(window.pack(window.unpack(packed)), packed);
        }

        #[test]
        fn an_estimate_lies_between_this_window_and_the_last_two(
            gaps in proptest::collection::vec(0u64..30_000, 1..40)
        ) {
            let mut now = START;
            let times: Vec<Millis> = gaps.iter().map(|gap| { now += gap; now }).collect();
            let estimate = Cell(&count(&times)).read(WINDOW, now);
            let since = |start| times.iter().filter(|at| **at >= start).count() as f32;
            let window = now / MINUTE * MINUTE;
            prop_assert!(estimate >= since(window) - 0.01, "{estimate}");
            prop_assert!(estimate <= since(window - MINUTE) + 0.01, "{estimate}");
        }
    }
}
