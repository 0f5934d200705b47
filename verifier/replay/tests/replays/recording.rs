//! Recorded people, and what a tool does to a recording before it plays it.

use touchstone_protocol::{PointerDevice, PointerKind, PointerSample, Report};

/// Four form fillings of the scoring engine's fixtures; the first two are one person's.
pub fn people() -> Vec<Report> {
    let json = include_str!("../../../score/fixtures/visits.json");
    let visits: Vec<Vec<(u32, i32, i32, char)>> = serde_json::from_str(json).unwrap_or_default();
    visits.iter().map(|visit| report(visit)).collect()
}

fn report(visit: &[(u32, i32, i32, char)]) -> Report {
    let kind = |letter| match letter {
        'd' => PointerKind::Down,
        'u' => PointerKind::Up,
        _ => PointerKind::Move,
    };
    let sample =
        |(t, x, y, letter): &(u32, i32, i32, char)| sample(20_000 + t * 10, *x, *y, kind(*letter));
    Report {
        pointer: visit.iter().map(sample).collect(),
        ..Report::default()
    }
}

fn sample(at: u32, x: i32, y: i32, kind: PointerKind) -> PointerSample {
    PointerSample {
        at,
        x,
        y,
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

/// How a recording is changed: places by `scale`, `shift` and a jitter of up to `jitter` pixels, times by `pace`.
#[derive(Debug, Clone, Copy)]
pub struct Change {
    pub scale: f32,
    pub shift: (i32, i32),
    pub jitter: u64,
    pub pace: f32,
}

impl Change {
    pub const NONE: Self = Self {
        scale: 1.0,
        shift: (0, 0),
        jitter: 0,
        pace: 1.0,
    };

    pub fn of(self, report: &Report) -> Report {
        let mut state = 1u64;
        let mut jitter = || {
            // Knuth's multiplicative generator: any will do.
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            ((state >> 33) % (2 * self.jitter + 1)) as i32 - self.jitter as i32
        };
        let mut report = report.clone();
        for sample in &mut report.pointer {
            sample.at = (sample.at as f32 * self.pace) as u32;
            sample.x = (sample.x as f32 * self.scale) as i32 + self.shift.0 + jitter();
            sample.y = (sample.y as f32 * self.scale) as i32 + self.shift.1 + jitter();
        }
        report
    }
}
