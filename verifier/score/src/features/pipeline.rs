use touchstone_protocol::{PointerDevice, PointerKind, PointerSample, Report};

use super::Moments;
use crate::record::{Half, record, saturate, share};

record! {
    /// How mouse moves reached the page. Nothing here depends on where they went.
    Pipeline {
        /// Mouse moves.
        moves: u16,
        /// Moves faster than [`FAST`], where hardware reports more often than frames are drawn.
        fast: u16,
        /// Mean number of hardware samples merged into a fast move.
        coalesced: Half,
        /// `pointerrawupdate` events per `pointermove`.
        raw_ratio: Half,
        /// Moves off the device's pixel grid.
        off_grid: u16,
        /// Moves and presses whose screen position does not fit the window's.
        shifted: u16,
        /// Share of moves that have the commonest of the ten sub-millisecond fractions.
        phase: Half,
        /// Mean milliseconds from event to handler.
        latency: Half,
        /// Share of moves handled in the millisecond of their making.
        instant: Half,
        /// Share of moves handled 12 to 18 ms after their making: one frame at 60 Hz.
        one_frame: Half,
    }
}

impl Pipeline {
    pub(crate) fn measure(report: &Report) -> Self {
        let mut coalesced = Moments::default();
        let mut latency = Moments::default();
        let (mut off_grid, mut shifted, mut instant, mut one_frame) = (0u16, 0u16, 0u16, 0u16);
        let mut phases = [0u16; 10];
        let mut last: Option<&PointerSample> = None;
        for sample in &report.pointer {
            if sample.device != PointerDevice::Mouse {
                last = None;
                continue;
            }
            shifted += u16::from(sample.shifted);
            if sample.kind != PointerKind::Move {
                continue;
            }
            if let Some(last) = last
                && is_fast(last, sample)
            {
                coalesced.add(f32::from(sample.coalesced));
            }
            latency.add(f32::from(sample.latency));
            off_grid += u16::from(sample.off_grid);
            instant += u16::from(sample.latency == 0);
            one_frame += u16::from((12..=18).contains(&sample.latency));
            phases[(sample.at % 10) as usize] += 1;
            last = Some(sample);
        }
        let moves = latency.count;
        let counters = &report.counters;
        let raw_ratio = counters.raw_updates as f32 / counters.moves.max(1) as f32;
        Self {
            moves,
            fast: coalesced.count,
            coalesced: coalesced.mean.into(),
            raw_ratio: raw_ratio.into(),
            off_grid,
            shifted: saturate(usize::from(shifted)),
            phase: share(phases.into_iter().max().unwrap_or(0), moves).into(),
            latency: latency.mean.into(),
            instant: share(instant, moves).into(),
            one_frame: share(one_frame, moves).into(),
        }
    }
}

fn is_fast(from: &PointerSample, to: &PointerSample) -> bool {
    let gap = to.at.saturating_sub(from.at);
    let distance = (to.x - from.x).abs().max((to.y - from.y).abs());
    (1..=500).contains(&gap) && distance as f32 >= FAST * gap as f32 / 10.0
}

/// In CSS pixels per millisecond.
const FAST: f32 = 0.5;
