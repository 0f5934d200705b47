//! What came of measurements: figures of one, and the spread of several.

use std::time::{Duration, Instant};

use serde::Serialize;

use crate::{
    Failure,
    client::{Connections, Sent, Work},
    server::Server,
};

/// One measurement.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Run {
    /// Requests answered in a second of the clock.
    pub per_second: f64,
    /// Requests answered in a second of the server's processor: what it can do when nothing else has that processor.
    pub per_processor_second: f64,
    /// Milliseconds from request to answer, at the median.
    pub p50_ms: f64,
    /// The same for the slowest hundredth.
    pub p99_ms: f64,
    /// Part of the requests that was turned away, which the other figures leave out.
    pub refused: f64,
}

impl Run {
    /// Sends all of `work` to a server.
    pub async fn of(server: &Server, work: &Work, connections: usize) -> Result<Self, Failure> {
        let connections = Connections::open(server.address, connections).await?;
        let (begin, spent) = (Instant::now(), server.processor_time()?);
        let Sent { latencies, refused } = connections.send(work).await?;
        let (elapsed, spent) = (begin.elapsed(), server.processor_time()? - spent);
        let done = latencies.len() as f64;
        Ok(Self {
            per_second: done / elapsed.as_secs_f64(),
            per_processor_second: done / spent.as_secs_f64(),
            p50_ms: percentile(latencies.clone(), 0.50),
            p99_ms: percentile(latencies, 0.99),
            refused: refused as f64 / work.requests.len().max(1) as f64,
        })
    }
}

/// Least, middle and greatest of some figures.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Spread {
    /// The least.
    pub min: f64,
    /// The one in the middle.
    pub median: f64,
    /// The greatest.
    pub max: f64,
}

impl Spread {
    /// Of one figure of each run.
    pub fn of<T>(runs: &[T], figure: impl Fn(&T) -> f64) -> Self {
        let mut figures: Vec<f64> = runs.iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        let at = |place: usize| figures.get(place).copied().unwrap_or(f64::NAN);
        Self {
            min: at(0),
            median: at(figures.len() / 2),
            max: at(figures.len().saturating_sub(1)),
        }
    }

    /// As a cell of a table: the median, and the ends.
    pub fn cell(&self, digits: usize) -> String {
        let Self { min, median, max } = self;
        format!("{median:.digits$} ({min:.digits$}-{max:.digits$})")
    }
}

/// Milliseconds that this part of `durations` does not exceed.
pub fn percentile(mut durations: Vec<Duration>, part: f64) -> f64 {
    durations.sort_unstable();
    let place = (durations.len() as f64 * part).ceil() as usize;
    let at = durations.get(place.saturating_sub(1));
    at.map_or(f64::NAN, |duration| duration.as_secs_f64() * 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_least_that_so_many_do_not_exceed() {
        let durations: Vec<_> = (1..=200).rev().map(Duration::from_millis).collect();
        assert_eq!(percentile(durations.clone(), 0.5), 100.0);
        assert_eq!(percentile(durations, 0.99), 198.0);
    }

    #[test]
    fn a_spread_has_its_ends_and_its_middle() {
        let spread = Spread::of(&[3.0, 1.0, 2.0], |figure| *figure);
        assert_eq!(spread.cell(0), "2 (1-3)");
    }
}
