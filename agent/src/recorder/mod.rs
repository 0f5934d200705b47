//! Records interaction: a few numbers an event, in rings of fixed size. What each file does not touch is the browser;
//! only `listen` and `read` do.

mod click;
mod clock;
mod focus;
mod input;
mod keys;
mod listen;
mod pointer;
mod read;
mod ring;
mod shift;
mod wheel;

use touchstone_protocol::{
    Counters, Environment, InputKind, KeyClass, Measure, OTHER_CAPACITY, OtherKind, OtherSample,
    Report,
};

use self::{
    click::Clicks,
    clock::{ClockStep, tenths},
    focus::Focus,
    input::{Change, Input},
    keys::{KeyDown, Keys},
    pointer::{Pointer, PointerEvent},
    ring::Ring,
    wheel::Scroll,
};
pub use self::{
    listen::attach,
    read::{Reader, scrolled},
};

/// Everything recorded since the agent started. Reading a report takes nothing away: two reports of one page overlap.
pub struct Recorder {
    started_at: u32,
    counters: Counters,
    clock: ClockStep,
    pointer: Pointer,
    keys: Keys,
    other: Ring<OtherSample>,
    scroll: Scroll,
    element_scroll: Scroll,
    focus: Focus,
    input: Input,
    clicks: Clicks,
}

impl Recorder {
    /// Starts with nothing. `now` is `performance.now()` in milliseconds, `scrolled` how far the document is scrolled down
    /// and right by then, in CSS pixels.
    pub fn new(now: f64, scrolled: (f64, f64)) -> Self {
        Self {
            started_at: tenths(now),
            counters: Counters::default(),
            clock: ClockStep::default(),
            pointer: Pointer::new(),
            keys: Keys::new(),
            other: Ring::new(OTHER_CAPACITY),
            scroll: Scroll::at(scrolled),
            element_scroll: Scroll::default(),
            focus: Focus::default(),
            input: Input::default(),
            clicks: Clicks::default(),
        }
    }

    /// The report as of now (`performance.now()` in milliseconds), with what the sources read.
    pub fn report(&self, mut environment: Environment, now: f64) -> Report {
        if let Some(step) = self.clock.smallest() {
            environment.set_measure(Measure::ClockStep, step);
        }
        Report {
            sealed_at: tenths(now),
            started_at: self.started_at,
            environment,
            counters: Counters {
                pointer_dropped: self.pointer.dropped(),
                keys_dropped: self.keys.dropped(),
                other_dropped: self.other.dropped(),
                ..self.counters
            },
            pointer: self.pointer.samples(),
            keys: self.keys.samples(),
            other: self.other.to_vec(),
        }
    }

    /// A pointer went down.
    fn press(&mut self, time: f64) {
        self.focus.press(tenths(time));
        self.clicks.press();
    }

    fn key_down(&mut self, event: &KeyDown<'_>) {
        self.focus.key(tenths(event.time));
        if self.keys.down(event) != KeyClass::Modifier {
            self.input.key();
        }
    }

    /// A field came into focus.
    fn focused(&mut self, time: f64) {
        let cause = self.focus.cause(tenths(time));
        self.note(time, OtherKind::Focus, cause as i32, 0);
    }

    /// A text field changed.
    fn changed(&mut self, time: f64, change: Change) {
        let (kind, added) = match change {
            Change::Nothing => return,
            Change::Typed => return self.counters.typed += 1,
            Change::Filled(kind, added) => (kind, added),
            Change::Composed(added) => {
                self.counters.typed += 1;
                (InputKind::Composition, added)
            }
        };
        self.note(time, OtherKind::Input, kind as i32, added);
    }

    fn clicked(&mut self, time: f64, detail: i32) {
        if let Some(unpressed) = self.clicks.click(tenths(time)) {
            self.note(time, OtherKind::Click, detail, i32::from(unpressed));
        }
    }

    /// Keeps one of the other events, at a time in milliseconds.
    fn note(&mut self, time: f64, kind: OtherKind, a: i32, b: i32) {
        self.other.push(OtherSample {
            at: tenths(time),
            kind,
            a,
            b,
        });
    }
}

#[cfg(test)]
mod tests {
    use touchstone_protocol::{Field, KEY_CAPACITY};

    use super::*;

    fn key(time: f64, key: &str) -> KeyDown<'_> {
        KeyDown {
            time,
            key,
            code: "KeyX",
            is_processed: false,
            shifted: false,
            repeat: false,
            flags: 0,
        }
    }

    fn report(recorder: &Recorder) -> Report {
        recorder.report(Environment::default(), 2_000.0)
    }

    fn others(recorder: &Recorder) -> Vec<(OtherKind, i32, i32)> {
        report(recorder)
            .other
            .iter()
            .map(|sample| (sample.kind, sample.a, sample.b))
            .collect()
    }

    #[test]
    fn a_report_tells_when_recording_began_and_when_it_was_sealed() {
        let report = report(&Recorder::new(12.34, (0.0, 0.0)));
        assert_eq!((report.started_at, report.sealed_at), (123, 20_000));
        assert!(report.is_empty());
    }

    #[test]
    fn recording_goes_on_after_a_report() {
        let mut recorder = Recorder::new(0.0, (0.0, 0.0));
        recorder.note(1.0, OtherKind::Paste, 0, 0);
        assert_eq!(report(&recorder), report(&recorder));
        recorder.note(2.0, OtherKind::Copy, 0, 0);
        assert_eq!(report(&recorder).other.len(), 2);
    }

    #[test]
    fn what_no_longer_fits_is_counted() {
        let mut recorder = Recorder::new(0.0, (0.0, 0.0));
        for i in 0..KEY_CAPACITY + 3 {
            recorder.key_down(&key(i as f64, "a"));
        }
        assert_eq!(report(&recorder).counters.keys_dropped, 3);
        assert_eq!(report(&recorder).keys.len(), KEY_CAPACITY);
    }

    #[test]
    fn typing_is_counted_and_a_modifier_types_nothing() {
        let mut recorder = Recorder::new(0.0, (0.0, 0.0));
        for (name, typed) in [("a", 1), ("Shift", 1), ("Enter", 2)] {
            recorder.key_down(&key(10.0, name));
            let change = recorder.input.change(Some("insertText"), 1);
            recorder.changed(10.0, change);
            assert_eq!(report(&recorder).counters.typed, typed, "{name}");
        }
        assert_eq!(
            others(&recorder),
            [(OtherKind::Input, InputKind::Text as i32, 1)]
        );
    }

    #[test]
    fn a_press_brings_focus_and_click() {
        let mut recorder = Recorder::new(0.0, (0.0, 0.0));
        recorder.press(1_000.0);
        recorder.focused(1_001.0);
        recorder.clicked(1_090.0, 1);
        recorder.clicked(1_900.0, 0);
        let expected = [
            (OtherKind::Focus, Field::Press as i32, 0),
            (OtherKind::Click, 1, 0),
            (OtherKind::Click, 0, 1),
        ];
        assert_eq!(others(&recorder), expected);
    }

    #[test]
    fn the_step_of_the_clock_is_part_of_the_environment() {
        let mut recorder = Recorder::new(0.0, (0.0, 0.0));
        recorder.clock.note(5.0);
        recorder.clock.note(5.1);
        assert_eq!(
            report(&recorder).environment.measure(Measure::ClockStep),
            Some(100)
        );
    }
}
