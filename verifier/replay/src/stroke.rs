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
    let speed: Vec<f32> = path.velocity.iter().map(|[x, y]| length(*x, *y)).collect();
    let (mut start, mut peak, mut low) = (0, 0, 0);
    // At `peak` and `low`.
    let first = speed.first().copied().unwrap_or_default();
    let (mut top, mut least) = (first, first);
    for (n, now) in speed.iter().copied().enumerate() {
        if now < least {
            (low, least) = (n, now);
        }
        let risen = RISE * least.max(SLOWEST);
        if top > risen && now > risen {
            measure(path, &speed, start..low, peak).map(&mut visit);
            (start, peak, low) = (low, n, n);
            (top, least) = (now, now);
        }
        if now > top {
            (peak, low) = (n, n);
            (top, least) = (now, now);
        }
    }
    if top > RISE * SLOWEST {
        measure(path, &speed, start..speed.len(), peak).map(&mut visit);
    }
}

/// Describes the stroke within `range`; `None` if it is too short in time.
fn measure(path: &Path, speed: &[f32], range: Range<usize>, peak: usize) -> Option<Stroke> {
    let top = speed.get(peak)?;
    // Points since the peak: whole numbers, exact.
    let start = range.start as f32 - peak as f32;
    let (mut sum, mut first, mut second) = (0.0f32, 0.0f32, 0.0f32);
    let mut t = start;
    for speed in speed.get(range.clone())? {
        let energy = (speed - TAIL * top).max(0.0).powi(2);
        sum += energy;
        first += energy * t;
        second += energy * t * t;
        t += 1.0;
    }
    let centre = first / sum;
    let width = SQRT_2 * (second / sum - centre * centre).max(0.0).sqrt();
    // Also false for the quotient of two zeros.
    let is_measurable = width >= NARROWEST;
    if !is_measurable {
        return None;
    }
    let mut sums = [[0.0f32; 2]; ORDERS];
    let mut t = start;
    for velocity in path.velocity.get(range)? {
        let functions = hermite((t - centre) / width);
        for (sum, function) in sums.iter_mut().zip(functions) {
            sum[0] += velocity[0] * function;
            sum[1] += velocity[1] * function;
        }
        t += 1.0;
    }
    let [x, y] = sums[0];
    let leading = length(x, y);
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

/// The same as `hypot` of finite numbers, without a call.
fn length(x: f32, y: f32) -> f32 {
    let (x, y) = (f64::from(x), f64::from(y));
    (x * x + y * y).sqrt() as f32
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
