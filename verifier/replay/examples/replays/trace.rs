//! Recorded traces as reports: sessions of one person, put together from their segments.

use std::{collections::BTreeMap, fs::File, io, io::BufRead, path::Path};

use flate2::read::GzDecoder;
use serde::Deserialize;
use touchstone_protocol::{POINTER_CAPACITY, PointerDevice, PointerKind, PointerSample, Report};

/// A session of one person, as the agent would have recorded it.
pub struct Session {
    pub source: String,
    /// Which recording it is a part of: the parts of one share no event.
    pub recording: usize,
    pub report: Report,
}

#[derive(Deserialize)]
struct Trace {
    src: String,
    user: String,
    session: String,
    device: String,
    label: String,
    #[serde(default)]
    events: Vec<serde_json::Value>,
}

/// Reads the sessions of people with a pointer in a `.jsonl.gz` file. A session that is longer than the agent's ring
/// buffer gives several reports, which share no sample.
pub fn read(path: &Path) -> io::Result<Vec<Session>> {
    let lines = io::BufReader::new(GzDecoder::new(File::open(path)?)).lines();
    let mut by_session: BTreeMap<(String, String), Vec<Trace>> = BTreeMap::new();
    for line in lines {
        let trace: Trace = serde_json::from_str(&line?)?;
        if trace.label == "human" && trace.device != "key" {
            by_session
                .entry((trace.user.clone(), trace.session.clone()))
                .or_default()
                .push(trace);
        }
    }
    let mut sessions = Vec::new();
    for (recording, traces) in by_session.into_values().enumerate() {
        let samples = samples(&traces);
        for part in samples.chunks(POINTER_CAPACITY) {
            let mut report = Report {
                pointer: part.to_vec(),
                ..Report::default()
            };
            report.sealed_at = part.last().map_or(0, |s| s.at) + 10_000;
            sessions.push(Session {
                source: traces[0].src.clone(),
                recording,
                report,
            });
        }
    }
    Ok(sessions)
}

fn samples(traces: &[Trace]) -> Vec<PointerSample> {
    let mut samples = Vec::new();
    let mut start = 20_000;
    for trace in traces {
        let device = match trace.device.as_str() {
            "touch" => PointerDevice::Touch,
            _ => PointerDevice::Mouse,
        };
        let mut end = start;
        for event in &trace.events {
            let number = |i: usize| event[i].as_f64().unwrap_or(0.0);
            let kind = match event[3].as_str() {
                Some("m") => PointerKind::Move,
                Some("d") => PointerKind::Down,
                Some("u") => PointerKind::Up,
                _ => continue,
            };
            let at = start + (number(0).max(0.0) * 10.0).round() as u32;
            end = end.max(at);
            samples.push(sample(
                at,
                number(1).round() as i32,
                number(2).round() as i32,
                kind,
                device,
            ));
        }
        start = end + 15_000;
    }
    samples
}

pub fn sample(at: u32, x: i32, y: i32, kind: PointerKind, device: PointerDevice) -> PointerSample {
    PointerSample {
        at,
        x,
        y,
        kind,
        device,
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
