//! The path of a stroke, whenever it was where.

use super::{speed::LAGS_MS, strokes::Point};

/// A path's form.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Shape {
    /// Straight distance from end to end, in CSS pixels.
    pub(crate) distance: f32,
    /// Natural logarithm of path length over straight distance: 0 for a straight line.
    pub(crate) detour: f32,
    /// Largest distance from the straight line over the straight distance.
    pub(crate) bow: f32,
    /// The same in CSS pixels, to the right of the way positive.
    pub(crate) bow_px: f32,
    /// Sum of the angles by which the path turns between ten legs of equal length, in radians, as a natural logarithm.
    pub(crate) turn: f32,
    /// How often it turns to the other side than before.
    pub(crate) flips: f32,
    /// Sum of the differences between one such angle and the next, as a natural logarithm.
    pub(crate) rough: f32,
    /// Correlation of the logarithms of speed and curvature: people slow down in bends (Lacquaniti et al. 1983).
    pub(crate) slowing: f32,
    /// How far beyond its end the path went, over the straight distance.
    pub(crate) overshoot: f32,
    /// Angle between the first fifth of the way and the whole, in radians.
    pub(crate) aim: f32,
    /// Share of the turning in the sharpest of the nine joints between those legs.
    pub(crate) sharpest: f32,
    /// How much more it turns than an arc of the same detour does: a logarithm, 0 for an arc.
    pub(crate) winding: f32,
    /// Where along the way the largest distance from the straight line lies, 0 to 1.
    pub(crate) bow_at: f32,
    /// Natural logarithm of the mean frequency of what moves across the way, in Hz.
    pub(crate) sway: f32,
    /// Correlation of the speed across the way with itself 120 and 200 ms later: smooth curves sway once in a stroke, people
    /// correct themselves.
    pub(crate) swing: [f32; 2],
    /// Correlation of the speeds along and across the way, whatever their direction.
    pub(crate) together: f32,
    /// Distance from the straight line at equal steps of the path, over the straight distance, the larger side positive.
    pub(crate) course: [f32; COURSE],
}

/// Measures positions on the grid and their smoothed form with its speeds; none for a path of under [`SHORTEST_PX`].
pub(super) fn measure(
    points: &[Point],
    raw: &[(f32, f32)],
    smooth: &[(f32, f32)],
    speeds: &[f32],
    step: f32,
) -> Option<Shape> {
    let (&from, &to) = (raw.first()?, raw.last()?);
    let way = (to.0 - from.0, to.1 - from.1);
    let distance = length(way.0, way.1);
    if distance < SHORTEST_PX {
        return None;
    }
    let unit = (way.0 / distance, way.1 / distance);
    let mut shape = Shape {
        distance,
        ..Shape::default()
    };
    shape.follow(raw, from, unit);
    shape.bend(points);
    shape.slow_down(smooth, speeds);
    shape.cross(smooth, unit, step);
    Some(shape)
}

impl Shape {
    /// Length, bow, overshoot and aim.
    fn follow(&mut self, raw: &[(f32, f32)], from: (f32, f32), unit: (f32, f32)) {
        let (mut path, mut farthest, mut aimed) = (0.0f32, 0.0f32, false);
        let mut before = from;
        for point in raw {
            path += length(point.0 - before.0, point.1 - before.1);
            before = *point;
            let (x, y) = (point.0 - from.0, point.1 - from.1);
            let (along, across) = (x * unit.0 + y * unit.1, y * unit.0 - x * unit.1);
            farthest = farthest.max(along);
            if across.abs() > self.bow_px.abs() {
                self.bow_px = across;
                self.bow_at = (along / self.distance).clamp(0.0, 1.0);
            }
            if !aimed && length(x, y) >= self.distance * 0.2 {
                self.aim = across.atan2(along).abs();
                aimed = true;
            }
        }
        self.detour = (path / self.distance).max(1.0).ln();
        self.bow = self.bow_px.abs() / self.distance;
        self.overshoot = (farthest / self.distance - 1.0).max(0.0);
    }

