use touchstone_protocol::Report;

use super::{
    Moments,
    kinematics::{self, Stroke},
    strokes,
};
use crate::record::{Half, record, saturate};

record! {
    /// How the mouse moved, over all measurable strokes: medians, so that one odd stroke has no say.
    Motion {
        /// Strokes whose shape could be measured.
        strokes: u16,
        /// Strokes that ended in a press after 80 pixels and more, neither upright nor level.
        approaches: u16,
        /// Those of them that nowhere leave the straight line by a pixel.
        straight: u16,
        /// Median of each: see [`Stroke`].
        detour: Half,
        bow: Half,
        peaks: Half,
        peak_at: Half,
        speed_cv: Half,
        jerk: Half,
        turn: Half,
        ending: Half,
        /// Mean logarithm of the strokes' durations in milliseconds.
        duration_log: Half,
        /// Its standard deviation.
        duration_spread: Half,
        /// Standard deviation of [`Stroke::peak_at`] over the strokes.
        peak_at_spread: Half,
        /// Standard deviation of [`Stroke::speed_cv`] over the strokes.
        speed_cv_spread: Half,
    }
}

impl Motion {
    pub(crate) fn measure(report: &Report) -> Self {
        let mut motion = Self::default();
        let mut all: Vec<Stroke> = Vec::with_capacity(32);
        let mut grid = Vec::with_capacity(256);
        strokes::for_each(&report.pointer, |points, pressed| {
            let Some(stroke) = kinematics::measure(points, &mut grid) else {
                return;
            };
            if pressed && stroke.distance >= 80.0 && !is_axis_aligned(points) {
                motion.approaches += 1;
                motion.straight += u16::from(stroke.bow_px < 1.0);
            }
            all.push(stroke);
        });
        motion.strokes = saturate(all.len());
        let mut column = Vec::with_capacity(all.len());
        let mut median = |field: fn(&Stroke) -> f32| {
            column.clear();
            column.extend(all.iter().map(field));
            let middle = column.len() / 2;
            match column.is_empty() {
                true => Half::default(),
                false => (*column.select_nth_unstable_by(middle, f32::total_cmp).1).into(),
            }
        };
        motion.detour = median(|stroke| stroke.detour);
        motion.bow = median(|stroke| stroke.bow);
        motion.peaks = median(|stroke| stroke.peaks);
        motion.peak_at = median(|stroke| stroke.peak_at);
        motion.speed_cv = median(|stroke| stroke.speed_cv);
        motion.jerk = median(|stroke| stroke.jerk);
        motion.turn = median(|stroke| stroke.turn);
        motion.ending = median(|stroke| stroke.ending);
        let moments = |field: fn(&Stroke) -> f32| {
            let mut moments = Moments::default();
            all.iter().for_each(|stroke| moments.add(field(stroke)));
            moments
        };
        let duration = moments(|stroke| stroke.duration.ln());
        motion.duration_log = duration.mean.into();
        motion.duration_spread = duration.deviation().into();
        motion.peak_at_spread = moments(|stroke| stroke.peak_at).deviation().into();
        motion.speed_cv_spread = moments(|stroke| stroke.speed_cv).deviation().into();
        motion
    }
}

/// Along an edge, people draw straight lines, too.
fn is_axis_aligned(points: &[strokes::Point]) -> bool {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return true;
    };
    (last.x - first.x).abs() < 10.0 || (last.y - first.y).abs() < 10.0
}
