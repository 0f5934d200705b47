//! Visits as pages report them: one where nobody has moved anything, and one of a person who filled a form.

use touchstone_protocol::{
    Environment, KeyClass, KeyFlags, KeySample, Measure, PointerDevice, PointerKind, PointerSample,
    Probe, Report, State, fnv1a64,
};
use touchstone_replay::Sketch;

use crate::Failure;

/// What a visitor did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visit {
    /// Nothing that could be recorded, such as behind a password manager.
    Quiet,
    /// Moved a mouse some 450 times and pressed 24 keys: enough for the behaviour model, and to be known again if it is
    /// replayed.
    Busy,
}

impl Visit {
    /// As the figures name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Quiet => "quiet",
            Self::Busy => "busy",
        }
    }

    /// The report of it.
    ///
    /// # Errors
    /// The recorded visits cannot be read.
    pub fn report(self) -> Result<Report, Failure> {
        let mut report = Report {
            sealed_at: 60_000,
            started_at: 4_000,
            environment: environment(),
            ..Report::default()
        };
        if self == Self::Busy {
            // Recorded from a person, see the scoring engine's fixtures.
            let json = include_str!("../../../verifier/score/fixtures/visits.json");
            let visits: Vec<Vec<(u32, i32, i32, char)>> = serde_json::from_str(json)?;
            let visit = visits.first().ok_or("no recorded visits")?;
            report.pointer = visit.iter().map(pointer).collect();
            report.keys = (0..24).map(key).collect();
            report.counters.moves = report.pointer.len() as u32;
        }
        Ok(report)
    }

    /// The sketch of such a visit: of another path each time, as people's are.
    ///
    /// # Errors
    /// It does not read as a sketch.
    pub fn sketch(self, random: &mut fastrand::Rng) -> Result<Vec<u8>, Failure> {
        if self == Self::Quiet {
            return Ok(Vec::new());
        }
        let strokes = (0..8).flat_map(|_| random.u64(..).to_be_bytes());
        // Enough strokes and events, and a span of time.
        let bytes: Vec<u8> = [1, 0, 0, 0, 0, 0, 0, 255, 255]
            .into_iter()
            .chain(strokes)
            .collect();
        let sketch = Sketch::from_bytes(&bytes).filter(Sketch::is_enough);
        Ok(sketch.ok_or("not a sketch")?.to_bytes())
    }
}

fn environment() -> Environment {
    let mut environment = Environment::new(fnv1a64(USER_AGENT.as_bytes()), "en-GB,en".to_owned());
    for probe in Probe::ALL {
        environment.set_probe(*probe, State::No);
    }
    for probe in [
        Probe::AnyPointerFine,
        Probe::AnyHover,
        Probe::SecureContext,
        Probe::ChromeObject,
    ] {
        environment.set_probe(probe, State::Yes);
    }
    for (measure, value) in [
        (Measure::PixelRatio, 1_000),
        (Measure::InnerWidth, 1_280),
        (Measure::InnerHeight, 720),
        (Measure::OuterWidth, 1_296),
        (Measure::OuterHeight, 840),
        (Measure::ScreenWidth, 1_920),
        (Measure::ScreenHeight, 1_080),
    ] {
        environment.set_measure(measure, value);
    }
    environment
}

fn pointer((at, x, y, kind): &(u32, i32, i32, char)) -> PointerSample {
    let kind = match kind {
        'd' => PointerKind::Down,
        'u' => PointerKind::Up,
        _ => PointerKind::Move,
    };
    PointerSample {
        at: at * 10,
        x: *x,
        y: *y,
        kind,
        device: PointerDevice::Mouse,
        off_grid: false,
        shifted: false,
        held: false,
        coalesced: 0,
        latency: 0,
        pressure: 0,
        contact: 0,
        press: None,
    }
}

fn key(number: u32) -> KeySample {
    KeySample {
        at: 30_000 + number * 1_800 + number * number % 370,
        hold: Some(900 + (number * 37 % 400) as u16),
        class: KeyClass::Letter,
        flags: KeyFlags(KeyFlags::CODE),
    }
}

/// The browser that visits.
pub const USER_AGENT: &str =
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
