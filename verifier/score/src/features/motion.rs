use touchstone_protocol::Report;

use super::{
    Moments,
    kinematics::{self, Grid, Stroke},
    shape::Pairs,
    speed::PARTS,
    strokes,
};
use crate::record::{Half, record, saturate};

record! {
    /// How the mouse moved, over all measurable strokes.
    Motion {
        /// Strokes whose shape could be measured.
        strokes: u16,
        /// Strokes that ended in a press after 80 pixels and more, neither upright nor level.
        approaches: u16,
        /// Those of them that nowhere leave the straight line by a pixel.
        straight: u16,
        /// Medians over the strokes, so that one odd stroke has no say: see `Shape` and `Profile`.
        detour: Half,
        bow: Half,
        turn: Half,
        flips: Half,
        rough: Half,
        slowing: Half,
        overshoot: Half,
        aim: Half,
        peaks: Half,
        peak_at: Half,
        variation: Half,
        jerk: Half,
        opening: Half,
        ending: Half,
        bell: Half,
        slow: Half,
        /// Mean distance from that median.
        detour_spread: Half,
        rough_spread: Half,
        peaks_spread: Half,
        peak_at_spread: Half,
        variation_spread: Half,
        jerk_spread: Half,
        opening_spread: Half,
        ending_spread: Half,
        start_spread: Half,
        stop_spread: Half,
        bell_spread: Half,
        aim_spread: Half,
        turn_spread: Half,
        bow_spread: Half,
        slow_spread: Half,
        ripple_spread: Half,
        slowing_spread: Half,
        /// Mean distance of the strokes' speed profiles from their mean: how little they repeat each other.
        profile_spread: Half,
        /// Mean logarithm of the strokes' durations in milliseconds, and standard deviation.
        duration_log: Half,
        duration_spread: Half,
        /// Duration against distance, both in logarithms (Fitts 1954): slope, distance from the line.
        fitts_slope: Half,
        fitts_residual: Half,
        /// Speed against distance, both in logarithms: standard deviation of the mean speed.
        pace_spread: Half,
        /// See `Shape` and `Profile`: medians again, and the spread of one.
        sharpest: Half,
        winding: Half,
        sway: Half,
        tempo: Half,
        bow_at_spread: Half,
        /// What grows with a stroke's duration, as slopes over its logarithm: a script stretches one course over the time
        /// that it takes, people add submovements.
        tempo_slope: Half,
        peaks_slope: Half,
        /// How far the first part's angle is from what the bow lets expect: root mean square distance from the line.
        aim_residual: Half,
        /// The distance that a quarter of all pairs of strokes do not exceed, between courses of speed and between paths:
        /// scripts repeat themselves.
        profile_near: Half,
        course_near: Half,
        /// See `Profile::marks`, `wide` and `echo`, `Shape::swing` and `together`.
        mark_5: Half,
        mark_50: Half,
        mark_80: Half,
        mark_95: Half,
        wide: Half,
        echo_120: Half,
        echo_200: Half,
        swing_120: Half,
        swing_200: Half,
        together: Half,
    }
}

impl Motion {
    pub(crate) fn measure(report: &Report) -> Self {
        let mut motion = Self::default();
        let mut all: Vec<Stroke> = Vec::with_capacity(32);
        let mut grid = Grid::default();
        strokes::for_each(&report.pointer, |points, pressed| {
            let Some(stroke) = kinematics::measure(points, &mut grid) else {
                return;
            };
            if pressed && stroke.shape.distance >= 80.0 && !is_axis_aligned(points) {
                motion.approaches += 1;
                motion.straight += u16::from(stroke.shape.bow_px.abs() < 1.0);
            }
            all.push(stroke);
        });
        motion.strokes = saturate(all.len());
        motion.add_medians(&all);
        motion.add_relations(&all);
        motion.add_repetition(&all);
        motion
    }

