//! Facts of an ordinary visitor, and how tests change them.

use touchstone_protocol::Probe;

use super::Detector;
use crate::{Context, Facts, facts::Source, transport::sign};

pub(crate) type Change = fn(&mut Facts);

/// A person with mouse and keyboard in a desktop Chromium.
pub(crate) fn quiet() -> Facts {
    let mut facts = Facts::empty(Source::Measured);
    facts.surroundings.probes_no = (1 << Probe::ALL.len()) - 1;
    for probe in [
        Probe::AnyPointerFine,
        Probe::AnyHover,
        Probe::CoalescedEvents,
        Probe::RawUpdates,
    ] {
        set(&mut facts, probe);
    }
    facts.surroundings.signs = sign::X11;
    facts.surroundings.pixel_ratio = 1_000;
    facts.surroundings.clock_step_us = 100;
    facts.timing.elapsed_ms = 30_000;
    facts.timing.span_ms = 28_000;
    facts.timing.last_ms = 30_000;
    facts.timing.active_ms = 20_000;
    facts.timing.deeds = 50;
    facts.occasions.typed = 5;
    facts.occasions.clicks = 4;
    facts.occasions.focus_by_press = 4;
    facts.pipeline.moves = 400;
    facts.pipeline.fast = 80;
    facts.pipeline.coalesced = 6.6.into();
    facts.pipeline.raw_ratio = 6.5.into();
    facts.pipeline.phase = 1.0.into();
    facts.pipeline.latency = 2.5.into();
    facts.presses.count = 4;
    facts.presses.dwells = 4;
    facts.presses.dwell_log = 4.5.into();
    facts.presses.far = 3;
    facts.motion.strokes = 6;
    facts.motion.approaches = 3;
    facts.keys.count = 5;
    facts.keys.held = 5;
    facts
}

pub(crate) fn set(facts: &mut Facts, probe: Probe) {
    facts.surroundings.probes_yes |= 1 << probe as u8;
    facts.surroundings.probes_no &= !(1 << probe as u8);
}

pub(crate) fn clear(facts: &mut Facts, probe: Probe) {
    facts.surroundings.probes_no |= 1 << probe as u8;
    facts.surroundings.probes_yes &= !(1 << probe as u8);
}

/// Whether a detector has something to say of an ordinary visitor after a change.
pub(crate) fn found(detector: &Detector, change: Change) -> bool {
    let mut facts = quiet();
    change(&mut facts);
    (detector.judge)(&facts, &Context::default()).is_some()
}
