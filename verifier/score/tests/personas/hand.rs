//! How a person's hand gets somewhere: recorded strokes, because what a formula draws is a script's.

use serde::Deserialize;

/// A stroke on its way from 0 to 1: milliseconds, share of the way, and offset to its right as a share.
pub type Stroke = Vec<(f32, f32, f32)>;

/// The longer strokes of the recorded form fillings, in turn.
pub fn stroke(number: usize) -> Stroke {
    let strokes: Vec<Stroke> = [
        include_str!("../../fixtures/form_filling_2.json"),
        include_str!("../../fixtures/form_filling_1.json"),
    ]
    .into_iter()
    .flat_map(|json| serde_json::from_str::<Vec<Segment>>(json).unwrap_or_default())
    .flat_map(|segment| strokes_of(&segment))
    .collect();
    strokes[number % strokes.len()].clone()
}

#[derive(Deserialize)]
struct Segment {
    events: Vec<(f32, f32, f32, char)>,
}

fn strokes_of(segment: &Segment) -> Vec<Stroke> {
    let runs = segment
        .events
        .chunk_by(|a, b| a.3 == 'm' && b.3 == 'm' && b.0 - a.0 <= PAUSE_MS);
    runs.filter_map(|run| {
        let (from, to) = (run.first()?, run.last()?);
        let (dx, dy) = (to.1 - from.1, to.2 - from.2);
        let square = dx * dx + dy * dy;
        let place = |(t, x, y, _): &(f32, f32, f32, char)| {
            let (x, y) = (x - from.1, y - from.2);
            let along = (x * dx + y * dy) / square;
            (t - from.0, along, (y * dx - x * dy) / square)
        };
        (run.len() > 12 && square > 6_400.0).then(|| run.iter().map(place).collect())
    })
    .collect()
}

const PAUSE_MS: f32 = 120.0;
