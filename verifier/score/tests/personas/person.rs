//! Builds the reports of people and bots: pointer strokes of people from recordings, all else from formulas.

use touchstone_protocol::{
    Field, InputKind, KeyClass, KeyFlags, KeySample, Measure, OtherKind, OtherSample,
    PointerDevice, PointerKind, PointerSample, Press, Probe, Report, State,
};

use crate::hand;

/// A report in the making; `at` is the present, in units of 0.1 ms.
pub struct Person {
    pub report: Report,
    at: u32,
    position: (f32, f32),
    /// How many strokes were made.
    reached: usize,
    random: u64,
    /// Whether events look as a driver makes them: off the grid, unmerged, without pressure.
    driven: bool,
}

impl Person {
    /// Somebody who has just loaded a page in a desktop Chromium.
    pub fn at_a_desktop() -> Self {
        let mut report = Report {
            started_at: 3_000,
            ..Report::default()
        };
        let environment = &mut report.environment;
        for probe in Probe::ALL {
            environment.set_probe(*probe, State::No);
        }
        for probe in [
            Probe::AnyPointerFine,
            Probe::AnyHover,
            Probe::CoalescedEvents,
            Probe::RawUpdates,
            Probe::SecureContext,
        ] {
            environment.set_probe(probe, State::Yes);
        }
        for (measure, value) in [
            (Measure::PixelRatio, 1_000),
            (Measure::InnerWidth, 1_280),
            (Measure::InnerHeight, 720),
            (Measure::OuterWidth, 1_280),
            (Measure::OuterHeight, 805),
            (Measure::ScreenWidth, 1_920),
            (Measure::ScreenHeight, 1_080),
            (Measure::TouchPoints, 0),
            (Measure::Scrollbar, 15),
            (Measure::ClockStep, 100),
        ] {
            environment.set_measure(measure, value);
        }
        environment.user_agent_hash = touchstone_protocol::fnv1a64(AGENT.as_bytes());
        environment.languages = "en-US,en".into();
        Self {
            report,
            at: 20_000,
            position: (300.0, 200.0),
            reached: 0,
            random: 1,
            driven: false,
        }
    }

    /// The same page in a driver's hands.
    pub fn driven() -> Self {
        Self {
            driven: true,
            ..Self::at_a_desktop()
        }
    }

    /// Somebody with a phone.
    pub fn with_a_phone() -> Self {
        let mut person = Self::at_a_desktop();
        let environment = &mut person.report.environment;
        environment.set_probe(Probe::AnyPointerFine, State::No);
        environment.set_probe(Probe::AnyPointerCoarse, State::Yes);
        environment.set_measure(Measure::TouchPoints, 5);
        environment.set_measure(Measure::PixelRatio, 2_625);
        person
    }

    pub fn wait(&mut self, ms: f32) -> &mut Self {
        self.at += (ms * 10.0) as u32;
        self
    }

    /// Moves as people do: the next recorded stroke, turned and stretched to lead there.
    pub fn reach(&mut self, x: f32, y: f32) -> &mut Self {
        let (from, start) = (self.position, self.at);
        let (dx, dy) = (x - from.0, y - from.1);
        for (t, along, aside) in hand::stroke(self.reached) {
            self.at = start + (t * 10.0) as u32;
            self.motion(
                from.0 + dx * along - dy * aside,
                from.1 + dy * along + dx * aside,
            );
        }
        self.reached += 1;
        self.position = (x, y);
        self
    }

    /// Moves as scripts do: a straight line in equal steps.
    pub fn line(&mut self, x: f32, y: f32) -> &mut Self {
        let from = self.position;
        for i in 1..=40 {
            let s = i as f32 / 40.0;
            self.wait(16.7);
            self.motion(from.0 + (x - from.0) * s, from.1 + (y - from.1) * s);
        }
        self.position = (x, y);
        self
    }

    /// A straight line with the button held.
    pub fn drag(&mut self, x: f32, y: f32) -> &mut Self {
        self.press(PointerDevice::Mouse, 5, 60.0);
        let released = self.report.pointer.pop();
        let from = self.report.pointer.len();
        self.line(x, y);
        self.report.pointer[from..]
            .iter_mut()
            .for_each(|sample| sample.held = true);
        let at = self.at;
        self.report
            .pointer
            .extend(released.map(|up| PointerSample { at, ..up }));
        self
    }

    /// One move, wherever it leads.
    pub fn jump(&mut self, x: f32, y: f32) -> &mut Self {
        self.wait(5.0);
        self.motion(x, y);
        self.position = (x, y);
        self
    }

    pub fn click(&mut self) -> &mut Self {
        let hold = if self.driven {
            1.0
        } else {
            70.0 + 40.0 * self.random()
        };
        let offset = if self.driven {
            0.0
        } else {
            3.0 + 20.0 * self.random()
        };
        self.press(PointerDevice::Mouse, offset as i16, hold);
        self.other(OtherKind::Focus, Field::Press as i32, 0);
        self.other(OtherKind::Click, 1, 0)
    }

