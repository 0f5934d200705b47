use touchstone_protocol::{Field, InputKind, OtherKind, PointerDevice, PointerKind, Report};

use crate::record::{record, saturate};

record! {
    /// How often what happened.
    Occasions {
        /// Events that no device and no browser made: counted, not punished.
        untrusted: u16,
        /// Changes of fields that keys account for.
        typed: u16,
        /// Fingers and pens put down.
        touches: u16,
        /// Clicks.
        clicks: u16,
        /// Clicks without a pointer: keys, screen readers, switches.
        assisted_clicks: u16,
        /// Pastes and drops.
        pastes: u16,
        /// Fields filled by browser, password manager, dictation or spelling.
        fills: u16,
        /// Characters typed that no key accounts for.
        keyless_characters: u16,
        /// Fields that received focus by a press.
        focus_by_press: u16,
        /// By a key.
        focus_by_key: u16,
        /// By neither.
        focus_by_other: u16,
        /// Windows left and tabs switched.
        switches: u16,
    }
}

impl Occasions {
    pub(crate) fn measure(report: &Report) -> Self {
        let mut counts = Self {
            untrusted: saturate(report.counters.untrusted as usize),
            typed: saturate(report.counters.typed as usize),
            ..Self::default()
        };
        for sample in &report.pointer {
            if sample.kind == PointerKind::Down && sample.device != PointerDevice::Mouse {
                counts.touches += 1;
            }
        }
        for sample in &report.other {
            match sample.kind {
                OtherKind::Click => {
                    counts.clicks += 1;
                    counts.assisted_clicks += u16::from(sample.a == 0);
                }
                OtherKind::Paste | OtherKind::Drop => counts.pastes += 1,
                OtherKind::Input => counts.add_input(sample.a, sample.b),
                OtherKind::Focus if sample.a == Field::Press as i32 => counts.focus_by_press += 1,
                OtherKind::Focus if sample.a == Field::Key as i32 => counts.focus_by_key += 1,
                OtherKind::Focus => counts.focus_by_other += 1,
                OtherKind::Hidden | OtherKind::WindowBlur => counts.switches += 1,
                _ => {}
            }
        }
        counts
    }

    fn add_input(&mut self, kind: i32, characters: i32) {
        if kind == InputKind::Text as i32 {
            let characters = characters.clamp(0, 99) as u16;
            self.keyless_characters = self.keyless_characters.saturating_add(characters);
        } else if kind == InputKind::Fill as i32 || kind == InputKind::Replacement as i32 {
            self.fills += 1;
        }
    }
}
