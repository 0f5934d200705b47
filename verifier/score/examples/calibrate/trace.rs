//! Recorded traces as reports: one JSON object a line, events `[t, x, y, kind]`, keys `[down, up, class, field]`.

use std::{fs::File, io, io::BufRead, path::Path};

use flate2::read::GzDecoder;
use serde::Deserialize;
use touchstone_protocol::{
    KeyClass, KeyFlags, KeySample, Measure, OtherKind, OtherSample, POINTER_CAPACITY,
    PointerDevice, PointerKind, PointerSample, Probe, Report, State,
};

/// One recorded segment.
#[derive(Debug, Deserialize)]
pub struct Trace {
    pub src: String,
    pub user: String,
    pub session: String,
    pub device: String,
    pub label: String,
    pub bot: Option<String>,
    #[serde(default)]
    events: Vec<serde_json::Value>,
    #[serde(default)]
    keys: Vec<(f64, f64, String, u32)>,
}

impl Trace {
    /// The source of a person, the generator of a bot.
    pub fn group(&self) -> String {
        match &self.bot {
            Some(bot) if self.src == *bot => bot.clone(),
            Some(bot) => format!("{}:{bot}", self.src),
            None => self.src.clone(),
        }
    }

    pub fn is_human(&self) -> bool {
        self.label == "human"
    }
}

/// Reads every trace of a `.jsonl.gz` file.
pub fn read(path: &Path) -> io::Result<Vec<Trace>> {
    let lines = io::BufReader::new(GzDecoder::new(File::open(path)?)).lines();
    lines
        .map(|line| Ok(serde_json::from_str(&line?)?))
        .collect()
}

/// Puts segments one after another into the report of an ordinary desktop browser, as if the pointer had left the page
/// in between. Pixels are whole, times in tenths of a millisecond, whatever the recorder had: people and bots go through
/// the same channel.
pub fn report(traces: &[Trace]) -> Report {
    let mut report = ordinary_browser();
    let mut start = 20_000;
    for trace in traces {
        let end = append(&mut report, trace, start);
        start = end + 15_000;
    }
    report.started_at = 500;
    report.sealed_at = start;
    report.counters.moves = count(&report, PointerKind::Move) as u32;
    report.counters.typed = report.keys.len() as u32;
    let excess = report.pointer.len().saturating_sub(POINTER_CAPACITY);
    report.pointer.drain(..excess);
    let excess = report.keys.len().saturating_sub(512);
    report.keys.drain(..excess);
    report
}

fn count(report: &Report, kind: PointerKind) -> usize {
    report
        .pointer
        .iter()
        .filter(|sample| sample.kind == kind)
        .count()
}

fn append(report: &mut Report, trace: &Trace, start: u32) -> u32 {
    let at = |t: f64| start + (t.max(0.0) * 10.0).round() as u32;
    let mut end = start;
    if trace.device == "key" {
        for (i, event) in trace.events.iter().enumerate() {
            let Some(key) = event.as_array() else {
                continue;
            };
            let (down, up) = (number(&key[0]), number(&key[1]));
            let class = key[2].as_str().unwrap_or("O");
            report
                .keys
                .push(key_sample(at(down), up - down, class, i == 0));
            end = end.max(at(up));
        }
        return end;
    }
    let device = match trace.device.as_str() {
        "touch" => PointerDevice::Touch,
        _ => PointerDevice::Mouse,
    };
    let mut held = false;
    for event in &trace.events {
        let Some(event) = event.as_array() else {
            continue;
        };
        let (t, x, y) = (at(number(&event[0])), number(&event[1]), number(&event[2]));
        let kind = match event[3].as_str() {
            Some("m") => PointerKind::Move,
            Some("d") => PointerKind::Down,
            Some("u") => PointerKind::Up,
            _ => continue,
        };
        held = kind == PointerKind::Down || held && kind != PointerKind::Up;
        end = end.max(t);
        report
            .pointer
            .push(pointer_sample(t, x, y, kind, device, held));
        if kind == PointerKind::Up {
            report.other.push(OtherSample {
                at: t,
                kind: OtherKind::Click,
                a: 1,
                b: 0,
            });
        }
    }
    let mut field = None;
    for (down, up, class, in_field) in &trace.keys {
        let new_field = field != Some(*in_field);
        field = Some(*in_field);
        report
            .keys
            .push(key_sample(at(*down), up - down, class, new_field));
        end = end.max(at(*up));
    }
    // Generators start anywhere, people's segments were cut: neither is a jump. Teleporting is.
    if trace.group() != "teleport" {
        report.pointer.push(pointer_sample(
            end,
            0.0,
            0.0,
            PointerKind::Leave,
            device,
            false,
        ));
    }
    end
}

fn number(value: &serde_json::Value) -> f64 {
    value.as_f64().unwrap_or(0.0)
}

fn pointer_sample(
    at: u32,
    x: f64,
    y: f64,
    kind: PointerKind,
    device: PointerDevice,
    held: bool,
) -> PointerSample {
    PointerSample {
        at,
        x: x.round() as i32,
        y: y.round() as i32,
        kind,
        device,
        off_grid: false,
        shifted: false,
        held,
        coalesced: 0,
        latency: 3,
        pressure: if kind == PointerKind::Down { 128 } else { 0 },
        contact: 0,
        press: None,
    }
}

fn key_sample(at: u32, hold: f64, class: &str, new_field: bool) -> KeySample {
    let class = match class {
        "L" => KeyClass::Letter,
        "D" => KeyClass::Digit,
        "S" => KeyClass::Space,
        "B" => KeyClass::Erase,
        "E" => KeyClass::Enter,
        "M" => KeyClass::Modifier,
        "N" => KeyClass::Navigation,
        "P" => KeyClass::Punctuation,
        // One source hides which keys were letters.
        _ => KeyClass::Letter,
    };
    let flags = KeyFlags(KeyFlags::CODE | if new_field { KeyFlags::NEW_FIELD } else { 0 });
    KeySample {
        at,
        hold: Some((hold.max(0.0) * 10.0).min(65_534.0) as u16),
        class,
        flags,
    }
}

fn ordinary_browser() -> Report {
    let mut report = Report::default();
    for probe in Probe::ALL {
        report.environment.set_probe(*probe, State::No);
    }
    report
        .environment
        .set_probe(Probe::AnyPointerFine, State::Yes);
    // The recorders say nothing of merged events.
    report
        .environment
        .set_probe(Probe::CoalescedEvents, State::Unsupported);
    report
        .environment
        .set_probe(Probe::RawUpdates, State::Unsupported);
    report.environment.set_measure(Measure::PixelRatio, 1_000);
    report
}
