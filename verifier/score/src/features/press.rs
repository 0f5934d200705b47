use touchstone_protocol::{OtherKind, PointerDevice, PointerKind, PointerSample, Press, Report};

use super::Moments;
use crate::record::{Half, record};

record! {
    /// Presses of the mouse's buttons.
    Presses {
        /// How many.
        count: u16,
        /// Those with pressure 0, where the Pointer Events specification asks for 0.5.
        pressureless: u16,
        /// Those whose release was seen.
        dwells: u16,
        /// Those released within 10 ms.
        short_dwells: u16,
        /// Mean natural logarithm of 1 + dwell in milliseconds.
        dwell_log: Half,
        /// Those whose target could be measured and is 8 pixels or larger either way.
        measured: u16,
        /// Those within half a pixel of the target's centre both ways.
        centred: u16,
        /// Those more than 100 pixels from where the mouse had been known before.
        far: u16,
        /// Far ones with fewer than three moves since.
        unapproached: u16,
    }
}

impl Presses {
    pub(crate) fn measure(report: &Report) -> Self {
        let mut presses = Self::default();
        let mut dwell = Moments::default();
        let mut track = Track::default();
        let mut down_at = None;
        let mut breaks = breaks(report);
        let mut next_break = breaks.next();
        for sample in &report.pointer {
            while let Some(at) = next_break.filter(|at| *at <= sample.at) {
                track.lose();
                // A break takes the release with it, too.
                down_at = down_at.filter(|down| *down > at);
                next_break = breaks.next();
            }
            if sample.device != PointerDevice::Mouse {
                track.lose();
                continue;
            }
            match sample.kind {
                PointerKind::Move => track.moves += 1,
                PointerKind::Down => {
                    presses.count += 1;
                    presses.pressureless += u16::from(sample.pressure == 0);
                    presses.add_target(sample.press);
                    presses.add_approach(&track, sample);
                    track.settle(sample);
                    down_at = Some(sample.at);
                }
                PointerKind::Up => {
                    if let Some(down) = down_at.take() {
                        let held = sample.at.saturating_sub(down) as f32 / 10.0;
                        dwell.add((1.0 + held).ln());
                        presses.short_dwells += u16::from(held < 10.0);
                    }
                    track.settle(sample);
                }
                PointerKind::Cancel | PointerKind::Enter | PointerKind::Leave => track.lose(),
            }
        }
        presses.dwells = dwell.count;
        presses.dwell_log = dwell.mean.into();
        presses
    }

    fn add_target(&mut self, press: Option<Press>) {
        let Some(press) = press.filter(|press| press.width >= 8 && press.height >= 8) else {
            return;
        };
        self.measured += 1;
        self.centred += u16::from(press.dx.abs() <= 1 && press.dy.abs() <= 1);
    }

    fn add_approach(&mut self, track: &Track, sample: &PointerSample) {
        let Some((x, y)) = track.from else { return };
        if (sample.x - x).abs().max((sample.y - y).abs()) > 100 {
            self.far += 1;
            self.unapproached += u16::from(track.moves < 3);
        }
    }
}

/// Where the mouse was at the last press or release, and how often it moved since.
#[derive(Default)]
struct Track {
    from: Option<(i32, i32)>,
    moves: u32,
}

impl Track {
    fn settle(&mut self, sample: &PointerSample) {
        *self = Self {
            from: Some((sample.x, sample.y)),
            moves: 0,
        };
    }

    fn lose(&mut self) {
        *self = Self::default();
    }
}

/// Moments after which the mouse may be anywhere: another window or tab was in front, the page came back.
fn breaks(report: &Report) -> impl Iterator<Item = u32> {
    let is_break = |kind| {
        matches!(
            kind,
            OtherKind::Visible
                | OtherKind::Hidden
                | OtherKind::WindowFocus
                | OtherKind::WindowBlur
                | OtherKind::PageShow
                | OtherKind::Resize
        )
    };
    report
        .other
        .iter()
        .filter(move |sample| is_break(sample.kind))
        .map(|sample| sample.at)
}
