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
    for pass in 0..PASSES {
        smooth(&mut grid[pass * DELAY..]);
    }
    path.start = first.at - (PAD - 1) as f32 * STEP;
    path.velocity.clear();
    let across_two = |a: f32, b: f32| (b - a) / (2.0 * STEP);
    path.velocity.extend(
        grid[PASSES * DELAY..]
            .windows(3)
            .map(|w| [across_two(w[0][0], w[2][0]), across_two(w[0][1], w[2][1])]),
    );
    visit(path);
}

/// Places every [`STEP`], straight between samples, at rest for [`PAD`] points before and behind, and for as many more behind
/// as the smoothing comes late.
fn resample(run: &[Moment]) -> Vec<[f32; 2]> {
    let (Some(first), Some(last)) = (run.first(), run.last()) else {
        return Vec::new();
    };
    let points = ((last.at - first.at) / STEP) as usize + 2;
    let mut grid = vec![last.place; points + 2 * PAD + PASSES * DELAY];
    grid[..PAD].fill(first.place);
    let (mut n, mut t) = (0u32, first.at);
    let mut places = grid[PAD..PAD + points].iter_mut();
    for pair in run.windows(2) {
        let (a, b) = (&pair[0], &pair[1]);
        while t <= b.at {
            let Some(place) = places.next() else { break };
            let share = ((t - a.at) / (b.at - a.at)).clamp(0.0, 1.0);
            let between = |a: f32, b: f32| a + share * (b - a);
            *place = [
                between(a.place[0], b.place[0]),
                between(a.place[1], b.place[1]),
            ];
            n += 1;
            t = first.at + n as f32 * STEP;
        }
    }
    grid
}

/// A moving mean over [`WIDTH`] points, which stands [`DELAY`] points late: where the last of them was. Three are close to a
/// Gaussian with a standard deviation of 24.5 ms.
///
/// The order in which values are added is part of the result, and sketches that are kept were made with it: a block's own
/// values first, then those of the block before. So blocks share their sums. Both ends must be at rest.
fn smooth(grid: &mut [[f32; 2]]) {
    let add = |[a, b]: [f32; 2], [c, d]: &[f32; 2]| [a + c, b + d];
    let (blocks, _) = grid.as_chunks_mut::<WIDTH>();
    let mut before = blocks.first().copied().unwrap_or_default();
    for block in blocks {
        let values = *block;
        let mut sum = [0.0; 2];
        for (k, mean) in block.iter_mut().enumerate() {
            sum = add(sum, &values[k]);
            let [x, y] = before[k + 1..].iter().fold(sum, add);
            *mean = [x / WIDTH as f32, y / WIDTH as f32];
        }
        before = values;
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
/// From a moving mean's middle to its end.
const DELAY: usize = WIDTH / 2;
/// Moving means, one after the other.
const PASSES: usize = 3;
/// Fewest samples of a path.
const FEWEST: usize = 6;
