use touchstone_protocol::{PointerDevice, PointerKind, PointerSample};

/// Where the mouse was, `t` milliseconds after the stroke's first move.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Point {
    pub(crate) t: f32,
    pub(crate) x: f32,
    pub(crate) y: f32,
}

/// Cuts mouse moves into strokes and hands each to `visit`, with whether a press ended it.
///
/// A stroke ends by a pause, a press or release, by leaving the page and by another device. What is dragged is left out:
/// drawing and selecting follow other laws than pointing.
pub(crate) fn for_each(samples: &[PointerSample], mut visit: impl FnMut(&[Point], bool)) {
    let mut stroke: Vec<Point> = Vec::with_capacity(128);
    let (mut start, mut last) = (0, 0);
    for sample in samples {
        let is_mouse = sample.device == PointerDevice::Mouse;
        let is_move = sample.kind == PointerKind::Move && is_mouse && !sample.held;
        let paused = sample.at.saturating_sub(last) > PAUSE;
        if !stroke.is_empty() && (!is_move || paused) {
            // A press after a pause still belongs to the way that led there.
            let pressed = !is_move && sample.kind == PointerKind::Down;
            visit(&stroke, pressed);
            stroke.clear();
        }
        if is_move {
            if stroke.is_empty() {
                start = sample.at;
            }
            let t = sample.at.saturating_sub(start) as f32 / 10.0;
            stroke.push(Point {
                t,
                x: sample.x as f32,
                y: sample.y as f32,
            });
            last = sample.at;
        }
    }
    if !stroke.is_empty() {
        visit(&stroke, false);
    }
}

/// 120 ms in units of 0.1 ms: longer than the gaps of any mouse, shorter than a decision.
const PAUSE: u32 = 1_200;
