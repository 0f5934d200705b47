use std::{f32::consts::SQRT_2, ops::Range};

use crate::path::{Path, STEP};

/// One movement between two rests, described without place, size, pace and polling rate.
///
/// Its velocity is developed in Hermite functions around its own centre and width, both taken from the energy of the
/// movement: integrals over the whole stroke, which jitter of single samples hardly moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stroke {
    /// Centre in milliseconds since the page's time origin.
    pub(crate) at: f32,
    /// Spread around the centre in milliseconds.
    pub(crate) width: f32,
    /// Length of the leading coefficient in pixels.
    pub(crate) size: f32,
    /// Direction in radians, -π to π.
    pub(crate) angle: f32,
    /// Coefficients 0 to 4 along the direction, relative to the leading one: how the speed is spread over time.
    pub(crate) along: [f32; ORDERS],
    /// The same across the direction: how the path is bent.
    pub(crate) across: [f32; ORDERS],
}

impl Stroke {
    /// How far the path leaves the straight line: 0 for a line, 0.1 for a plain arc.
    pub(crate) fn bend(&self) -> f32 {
        let [_, a, b, c, _] = self.across;
        (a * a + b * b + c * c).sqrt()
    }
}

/// Cuts a path at its slow moments and hands each stroke to `visit`, in order.
///
/// Slow is relative to the two movements around it: a quarter of either's top speed. So the cuts do not depend on scale.
pub(crate) fn for_each(path: &Path, mut visit: impl FnMut(Stroke)) {
    let speed: Vec<f32> = path.velocity.iter().map(|v| v[0].hypot(v[1])).collect();
    let (mut start, mut peak, mut low) = (0, 0, 0);
    let at = |n: usize| speed.get(n).copied().unwrap_or_default();
    let rises = |top: f32, low: f32| top > RISE * low.max(SLOWEST);
    for n in 0..speed.len() {
        if at(n) < at(low) {
            low = n;
        }
        if rises(at(peak), at(low)) && rises(at(n), at(low)) {
            measure(path, &speed, start..low, peak).map(&mut visit);
            (start, peak, low) = (low, n, n);
        }
        if at(n) > at(peak) {
            (peak, low) = (n, n);
        }
    }
    if rises(at(peak), 0.0) {
        measure(path, &speed, start..speed.len(), peak).map(&mut visit);
    }
}

/// Describes the stroke within `range`; `None` if it is too short in time.
fn measure(path: &Path, speed: &[f32], range: Range<usize>, peak: usize) -> Option<Stroke> {
    let top = speed.get(peak)?;
    let moments = range.clone().zip(speed.get(range.clone())?);
    let (mut sum, mut first, mut second) = (0.0f32, 0.0f32, 0.0f32);
    for (n, speed) in moments {
        let energy = (speed - TAIL * top).max(0.0).powi(2);
        let t = n as f32 - peak as f32;
        sum += energy;
        first += energy * t;
        second += energy * t * t;
    }
    let centre = first / sum;
    let width = SQRT_2 * (second / sum - centre * centre).max(0.0).sqrt();
    // Also false for the quotient of two zeros.
    let is_measurable = width >= NARROWEST;
    if !is_measurable {
        return None;
    }
    let mut sums = [[0.0f32; 2]; ORDERS];
    for (n, velocity) in range.clone().zip(path.velocity.get(range)?) {
        let functions = hermite((n as f32 - peak as f32 - centre) / width);
        for (sum, function) in sums.iter_mut().zip(functions) {
            sum[0] += velocity[0] * function;
            sum[1] += velocity[1] * function;
        }
    }
    let [x, y] = sums[0];
    let leading = x.hypot(y);
    if leading <= 0.0 {
        return None;
    }
    let (cos, sin) = (x / leading, y / leading);
    Some(Stroke {
        at: path.start + (peak as f32 + centre) * STEP,
        width: width * STEP,
        size: leading * STEP,
        angle: y.atan2(x),
        along: sums.map(|[x, y]| (x * cos + y * sin) / leading),
        across: sums.map(|[x, y]| (y * cos - x * sin) / leading),
    })
}

/// Hermite functions 0 to 4, up to a common factor.
fn hermite(x: f32) -> [f32; ORDERS] {
    let mut h = [0.0; ORDERS];
    h[0] = (-x * x / 2.0).exp();
    h[1] = SQRT_2 * x * h[0];
    for k in 2..ORDERS {
        let order = k as f32;
        h[k] = (2.0 / order).sqrt() * x * h[k - 1] - ((order - 1.0) / order).sqrt() * h[k - 2];
    }
    h
}

const ORDERS: usize = 5;
/// Times that the speed must rise from a slow moment for it to be a cut.
const RISE: f32 = 4.0;
/// What counts as rest, in pixels a millisecond.
const SLOWEST: f32 = 0.02;
/// Speeds below this share of the top speed do not count towards centre and width.
const TAIL: f32 = 0.1;
/// Least width in points of the grid.
const NARROWEST: f32 = 2.1;
