use super::strokes::Point;

/// The shape of one stroke. Computed on a common grid of time ([`GRID_MS`]), so that the polling rate of mouse or
/// recorder has little say; distances are relative to the stroke's own size.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Stroke {
    /// Milliseconds.
    pub(crate) duration: f32,
    /// Straight distance from end to end, in CSS pixels.
    pub(crate) distance: f32,
    /// Natural logarithm of path length over straight distance: 0 for a straight line.
    pub(crate) detour: f32,
    /// Largest distance from the straight line over the straight distance.
    pub(crate) bow: f32,
    /// Largest distance from the straight line, in CSS pixels.
    pub(crate) bow_px: f32,
    /// Peaks of the smoothed speed.
    pub(crate) peaks: f32,
    /// When the highest of them came, as a share of the duration.
    pub(crate) peak_at: f32,
    /// Standard deviation over mean of the speed.
    pub(crate) speed_cv: f32,
    /// Natural logarithm of the dimensionless jerk (Hogan and Sternad 2009, doi:10.3389/neuro.07.029.2009): 5.9 for a
    /// minimum-jerk stroke, more the rougher.
    pub(crate) jerk: f32,
    /// Mean angle by which the path turns at a grid point, as |sine|, weighted by length.
    pub(crate) turn: f32,
    /// Share of the path in the last 30 % of the time.
    pub(crate) ending: f32,
}

/// Measures a stroke; none if it is too short, or sampled too coarsely, for its shape to mean something.
pub(crate) fn measure(points: &[Point], grid: &mut Vec<(f32, f32)>) -> Option<Stroke> {
    let (first, last) = (points.first()?, points.last()?);
    let duration = last.t - first.t;
    if points.len() < 6 || duration < SHORTEST_MS || duration > COARSEST_MS * points.len() as f32 {
        return None;
    }
    resample(points, duration, grid);
    let shape = path(grid)?;
    let speeds = profile(grid, duration);
    Some(Stroke {
        duration,
        ..merge(shape, speeds)
    })
}

/// Linear interpolation at equal steps of time near [`GRID_MS`], both ends included.
fn resample(points: &[Point], duration: f32, grid: &mut Vec<(f32, f32)>) {
    let steps = (duration / GRID_MS).round().clamp(6.0, MAX_STEPS) as usize;
    let step = duration / steps as f32;
    grid.clear();
    let mut pairs = points.windows(2);
    let mut segment = (points[0], points[0]);
    for i in 0..=steps {
        let t = points[0].t + step * i as f32;
        while segment.1.t < t {
            let Some([a, b]) = pairs.next() else { break };
            segment = (*a, *b);
        }
        let (a, b) = segment;
        let gap = b.t - a.t;
        let share = if gap > 0.0 {
            ((t - a.t) / gap).clamp(0.0, 1.0)
        } else {
            1.0
        };
        grid.push((a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share));
    }
}

struct Shape {
    distance: f32,
    path: f32,
    bow_px: f32,
    turn: f32,
}

fn path(grid: &[(f32, f32)]) -> Option<Shape> {
    let (&from, &to) = (grid.first()?, grid.last()?);
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let distance = dx.hypot(dy);
    let mut shape = Shape {
        distance,
        path: 0.0,
        bow_px: 0.0,
        turn: 0.0,
    };
    let (mut before, mut turned) = ((0.0, 0.0, 0.0), 0.0);
    for pair in grid.windows(2) {
        let (x, y) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
        let length = (x * x + y * y).sqrt();
        shape.path += length;
        let (off_x, off_y) = (pair[1].0 - from.0, pair[1].1 - from.1);
        let off = (off_x * dy - off_y * dx).abs() / distance.max(1.0);
        shape.bow_px = shape.bow_px.max(off);
        // Below two pixels a step, the direction is rounding.
        if length >= 2.0 {
            let (bx, by, b_length) = before;
            if b_length > 0.0 {
                let sine = f32::abs(bx * y - by * x) / (length * b_length);
                shape.turn += sine * length;
                turned += length;
            }
            before = (x, y, length);
        }
    }
    if turned > 0.0 {
        shape.turn /= turned;
    }
    (distance >= SHORTEST_PX).then_some(shape)
}

struct Profile {
    peaks: f32,
    peak_at: f32,
    speed_cv: f32,
    jerk: f32,
    ending: f32,
}