    /// Turning and roughness, at equal steps of way: whatever the recorder's clock did.
    fn bend(&mut self, points: &[Point]) {
        let length = points
            .windows(2)
            .map(|pair| apart(pair[0], pair[1]))
            .sum::<f32>();
        let step = length / LEGS as f32;
        let mut knots = [(0.0f32, 0.0f32); LEGS + 1];
        knots[0] = (points[0].x, points[0].y);
        let (mut next, mut passed) = (1, 0.0f32);
        for pair in points.windows(2) {
            let long = apart(pair[0], pair[1]);
            while next < LEGS && passed + long >= step * next as f32 {
                let share = (step * next as f32 - passed) / long.max(0.01);
                let (x, y) = (pair[1].x - pair[0].x, pair[1].y - pair[0].y);
                knots[next] = (pair[0].x + x * share, pair[0].y + y * share);
                next += 1;
            }
            passed += long;
        }
        let last = points[points.len() - 1];
        knots[LEGS] = (last.x, last.y);
        self.follow_course(&knots);
        let (mut side, mut flips, mut before) = (0.0f32, 0.0f32, None::<f32>);
        let mut angles = [0.0f32; LEGS - 1];
        for (knot, turned) in knots.windows(3).zip(&mut angles) {
            let a = (knot[1].0 - knot[0].0, knot[1].1 - knot[0].1);
            let b = (knot[2].0 - knot[1].0, knot[2].1 - knot[1].1);
            let angle = (a.0 * b.1 - a.1 * b.0).atan2(a.0 * b.0 + a.1 * b.1);
            *turned = angle.abs();
            self.turn += angle.abs();
            if let Some(before) = before {
                self.rough += (angle - before).abs();
            }
            before = Some(angle);
            if angle.abs() > 0.1 {
                flips += f32::from(u8::from(side * angle < 0.0));
                side = angle;
            }
        }
        let sharpest = angles.iter().copied().fold(0.0, f32::max);
        self.sharpest = sharpest / self.turn.max(0.05);
        // An arc that turns by a small angle is longer than its chord by a 24th of the angle's square.
        self.winding = ((self.turn + 0.1) / ((24.0 * self.detour).sqrt() + 0.1)).ln();
        self.turn = (self.turn + 0.05).ln();
        self.rough = (self.rough + 0.05).ln();
        self.flips = flips;
    }

    /// What moves across the way: how it goes with itself later, and with what moves along.
    fn cross(&mut self, smooth: &[(f32, f32)], unit: (f32, f32), step: f32) {
        let mut pairs = Pairs::default();
        let across: Vec<f32> = smooth
            .windows(2)
            .map(|pair| {
                let (x, y) = (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1);
                let across = y * unit.0 - x * unit.1;
                pairs.add((x * unit.0 + y * unit.1).abs(), across.abs());
                across
            })
            .collect();
        self.together = pairs.correlation();
        let squares = across.iter().map(|v| v * v).sum::<f32>();
        self.sway = sway(&across, squares, step);
        let squares = squares + ROUNDING * across.len() as f32;
        self.swing = LAGS_MS.map(|lag| {
            let later = (lag / step.max(1.0)).round() as usize;
            let both = across.iter().zip(across.iter().skip(later));
            both.map(|(a, b)| a * b).sum::<f32>() / squares
        });
    }

    fn follow_course(&mut self, knots: &[(f32, f32); LEGS + 1]) {
        let (from, to) = (knots[0], knots[LEGS]);
        let way = (to.0 - from.0, to.1 - from.1);
        let square = (way.0 * way.0 + way.1 * way.1).max(1.0);
        let side = if self.bow_px < 0.0 { -1.0 } else { 1.0 };
        for (i, off) in self.course.iter_mut().enumerate() {
            let knot = knots[(i + 1) * LEGS / (COURSE + 1)];
            let (x, y) = (knot.0 - from.0, knot.1 - from.1);
            *off = side * (y * way.0 - x * way.1) / square;
        }
    }

