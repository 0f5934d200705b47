use touchstone_protocol::{KeyClass, KeyFlags, KeySample, Report};

use super::Moments;
use crate::record::{Half, record, share};

record! {
    /// How keys were struck. Only physical keys: virtual keyboards and input methods name no `code` and are left out,
    /// but for `codeless`.
    Keys {
        /// Physical keys that are no modifiers, without auto-repeat, shortcuts and compositions.
        count: u16,
        /// Those whose release was seen.
        held: u16,
        /// Those released within 15 ms.
        short: u16,
        /// Mean natural logarithm of 1 + hold in milliseconds.
        hold_log: Half,
        /// Its standard deviation.
        hold_spread: Half,
        /// Intervals between two such keys going down, under two seconds, in one field.
        intervals: u16,
        /// Mean natural logarithm of 1 + interval in milliseconds.
        interval_log: Half,
        /// Its standard deviation.
        interval_spread: Half,
        /// Standard deviation over mean of the intervals themselves.
        interval_cv: Half,
        /// Keys a second within runs.
        rate: Half,
        /// Share of intervals in which the next key went down before this one came up.
        rollover: Half,
        /// Capitals and shifted symbols of physical keys (with a `code`), with neither Shift nor Caps Lock.
        unshifted: u16,
        /// Printing keys with a class but without a `code`.
        codeless: u16,
        /// Corrections.
        erased: u16,
    }
}

impl Keys {
    pub(crate) fn measure(report: &Report) -> Self {
        let mut keys = Self::default();
        let (mut hold, mut interval, mut plain) =
            (Moments::default(), Moments::default(), Moments::default());
        let mut rolled = 0u16;
        let mut last: Option<&KeySample> = None;
        for key in &report.keys {
            let skip = KeyFlags::REPEAT | KeyFlags::COMPOSING | KeyFlags::CHORD;
            let ignored = matches!(key.class, KeyClass::Unidentified | KeyClass::Modifier);
            if key.flags.0 & skip != 0 || ignored {
                continue;
            }
            if !key.flags.has(KeyFlags::CODE) {
                keys.codeless += u16::from(is_printing(key.class));
                last = None;
                continue;
            }
            keys.count += 1;
            keys.unshifted += u16::from(key.flags.has(KeyFlags::UNSHIFTED));
            keys.erased += u16::from(key.class == KeyClass::Erase);
            if let Some(held) = key.hold {
                hold.add((1.0 + f32::from(held) / 10.0).ln());
                keys.short += u16::from(held < SHORT_HOLD);
            }
            if let Some(before) = last.filter(|_| !key.flags.has(KeyFlags::NEW_FIELD)) {
                let gap = key.at.saturating_sub(before.at);
                if gap < PAUSE {
                    let gap_ms = gap as f32 / 10.0;
                    interval.add((1.0 + gap_ms).ln());
                    plain.add(gap_ms);
                    rolled += u16::from(before.hold.is_some_and(|held| u32::from(held) > gap));
                }
            }
            last = Some(key);
        }
        keys.held = hold.count;
        keys.hold_log = hold.mean.into();
        keys.hold_spread = hold.deviation().into();
        keys.intervals = interval.count;
        keys.interval_log = interval.mean.into();
        keys.interval_spread = interval.deviation().into();
        if interval.count > 0 {
            let mean = plain.mean.max(0.1);
            keys.interval_cv = (plain.deviation() / mean).into();
            keys.rate = (1_000.0 / mean).into();
        }
        keys.rollover = share(rolled, interval.count).into();
        keys
    }
}

fn is_printing(class: KeyClass) -> bool {
    matches!(
        class,
        KeyClass::Letter | KeyClass::Digit | KeyClass::Punctuation | KeyClass::Space
    )
}

/// In units of 0.1 ms: 15 ms.
const SHORT_HOLD: u16 = 150;
/// In units of 0.1 ms.
const PAUSE: u32 = 20_000;
