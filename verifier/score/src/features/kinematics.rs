use super::{shape, speed, strokes::Point};

/// The shape of one stroke, as numbers without a unit where no other is given.
///
/// Computed on a grid of time ([`GRID_MS`]), smoothed over some 70 ms, so that the polling rate of mouse or recorder has
/// little say; lengths are relative to the stroke's own. Before and after it the pointer rests.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Stroke {
    /// Milliseconds.
    pub(crate) duration: f32,
    pub(crate) shape: shape::Shape,
    pub(crate) speed: speed::Profile,
}

/// Room for the computation, used again for each stroke.
#[derive(Default)]
pub(crate) struct Grid {
    /// Positions at equal steps of time, both ends included.
    raw: Vec<(f32, f32)>,
    /// The same with twice [`REST`] steps of rest at either end.
    rested: Vec<(f32, f32)>,
    /// The same with [`REST`] steps of rest at either end, smoothed.
    smooth: Vec<(f32, f32)>,
    /// Pixels a step along `smooth`.
    speeds: Vec<f32>,
}

/// Measures a stroke; none if it is too short, or sampled too coarsely, for its shape to mean something.
pub(crate) fn measure(points: &[Point], grid: &mut Grid) -> Option<Stroke> {
    let (first, last) = (points.first()?, points.last()?);
    let duration = last.t - first.t;
    let moments = points.windows(2).filter(|pair| pair[1].t > pair[0].t);
    let moments = 1 + moments.count();
    if moments < 6 || duration < SHORTEST_MS || duration > COARSEST_MS * moments as f32 {
        return None;
    }
    grid.resample(points, duration);
    grid.smoothen();
    let step = duration / (grid.raw.len() - 1) as f32;
    Some(Stroke {
        duration,
        shape: shape::measure(points, &grid.raw, &grid.smooth, &grid.speeds, step)?,
        speed: speed::measure(&grid.speeds, step),
    })
}

impl Grid {
    /// Linear interpolation near [`GRID_MS`]; of several positions at one time the last counts.
    fn resample(&mut self, points: &[Point], duration: f32) {
        let steps = (duration / GRID_MS).round().clamp(6.0, MAX_STEPS) as usize;
        let step = duration / steps as f32;
        self.raw.clear();
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
            self.raw
                .push((a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share));
        }
    }

    /// A binomial kernel of nine steps: takes rounding and uneven clocks out, leaves corrections in.
    fn smoothen(&mut self) {
        let rest = |end: Option<&(f32, f32)>| {
            std::iter::repeat_n(end.copied().unwrap_or_default(), 2 * REST)
        };
        self.rested.clear();
        self.rested.extend(rest(self.raw.first()));
        self.rested.extend_from_slice(&self.raw);
        self.rested.extend(rest(self.raw.last()));
        self.smooth.clear();
        let around = self.rested.windows(KERNEL.len());
        self.smooth.extend(around.map(|around| {
            { KERNEL.iter().zip(around) }.fold((0.0, 0.0), |sum, (weight, (x, y))| {
                (sum.0 + weight * x, sum.1 + weight * y)
            })
        }));
        self.speeds.clear();
        self.speeds.extend(self.smooth.windows(2).map(|pair| {
            let (x, y) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
            (x * x + y * y).sqrt()
        }));
    }
}

/// A little slower than the slowest common rate at which moves arrive (60 Hz).
const GRID_MS: f32 = 20.0;
/// Grid steps of rest before and after a stroke: as far as the smoothing reaches.
pub(super) const REST: usize = 4;
/// Binomial coefficients: a deviation of 1.4 steps.
const KERNEL: [f32; 9] = [
    1.0 / 256.0,
    8.0 / 256.0,
    28.0 / 256.0,
    56.0 / 256.0,
    70.0 / 256.0,
    56.0 / 256.0,
    28.0 / 256.0,
    8.0 / 256.0,
    1.0 / 256.0,
];
/// Longer strokes get a coarser grid.
const MAX_STEPS: f32 = 256.0;
const SHORTEST_MS: f32 = 120.0;
/// Mean gap between moments with a move above which nothing is said of a stroke's shape: remote desktops, which also send
/// several moves at one moment.
const COARSEST_MS: f32 = 35.0;

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
        let mut grid = Grid::default();
        let strokes: Vec<Stroke> = [2.0, 7.0, 8.0, 12.0, 16.7]
            .into_iter()
            .filter_map(|gap| measure(&minimum_jerk(gap), &mut grid))
            .collect();
        assert_eq!(strokes.len(), 5);
        for Stroke { shape, speed, .. } in &strokes {
            let first = &strokes[0].speed;
            assert_eq!(speed.peaks, 1.0);
            assert!((speed.peak_at - 0.5).abs() < 0.06, "{speed:?}");
            assert!((speed.variation - first.variation).abs() < 0.05);
            assert!((speed.jerk - first.jerk).abs() < 0.5, "{speed:?}");
            assert!(speed.bell > 0.9, "{speed:?}");
            let off = |a: &[f32], b: &[f32]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 0.08);
            assert!(off(&speed.marks, &first.marks) && off(&speed.echo, &first.echo));
            assert!((speed.wide - first.wide).abs() < 0.05, "{speed:?}");
            assert!(shape.detour < 0.01 && shape.bow < 0.01, "{shape:?}");
        }
    }

    #[test]
    fn one_arc_sways_for_long_and_corrections_do_not() {
        let stroke = |waves: f32| {
            let mut points = minimum_jerk(8.0);
            for point in &mut points {
                let share = point.t / 600.0;
                point.y += 40.0 / waves * (share * std::f32::consts::PI * waves).sin();
            }
            measure(&points, &mut Grid::default()).map(|stroke| stroke.shape.swing)
        };
        let (arc, corrected) = (stroke(1.0).unwrap(), stroke(6.0).unwrap());
        assert!(arc[0] > corrected[0] + 0.3, "{arc:?} {corrected:?}");
    }

    #[test]
    fn the_speed_is_looked_at_along_the_way() {
        let speed = measure(&minimum_jerk(8.0), &mut Grid::default())
            .unwrap()
            .speed;
        assert!(speed.marks[1] > 0.95, "{speed:?}");
        assert!((speed.marks[0] - speed.marks[3]).abs() < 0.08, "{speed:?}");
        assert!((0.35..0.65).contains(&speed.wide), "{speed:?}");
    }

    #[test]
    fn short_or_coarse_strokes_are_not_measured() {
        let mut grid = Grid::default();
        assert!(measure(&minimum_jerk(100.0), &mut grid).is_none());
        assert!(measure(&minimum_jerk(10.0)[..5], &mut grid).is_none());
        assert!(measure(&[], &mut grid).is_none());
    }

    #[test]
    fn moves_that_come_several_at_a_moment_are_as_coarse_as_their_moments() {
        let mut batches = minimum_jerk(10.0);
        for (i, point) in batches.iter_mut().enumerate() {
            point.t = (i / 5) as f32 * 50.0;
        }
        assert!(measure(&batches, &mut Grid::default()).is_none());
    }
}