    fn slow_down(&mut self, smooth: &[(f32, f32)], speeds: &[f32]) {
        let mut pairs = Pairs::default();
        for (points, speeds) in smooth.windows(3).zip(speeds.windows(2)) {
            let speed = (speeds[0] + speeds[1]) / 2.0;
            if speeds[0].min(speeds[1]) < 2.0 {
                continue;
            }
            let (a, b) = (
                (points[1].0 - points[0].0, points[1].1 - points[0].1),
                (points[2].0 - points[1].0, points[2].1 - points[1].1),
            );
            let sine = (a.0 * b.1 - a.1 * b.0).abs() / (speeds[0] * speeds[1]);
            let curvature = sine / speed;
            pairs.add(speed.ln(), (curvature + 0.002).ln());
        }
        self.slowing = pairs.correlation();
    }
}

/// Of steps across the way and the sum of their squares.
fn sway(across: &[f32], squares: f32, step: f32) -> f32 {
    let (mut changes, mut before) = (0.0f32, 0.0f32);
    for across in across {
        changes += (across - before) * (across - before);
        before = *across;
    }
    let rounding = ROUNDING * (across.len() + 1) as f32;
    let radians = ((changes + 1e-3) / (squares + rounding)).sqrt();
    (radians * 1_000.0 / (step.max(1.0) * std::f32::consts::TAU)).ln()
}

/// Sums of pairs of numbers, for their correlation and the line through them.
#[derive(Default)]
pub(super) struct Pairs {
    n: f32,
    x: f32,
    y: f32,
    xx: f32,
    xy: f32,
    yy: f32,
}

impl Pairs {
    pub(super) fn add(&mut self, x: f32, y: f32) {
        self.n += 1.0;
        self.x += x;
        self.y += y;
        self.xx += x * x;
        self.xy += x * y;
        self.yy += y * y;
    }

    /// Pearson's; 0 for fewer than four pairs or where one of the two does not vary.
    pub(super) fn correlation(&self) -> f32 {
        let (xx, xy, yy) = self.central();
        if self.n < 4.0 || xx < 1e-3 || yy < 1e-3 {
            return 0.0;
        }
        (xy / (xx * yy).sqrt()).clamp(-1.0, 1.0)
    }

    /// Of the line of y over x by least squares; 0 where x does not vary.
    pub(super) fn slope(&self) -> f32 {
        let (xx, xy, _) = self.central();
        if xx < 1e-3 { 0.0 } else { xy / xx }
    }

    /// Root mean square distance of y from that line.
    pub(super) fn residual(&self) -> f32 {
        let (_, xy, yy) = self.central();
        ((yy - self.slope() * xy).max(0.0) / self.n.max(1.0)).sqrt()
    }

    fn central(&self) -> (f32, f32, f32) {
        let n = self.n.max(1.0);
        (
            self.xx - self.x * self.x / n,
            self.xy - self.x * self.y / n,
            self.yy - self.y * self.y / n,
        )
    }
}

/// The same as `hypot` of finite numbers, without a call.
fn length(x: f32, y: f32) -> f32 {
    let (x, y) = (f64::from(x), f64::from(y));
    (x * x + y * y).sqrt() as f32
}

fn apart(a: Point, b: Point) -> f32 {
    let (x, y) = (b.x - a.x, b.y - a.y);
    (x * x + y * y).sqrt()
}

/// Places at which a path's distance from the straight line is kept.
pub(crate) const COURSE: usize = 4;
/// Into which a path is cut to see how it bends.
const LEGS: usize = 10;
const SHORTEST_PX: f32 = 30.0;
/// What whole pixels alone make of a straight line: the square of a step across it.
const ROUNDING: f32 = 0.02;
