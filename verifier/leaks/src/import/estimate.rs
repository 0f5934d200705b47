use std::{
    io,
    time::{Duration, Instant},
};

use super::{Format, ImportError, Progress};
use crate::{
    Database, PairHash,
    lists::{self, Line, Source},
    names,
};

/// How much work is left of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Estimate {
    /// Lines with a pair, or a hash.
    pub taken: f64,
    /// Pair hashes to be computed: each pair has one to five, as many as its name has forms.
    pub hashes: f64,
}

impl Estimate {
    /// How long that takes. Lists of hashes take no time to speak of.
    pub fn duration(&self, cost: HashCost) -> Duration {
        let seconds = self.hashes * cost.each.as_secs_f64() / cost.cores as f64;
        Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX)
    }
}

/// What a pair hash costs here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashCost {
    /// Time of one on one core, while all are busy.
    pub each: Duration,
    /// Cores that work.
    pub cores: usize,
}

impl HashCost {
    /// Measures it, on all cores that rayon has at once, because they share a memory. Takes a few hundredths of a second.
    pub fn measure() -> Self {
        let cores = rayon::current_num_threads();
        let times = rayon::broadcast(|_| {
            let started = Instant::now();
            for round in ["first", "second", "third"] {
                PairHash::of("measure", round);
            }
            started.elapsed() / 3
        });
        let slowest = times.into_iter().max().unwrap_or_default();
        Self {
            each: slowest,
            cores,
        }
    }
}

/// Judges by a list's first mebibyte how much of it is left to do; none of standard input, whose size is not known.
///
/// # Errors
/// See [`ImportError`].
pub fn estimate(
    database: &Database,
    source: &Source,
    format: Format,
) -> Result<Option<Estimate>, ImportError> {
    let (Some(size), Some(id)) = (source.size(), source.id()) else {
        return Ok(None);
    };
    let known = database.read(|connection| Progress::of(connection, id))?;
    let done = known.unwrap_or_default();
    if done.is_done {
        return Ok(Some(Estimate::default()));
    }
    let whole = whole(source, size, format);
    let whole = whole.map_err(|error| ImportError::List(source.name(), error))?;
    let left = (whole.taken - done.tally.taken as f64).max(0.0) / whole.taken.max(1.0);
    Ok(Some(Estimate {
        taken: whole.taken * left,
        hashes: whole.hashes * left,
    }))
}

fn whole(source: &Source, size: u64, format: Format) -> io::Result<Estimate> {
    let mut reader = source.read_from(0)?;
    let (mut taken, mut hashes) = (0, 0);
    let mut is_whole = true;
    while let Some(line) = reader.lines.next_line()? {
        if let Line::Whole(line) = line {
            match format {
                Format::Pairs(delimiter) => {
                    if let Ok(pair) = lists::parse(line, delimiter) {
                        taken += 1;
                        hashes += names(&pair.user).len();
                    }
                }
                Format::Pwned => taken += usize::from(crate::pwned::parse(line).is_ok()),
            }
        }
        if reader.lines.position() >= SAMPLE_BYTES {
            is_whole = false;
            break;
        }
    }
    let read = reader.bytes_done().max(1);
    let scale = if is_whole {
        1.0
    } else {
        size as f64 / read as f64
    };
    Ok(Estimate {
        taken: taken as f64 * scale,
        hashes: hashes as f64 * scale,
    })
}

const SAMPLE_BYTES: u64 = 1 << 20;
