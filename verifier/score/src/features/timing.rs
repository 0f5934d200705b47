use touchstone_protocol::{OtherKind, PointerKind, Report};

use crate::{Transport, record::record};

record! {
    /// When things happened, in milliseconds.
    Timing {
        /// From the page's first session to this report, by the server's clock.
        elapsed_ms: u32,
        /// From the first to the last event of a person's making.
        span_ms: u32,
        /// From the page's time origin to the last such event.
        last_ms: u32,
        /// The span without pauses of two seconds and more.
        active_ms: u32,
        /// Presses, keys and wheel turns: what a person does on purpose.
        deeds: u32,
    }
}

impl Timing {
    pub(crate) fn measure(report: &Report, transport: &Transport<'_>) -> Self {
        let mut times = Vec::with_capacity(report.len());
        times.extend(report.pointer.iter().map(|sample| sample.at));
        times.extend(report.keys.iter().map(|key| key.at));
        let wheels = || {
            report
                .other
                .iter()
                .filter(|sample| sample.kind == OtherKind::Wheel)
        };
        times.extend(wheels().map(|sample| sample.at));
        // Three sorted runs: a merge for the standard library's sort.
        times.sort();
        let gaps = times.windows(2).map(|pair| pair[1] - pair[0]);
        let active: u64 = gaps.filter(|gap| *gap < PAUSE).map(u64::from).sum();
        let (first, last) = (times.first().unwrap_or(&0), times.last().unwrap_or(&0));
        let presses = report
            .pointer
            .iter()
            .filter(|sample| sample.kind == PointerKind::Down);
        Self {
            elapsed_ms: transport.elapsed_ms,
            span_ms: (last - first) / 10,
            last_ms: last / 10,
            active_ms: (active / 10) as u32,
            deeds: (presses.count() + report.keys.len() + wheels().count()) as u32,
        }
    }
}

/// In units of 0.1 ms.
const PAUSE: u32 = 20_000;