    pub fn tap(&mut self, x: f32, y: f32) -> &mut Self {
        self.position = (x, y);
        self.press(PointerDevice::Touch, 5, 80.0);
        self.other(OtherKind::Click, 1, 0).wait(400.0)
    }

    /// A click that a screen reader makes.
    pub fn activate(&mut self) -> &mut Self {
        self.press(PointerDevice::Mouse, 0, 0.0);
        self.other(OtherKind::Click, 0, 0).wait(700.0)
    }

    /// Types as people do.
    pub fn type_keys(&mut self, count: usize) -> &mut Self {
        for i in 0..count {
            let hold = 70.0 + 80.0 * self.random();
            let long = if i % 7 == 3 {
                350.0 * self.random()
            } else {
                0.0
            };
            self.key(hold, KeyClass::Letter, i == 0);
            let interval = 80.0 + 180.0 * self.random() + long;
            self.wait(interval);
        }
        self
    }

    /// Types as scripts do.
    pub fn send_keys(&mut self, count: usize) -> &mut Self {
        for i in 0..count {
            self.key(1.0, KeyClass::Letter, i == 0).wait(100.0);
        }
        self
    }

    /// Types on an on-screen keyboard that injects characters: no codes, no releases.
    pub fn inject_keys(&mut self, count: usize) -> &mut Self {
        for i in 0..count {
            let flags = if i == 0 { KeyFlags::NEW_FIELD } else { 0 };
            self.report.keys.push(KeySample {
                at: self.at,
                hold: None,
                class: KeyClass::Letter,
                flags: KeyFlags(flags),
            });
            self.report.counters.typed += 1;
            let interval = 450.0 + 600.0 * self.random();
            self.wait(interval);
        }
        self
    }

    pub fn tab(&mut self) -> &mut Self {
        self.key(85.0, KeyClass::Navigation, true);
        self.other(OtherKind::Focus, Field::Key as i32, 0)
            .wait(300.0)
    }

    pub fn paste(&mut self) -> &mut Self {
        self.other(OtherKind::Paste, 0, 0);
        self.other(OtherKind::Input, InputKind::Paste as i32, 24)
            .wait(500.0)
    }

    /// A password manager fills a field, with untrusted events on the way.
    pub fn fill(&mut self) -> &mut Self {
        self.report.counters.untrusted += 12;
        self.other(OtherKind::Focus, Field::Other as i32, 0);
        self.other(OtherKind::Input, InputKind::Fill as i32, 16)
            .wait(50.0)
    }

    pub fn other(&mut self, kind: OtherKind, a: i32, b: i32) -> &mut Self {
        self.report.other.push(OtherSample {
            at: self.at,
            kind,
            a,
            b,
        });
        self
    }

    pub fn done(&mut self) -> Report {
        let moves = |sample: &&PointerSample| sample.kind == PointerKind::Move;
        self.report.counters.moves = self.report.pointer.iter().filter(moves).count() as u32;
        let raw = if self.driven { 1 } else { 6 };
        self.report.counters.raw_updates = raw * self.report.counters.moves;
        self.report.sealed_at = self.at + 500;
        self.report.clone()
    }

    fn key(&mut self, hold: f32, class: KeyClass, new_field: bool) -> &mut Self {
        let flags = KeyFlags::CODE | if new_field { KeyFlags::NEW_FIELD } else { 0 };
        self.report.keys.push(KeySample {
            at: self.at,
            hold: Some((hold * 10.0) as u16),
            class,
            flags: KeyFlags(flags),
        });
        self.report.counters.typed += 1;
        self
    }

    fn press(&mut self, device: PointerDevice, offset: i16, hold: f32) {
        let (x, y) = self.position;
        let mut sample = self.sample(x, y, PointerKind::Down);
        sample.device = device;
        sample.pressure = if self.driven { 0 } else { 128 };
        sample.held = true;
        sample.press = Some(Press {
            dx: offset,
            dy: offset / 3,
            width: 160,
            height: 32,
        });
        self.report.pointer.push(sample);
        self.wait(hold);
        let up = PointerSample {
            at: self.at,
            kind: PointerKind::Up,
            pressure: 0,
            held: false,
            press: None,
            ..sample
        };
        self.report.pointer.push(up);
    }

    fn motion(&mut self, x: f32, y: f32) {
        let sample = self.sample(x, y, PointerKind::Move);
        self.report.pointer.push(sample);
    }

    fn sample(&self, x: f32, y: f32, kind: PointerKind) -> PointerSample {
        // Devices tell whole milliseconds on X11.
        let at = if self.driven {
            self.at
        } else {
            self.at / 10 * 10
        };
        PointerSample {
            at,
            x: x.round() as i32,
            y: y.round() as i32,
            kind,
            device: PointerDevice::Mouse,
            off_grid: self.driven,
            shifted: false,
            held: false,
            coalesced: if self.driven { 1 } else { 6 },
            latency: if self.driven { 15 } else { 2 },
            pressure: 0,
            contact: 0,
            press: None,
        }
    }

    /// Between 0 and 1, the same in every run (a linear congruential generator, Knuth's MMIX).
    fn random(&mut self) -> f32 {
        self.random = self
            .random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.random >> 40) as f32 / (1u64 << 24) as f32
    }
}

pub const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
