//! How fast a stroke was, when.

use super::kinematics::REST;

/// The course of a stroke's speed.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Profile {
    /// Peaks: how many submovements.
    pub(crate) peaks: f32,
    /// When the highest came, as a share of the duration.
    pub(crate) peak_at: f32,
    /// Standard deviation over mean.
    pub(crate) variation: f32,
    /// Natural logarithm of the dimensionless jerk (Hogan and Sternad 2009, doi:10.3389/neuro.07.029.2009), more the
    /// rougher.
    pub(crate) jerk: f32,
    /// Share of the path in the first 30 % of the time.
    pub(crate) opening: f32,
    /// Share of the path in the last 30 % of the time.
    pub(crate) ending: f32,
    /// Speed in the first 40 ms over the highest.
    pub(crate) start: f32,
    /// Speed in the last 40 ms over the highest.
    pub(crate) stop: f32,
    /// Correlation with a single symmetric bell, -1 to 1.
    pub(crate) bell: f32,
    /// Share of the time below a tenth of the highest speed.
    pub(crate) slow: f32,
    /// Mean change of speed from step to step over the highest speed, where it is not the one rise and fall.
    pub(crate) ripple: f32,
    /// Natural logarithm of the mean frequency of the speed's changes in Hz: people's submovements have a pace of their own,
    /// however long the stroke.
    pub(crate) tempo: f32,
    /// Speed where 5, 50, 80 and 95 % of the way are done, over the highest: whenever that was.
    pub(crate) marks: [f32; MARKS.len()],
    /// Share of the time above half the highest speed.
    pub(crate) wide: f32,
    /// Correlation of the speed with itself 120 and 200 ms later.
    pub(crate) echo: [f32; 2],
    /// Share of the path in each [`PARTS`]th of the time.
    pub(crate) parts: [f32; PARTS],
}

/// Measures speeds in pixels a grid step of `step` milliseconds, rest at both ends included.
pub(super) fn measure(speeds: &[f32], step: f32) -> Profile {
    let n = speeds.len();
    let total: f32 = speeds.iter().sum::<f32>().max(1.0);
    let inner = &speeds[REST.min(n)..n.saturating_sub(REST).max(REST.min(n))];
    let mean = inner.iter().sum::<f32>() / inner.len().max(1) as f32;
    let variance =
        inner.iter().map(|v| (v - mean) * (v - mean)).sum::<f32>() / inner.len().max(1) as f32;
    let (top_at, top) =
        speeds.iter().enumerate().fold(
            (0, 0.01f32),
            |best, (i, v)| {
                if *v > best.1 { (i, *v) } else { best }
            },
        );
    let third = (n as f32 * 0.3) as usize;
    let share = |part: &[f32]| part.iter().sum::<f32>() / total;
    let edge = |part: &[f32]| part.iter().sum::<f32>() / part.len().max(1) as f32 / top;
    let change: f32 = speeds
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).abs())
        .sum();
    Profile {
        peaks: count_peaks(speeds, top * 0.15),
        tempo: tempo(speeds, step),
        peak_at: (top_at as f32 + 0.5) / n as f32,
        variation: variance.sqrt() / mean.max(0.01),
        jerk: jerk(speeds, top),
        opening: share(&speeds[..third]),
        ending: share(&speeds[n - third..]),
        start: edge(&inner[..inner.len().min(2)]),
        stop: edge(&inner[inner.len().saturating_sub(2)..]),
        bell: bell(speeds, total),
        slow: inner.iter().filter(|v| **v < top * 0.1).count() as f32 / inner.len().max(1) as f32,
        ripple: ((change - 2.0 * top) / (top * n as f32)).max(0.0),
        marks: marks(speeds, total, top),
        wide: speeds.iter().filter(|v| **v > top / 2.0).count() as f32 / n.max(1) as f32,
        echo: echo(speeds, step),
        parts: parts(speeds, total),
    }
}

/// A step's speed is that of its middle; between middles it changes evenly.
fn marks(speeds: &[f32], total: f32, top: f32) -> [f32; MARKS.len()] {
    let mut marks = [0.0; MARKS.len()];
    let (mut passed, mut before, mut next) = (0.0, (0.0, 0.0), 0);
    for v in speeds {
        let middle = passed + v / 2.0;
        while next < MARKS.len() && middle >= MARKS[next] * total {
            let share = (MARKS[next] * total - before.0) / (middle - before.0).max(1e-3);
            marks[next] = (before.1 + (v - before.1) * share) / top;
            next += 1;
        }
        (passed, before) = (passed + v, (middle, *v));
    }
    marks
}

fn echo(speeds: &[f32], step: f32) -> [f32; 2] {
    let mean = speeds.iter().sum::<f32>() / speeds.len().max(1) as f32;
    let squares: f32 = speeds.iter().map(|v| (v - mean) * (v - mean)).sum();
    LAGS_MS.map(|lag| {
        let later = (lag / step.max(1.0)).round() as usize;
        let pairs = speeds.iter().zip(speeds.iter().skip(later));
        pairs.map(|(a, b)| (a - mean) * (b - mean)).sum::<f32>() / squares.max(1e-3)
    })
}

/// Integral of jerk squared, times duration cubed over top speed squared, all in grid steps.
fn jerk(speeds: &[f32], top: f32) -> f32 {
    let bend = |w: &[f32]| w[2] - 2.0 * w[1] + w[0];
    let squares: f32 = speeds.windows(3).map(|w| bend(w) * bend(w)).sum();
    (1.0 + squares * (speeds.len() as f32).powi(3) / (top * top)).ln()
}

fn tempo(speeds: &[f32], step: f32) -> f32 {
    let changes: f32 = speeds.windows(2).map(|w| (w[1] - w[0]).powi(2)).sum();
    let squares: f32 = speeds.iter().map(|v| v * v).sum();
    let radians = (changes / squares.max(1e-3)).sqrt().max(1e-3);
    (radians * 1_000.0 / (step.max(1.0) * std::f32::consts::TAU)).ln()
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

/// The bell is a parabola's square, the speed of a minimum-jerk movement (Flash and Hogan 1985).
fn bell(speeds: &[f32], total: f32) -> f32 {
    let n = speeds.len() as f32;
    let mean = total / n;
    let (mut both, mut own, mut ideal) = (0.0, 0.0, 0.0);
    for (i, v) in speeds.iter().enumerate() {
        let t = (i as f32 + 0.5) / n;
        let b = (t * (1.0 - t)).powi(2) - 1.0 / 30.0;
        both += b * (v - mean);
        own += (v - mean) * (v - mean);
        ideal += b * b;
    }
    both / (own * ideal).sqrt().max(1e-6)
}

fn parts(speeds: &[f32], total: f32) -> [f32; PARTS] {
    let n = speeds.len();
    // Where a part begins: at the first step that lies in it.
    let from = |part: usize| (part * n).div_ceil(PARTS);
    std::array::from_fn(|part| {
        let speeds = &speeds[from(part)..from(part + 1)];
        speeds.iter().fold(0.0, |sum, v| sum + v / total)
    })
}

/// Shares of the way at which speeds are looked at.
const MARKS: [f32; 4] = [0.05, 0.5, 0.8, 0.95];
/// A quarter to a half of the period of people's corrections.
pub(super) const LAGS_MS: [f32; 2] = [120.0, 200.0];
/// Parts of equal time into which a profile is cut.
pub(crate) const PARTS: usize = 6;
