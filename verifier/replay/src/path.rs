use touchstone_protocol::{PointerKind, PointerSample};

/// A stretch of pointer movement without a long rest: velocities on a grid of [`STEP`] milliseconds, smoothed.
///
/// The grid makes all polling rates alike; the smoothing takes out whole pixels and small jitter.
#[derive(Debug, Default)]
pub(crate) struct Path {
    /// When the first velocity is, in milliseconds since the page's time origin.
    pub(crate) start: f32,
    /// In pixels a millisecond, one every [`STEP`].
    pub(crate) velocity: Vec<[f32; 2]>,
}

/// Cuts the samples into paths and hands each to `visit`. A rest, another device and leaving the page end a path. Linear in
/// the number of samples: a gap within a path adds at most 25 points of the grid.
pub(crate) fn for_each(samples: &[PointerSample], mut visit: impl FnMut(&Path)) {
    let mut run: Vec<Moment> = Vec::with_capacity(samples.len());
    let mut path = Path::default();
    let mut last: Option<&PointerSample> = None;
    for sample in samples {
        let is_here = matches!(
            sample.kind,
            PointerKind::Move | PointerKind::Down | PointerKind::Up
        );
        let continues = last.is_some_and(|last| {
            sample.device == last.device && sample.at.saturating_sub(last.at) <= REST
        });
        if !is_here || !continues {
            finish(&run, &mut path, &mut visit);
            run.clear();
        }
        last = is_here.then_some(sample);
        if is_here {
            push(&mut run, sample);
        }
    }
    finish(&run, &mut path, &mut visit);
}

/// Where the pointer was, and when in milliseconds.
#[derive(Debug, Clone, Copy)]
struct Moment {
    at: f32,
    place: [f32; 2],
}

/// Of several samples at one moment the last one holds.
fn push(run: &mut Vec<Moment>, sample: &PointerSample) {
    let at = sample.at as f32 / 10.0;
    let place = [sample.x as f32, sample.y as f32];
    match run.last_mut() {
        Some(end) if end.at >= at => end.place = place,
        _ => run.push(Moment { at, place }),
    }
}

fn finish(run: &[Moment], path: &mut Path, visit: &mut impl FnMut(&Path)) {
    let (Some(first), true) = (run.first(), run.len() >= FEWEST) else {
        return;
    };
    let mut grid = resample(run);
    for _ in 0..3 {
        smooth(&mut grid);
    }
    path.start = first.at - (PAD - 1) as f32 * STEP;
    path.velocity.clear();
    let across_two = |a: f32, b: f32| (b - a) / (2.0 * STEP);
    path.velocity.extend(
        grid.windows(3)
            .map(|w| [across_two(w[0][0], w[2][0]), across_two(w[0][1], w[2][1])]),
    );
    visit(path);
}

/// Places every [`STEP`], straight between samples, at rest for [`PAD`] points before and behind.
fn resample(run: &[Moment]) -> Vec<[f32; 2]> {
    let (Some(first), Some(last)) = (run.first(), run.last()) else {
        return Vec::new();
    };
    let points = ((last.at - first.at) / STEP) as usize + 2;
    let mut grid = Vec::with_capacity(points + 2 * PAD);
    grid.resize(PAD, first.place);
    let mut pairs = run.windows(2).peekable();
    for n in 0..points {
        let t = first.at + n as f32 * STEP;
        while pairs.peek().is_some_and(|pair| pair[1].at < t) {
            pairs.next();
        }
        let place = pairs.peek().map_or(last.place, |pair| {
            let (a, b) = (&pair[0], &pair[1]);
            let share = ((t - a.at) / (b.at - a.at)).clamp(0.0, 1.0);
            let between = |a: f32, b: f32| a + share * (b - a);
            [
                between(a.place[0], b.place[0]),
                between(a.place[1], b.place[1]),
            ]
        });
        grid.push(place);
    }
    grid.resize(grid.len() + PAD, last.place);
    grid
}

/// A moving mean over [`WIDTH`] points; three of them are close to a Gaussian with a standard deviation of 24.5 ms.
fn smooth(grid: &mut [[f32; 2]]) {
    for axis in 0..2 {
        // The values before they were overwritten.
        let mut window = [0.0f32; WIDTH];
        for n in 0..grid.len() {
            window[n % WIDTH] = grid[n][axis];
            if n + 1 >= WIDTH {
                grid[n - WIDTH / 2][axis] = window.iter().sum::<f32>() / WIDTH as f32;
            }
        }
    }
}

/// Milliseconds from one point to the next.
pub(crate) const STEP: f32 = 10.0;
/// A gap that ends a path, in units of 0.1 ms: 250 ms.
const REST: u32 = 2_500;
/// Points of rest around a path: more than the smoothing reaches.
const PAD: usize = 12;
/// Points of one moving mean, odd.
const WIDTH: usize = 5;
/// Fewest samples of a path.
const FEWEST: usize = 6;