/// Speeds are in pixels a grid step.
fn profile(grid: &[(f32, f32)], duration: f32) -> Profile {
    let mut speeds = [0.0f32; MAX_STEPS as usize];
    let n = (grid.len() - 1).min(speeds.len());
    for (speed, pair) in speeds.iter_mut().zip(grid.windows(2)) {
        let (x, y) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
        *speed = (x * x + y * y).sqrt();
    }
    let raw = &speeds[..n];
    let total: f32 = raw.iter().sum();
    let mean = total / n as f32;
    let variance = raw.iter().map(|v| (v - mean) * (v - mean)).sum::<f32>() / n as f32;
    let tail = (n as f32 * 0.7) as usize;
    let ending = raw[tail..].iter().sum::<f32>() / total.max(1.0);

    // A kernel of 1, 2, 1: takes the rounding to pixels out, leaves corrections in.
    let at = |i: isize| raw[i.clamp(0, n as isize - 1) as usize];
    let mut smooth = [0.0f32; MAX_STEPS as usize];
    for (i, value) in smooth[..n].iter_mut().enumerate() {
        let i = i as isize;
        *value = (at(i - 1) + 2.0 * at(i) + at(i + 1)) / 4.0;
    }
    let smooth = &smooth[..n];
    let (top_at, top) =
        smooth.iter().enumerate().fold(
            (0, 0.0f32),
            |best, (i, v)| {
                if *v > best.1 { (i, *v) } else { best }
            },
        );
    let step = duration / n as f32;
    let bend = |w: &[f32]| w[2] - 2.0 * w[1] + w[0];
    let squares: f32 = smooth.windows(3).map(|w| bend(w) * bend(w)).sum();
    // Integral of jerk squared, times duration cubed over top speed squared, all in grid steps.
    let jerk = squares * (duration / step).powi(3) / (top * top).max(0.01);
    Profile {
        peaks: count_peaks(smooth, top * 0.15),
        peak_at: (top_at as f32 + 0.5) / n as f32,
        speed_cv: variance.sqrt() / mean.max(0.01),
        jerk: (1.0 + jerk).ln(),
        ending,
    }
}

/// Maxima that rise by at least `rise` from the valley before and fall by as much behind.
fn count_peaks(speeds: &[f32], rise: f32) -> f32 {
    let (mut peaks, mut valley, mut top, mut rising) = (0.0, 0.0f32, 0.0f32, true);
    for speed in speeds {
        if rising {
            top = top.max(*speed);
            if *speed < top - rise {
                peaks += 1.0;
                rising = false;
                valley = *speed;
            }
        } else {
            valley = valley.min(*speed);
            if *speed > valley + rise {
                rising = true;
                top = *speed;
            }
        }
    }
    // The stroke ends, and with it the speed: a rise left open is a peak.
    if rising { peaks + 1.0 } else { peaks }
}

fn merge(shape: Shape, profile: Profile) -> Stroke {
    Stroke {
        duration: 0.0,
        distance: shape.distance,
        detour: (shape.path / shape.distance).max(1.0).ln(),
        bow: shape.bow_px / shape.distance,
        bow_px: shape.bow_px,
        peaks: profile.peaks,
        peak_at: profile.peak_at,
        speed_cv: profile.speed_cv,
        jerk: profile.jerk,
        turn: shape.turn,
        ending: profile.ending,
    }
}

/// A little slower than the slowest common rate at which moves arrive (60 Hz).
const GRID_MS: f32 = 20.0;
/// Longer strokes get a coarser grid.
const MAX_STEPS: f32 = 256.0;
const SHORTEST_MS: f32 = 120.0;
const SHORTEST_PX: f32 = 30.0;
/// Mean gap between moves above which nothing is said of a stroke's shape: remote desktops.
const COARSEST_MS: f32 = 45.0;

#[cfg(test)]
mod tests {
    use super::*;

    /// A minimum-jerk stroke of 400 px in 600 ms, seen every `gap` ms.
    fn minimum_jerk(gap: f32) -> Vec<Point> {
        let n = (600.0 / gap) as usize;
        (0..=n)
            .map(|i| {
                let t = i as f32 / n as f32;
                let s = t.powi(3) * (10.0 - 15.0 * t + 6.0 * t * t);
                Point {
                    t: t * 600.0,
                    x: (400.0 * s).round(),
                    y: (120.0 * s).round(),
                }
            })
            .collect()
    }

    #[test]
    fn the_polling_rate_has_little_say() {
        let mut grid = Vec::new();
        let strokes: Vec<Stroke> = [2.0, 7.0, 8.0, 12.0, 16.7]
            .into_iter()
            .filter_map(|gap| measure(&minimum_jerk(gap), &mut grid))
            .collect();
        assert_eq!(strokes.len(), 5);
        for stroke in &strokes {
            assert_eq!(stroke.peaks, 1.0);
            assert!((stroke.peak_at - 0.5).abs() < 0.06, "{stroke:?}");
            assert!(
                (stroke.speed_cv - strokes[0].speed_cv).abs() < 0.05,
                "{stroke:?}"
            );
            assert!((stroke.jerk - strokes[0].jerk).abs() < 0.7, "{stroke:?}");
            assert!(stroke.detour < 0.01 && stroke.bow < 0.01, "{stroke:?}");
        }
    }

    #[test]
    fn short_or_coarse_strokes_are_not_measured() {
        let mut grid = Vec::new();
        assert!(measure(&minimum_jerk(100.0), &mut grid).is_none());
        assert!(measure(&minimum_jerk(10.0)[..5], &mut grid).is_none());
        assert!(measure(&[], &mut grid).is_none());
    }
}