    fn add_medians(&mut self, all: &[Stroke]) {
        let mut column = Vec::with_capacity(all.len());
        let mut both = |field: fn(&Stroke) -> f32| middle(all, field, &mut column);
        (self.detour, self.detour_spread) = both(|s| s.shape.detour);
        (self.bow, self.bow_spread) = both(|s| s.shape.bow);
        (self.turn, self.turn_spread) = both(|s| s.shape.turn);
        (self.flips, _) = both(|s| s.shape.flips);
        (self.rough, self.rough_spread) = both(|s| s.shape.rough);
        (self.slowing, self.slowing_spread) = both(|s| s.shape.slowing);
        (self.overshoot, _) = both(|s| s.shape.overshoot);
        (self.aim, self.aim_spread) = both(|s| s.shape.aim);
        (self.peaks, self.peaks_spread) = both(|s| s.speed.peaks);
        (self.peak_at, self.peak_at_spread) = both(|s| s.speed.peak_at);
        (self.variation, self.variation_spread) = both(|s| s.speed.variation);
        (self.jerk, self.jerk_spread) = both(|s| s.speed.jerk);
        (self.opening, self.opening_spread) = both(|s| s.speed.opening);
        (self.ending, self.ending_spread) = both(|s| s.speed.ending);
        (_, self.start_spread) = both(|s| s.speed.start);
        (_, self.stop_spread) = both(|s| s.speed.stop);
        (self.bell, self.bell_spread) = both(|s| s.speed.bell);
        (self.slow, self.slow_spread) = both(|s| s.speed.slow);
        (_, self.ripple_spread) = both(|s| s.speed.ripple);
        (self.sharpest, _) = both(|s| s.shape.sharpest);
        (self.winding, _) = both(|s| s.shape.winding);
        (self.sway, _) = both(|s| s.shape.sway);
        (self.tempo, _) = both(|s| s.speed.tempo);
        (_, self.bow_at_spread) = both(|s| s.shape.bow_at);
        (self.mark_5, _) = both(|s| s.speed.marks[0]);
        (self.mark_50, _) = both(|s| s.speed.marks[1]);
        (self.mark_80, _) = both(|s| s.speed.marks[2]);
        (self.mark_95, _) = both(|s| s.speed.marks[3]);
        (self.wide, _) = both(|s| s.speed.wide);
        (self.echo_120, _) = both(|s| s.speed.echo[0]);
        (self.echo_200, _) = both(|s| s.speed.echo[1]);
        (self.swing_120, _) = both(|s| s.shape.swing[0]);
        (self.swing_200, _) = both(|s| s.shape.swing[1]);
        (self.together, _) = both(|s| s.shape.together);
    }

    fn add_relations(&mut self, all: &[Stroke]) {
        let (mut duration, mut pace) = (Moments::default(), Moments::default());
        let mut fitts = Pairs::default();
        let mut mean = [0.0f32; PARTS];
        let n = all.len().max(1) as f32;
        for stroke in all {
            let (took, went) = (stroke.duration.ln(), stroke.shape.distance.ln());
            duration.add(took);
            pace.add(went - took);
            fitts.add(went, took);
            for (sum, part) in mean.iter_mut().zip(stroke.speed.parts) {
                *sum += part / n;
            }
        }
        let off = |stroke: &Stroke| {
            let parts = stroke.speed.parts.iter().zip(mean);
            parts.map(|(part, mean)| (part - mean).powi(2)).sum::<f32>()
        };
        self.profile_spread = (all.iter().map(off).sum::<f32>() / (n - 1.0).max(1.0))
            .sqrt()
            .into();
        self.duration_log = duration.mean.into();
        self.duration_spread = duration.deviation().into();
        self.pace_spread = pace.deviation().into();
        self.fitts_slope = fitts.slope().into();
        self.fitts_residual = fitts.residual().into();
    }

    fn add_repetition(&mut self, all: &[Stroke]) {
        let (mut tempo, mut peaks, mut aim) =
            (Pairs::default(), Pairs::default(), Pairs::default());
        for stroke in all {
            let took = stroke.duration.ln();
            tempo.add(took, stroke.speed.tempo);
            peaks.add(took, stroke.speed.peaks.max(1.0).ln());
            aim.add(stroke.shape.bow, stroke.shape.aim);
        }
        self.tempo_slope = tempo.slope().into();
        self.peaks_slope = peaks.slope().into();
        self.aim_residual = aim.residual().into();
        self.profile_near = near(all, |s| s.speed.parts).into();
        self.course_near = near(all, |s| s.shape.course).into();
    }
}

/// The lower quartile of the distances between any two of the first [`COMPARED`] strokes.
fn near<const N: usize>(all: &[Stroke], of: fn(&Stroke) -> [f32; N]) -> f32 {
    let mut distances = Vec::with_capacity(COMPARED * (COMPARED - 1) / 2);
    let all = &all[..all.len().min(COMPARED)];
    for (i, one) in all.iter().enumerate() {
        for other in &all[..i] {
            let parts = of(one).into_iter().zip(of(other));
            let square: f32 = parts.map(|(a, b)| (a - b) * (a - b)).sum();
            distances.push(square.sqrt());
        }
    }
    distances.sort_unstable_by(f32::total_cmp);
    distances.get(distances.len() / 4).copied().unwrap_or(0.0)
}

/// Median, and mean distance from it; zeros of nothing.
fn middle(all: &[Stroke], field: fn(&Stroke) -> f32, column: &mut Vec<f32>) -> (Half, Half) {
    column.clear();
    column.extend(all.iter().map(field));
    column.sort_unstable_by(f32::total_cmp);
    let n = column.len();
    let at = |i: usize| column.get(i).copied().unwrap_or(0.0);
    let middle = (at(n / 2) + at(n.saturating_sub(1) / 2)) / 2.0;
    let off: f32 = column.iter().map(|value| (value - middle).abs()).sum();
    // One less than there are: of few strokes, the median lies nearer than the truth does.
    (
        middle.into(),
        (off / n.saturating_sub(1).max(1) as f32).into(),
    )
}

/// Along an edge, people draw straight lines, too.
fn is_axis_aligned(points: &[strokes::Point]) -> bool {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return true;
    };
    (last.x - first.x).abs() < 10.0 || (last.y - first.y).abs() < 10.0
}

/// Enough to know a hand by, few enough that their pairs cost little.
const COMPARED: usize = 24;
