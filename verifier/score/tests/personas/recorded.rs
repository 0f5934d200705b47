//! Recorded people of `fixtures/` as reports of an ordinary browser.

use std::ops::RangeInclusive;

use serde::Deserialize;
use touchstone_protocol::{
    KeyClass, KeyFlags, KeySample, OtherKind, PointerKind, PointerSample, Report,
};

use crate::person::Person;

/// Name, report and expected levels. Tracing circles is no pointing: the model says nothing of it.
pub fn all() -> Vec<(&'static str, Report, RangeInclusive<u8>)> {
    [
        (
            "form filling 1",
            include_str!("../../fixtures/form_filling_1.json"),
            7..=9,
        ),
        (
            "form filling 2",
            include_str!("../../fixtures/form_filling_2.json"),
            7..=9,
        ),
        (
            "pointing",
            include_str!("../../fixtures/pointing.json"),
            6..=9,
        ),
        (
            "circles",
            include_str!("../../fixtures/circles.json"),
            5..=9,
        ),
    ]
    .map(|(name, json, expected)| {
        let segments: Vec<Segment> = serde_json::from_str(json).unwrap_or_default();
        assert!(!segments.is_empty(), "{name} is no list of segments");
        (name, report(&segments), expected)
    })
    .into()
}

#[derive(Deserialize)]
struct Segment {
    events: Vec<(f64, f64, f64, char)>,
    #[serde(default)]
    keys: Vec<(f64, f64, char, u32)>,
}

fn report(segments: &[Segment]) -> Report {
    let mut person = Person::at_a_desktop();
    let template = person.jump(0.0, 0.0).report.pointer.remove(0);
    let mut start = 20_000;
    for segment in segments {
        let at = |t: f64| start + t as u32 * 10;
        let mut end = start;
        let mut held = false;
        for (t, x, y, kind) in &segment.events {
            let kind = match kind {
                'm' => PointerKind::Move,
                'd' => PointerKind::Down,
                'u' => PointerKind::Up,
                _ => continue,
            };
            held = kind == PointerKind::Down || held && kind != PointerKind::Up;
            let pressure = if kind == PointerKind::Down { 128 } else { 0 };
            let (x, y) = (x.round() as i32, y.round() as i32);
            let sample = PointerSample {
                at: at(*t),
                x,
                y,
                kind,
                held,
                pressure,
                ..template
            };
            person.report.pointer.push(sample);
            end = end.max(at(*t));
        }
        for (down, up, class, _) in &segment.keys {
            let class = if *class == 'M' {
                KeyClass::Modifier
            } else {
                KeyClass::Letter
            };
            let hold = Some(((up - down) * 10.0) as u16);
            let flags = KeyFlags(KeyFlags::CODE);
            person.report.keys.push(KeySample {
                at: at(*down),
                hold,
                class,
                flags,
            });
            end = end.max(at(*up));
        }
        let leave = PointerSample {
            at: end,
            kind: PointerKind::Leave,
            ..template
        };
        person.report.pointer.push(leave);
        start = end + 15_000;
    }
    person
        .wait(start as f32 / 10.0)
        .other(OtherKind::Click, 1, 0)
        .done()
}
