use touchstone_protocol::{Measure, Probe, Report, State, fnv1a64};

use super::geometry;
use crate::{Transport, record::record};

record! {
    /// What is known of browser and request.
    Surroundings {
        /// Probes that found so, a bit each.
        probes_yes: u64,
        /// Probes that found not so, a bit each.
        probes_no: u64,
        /// Hash of the `User-Agent` header, 0 without one.
        agent_hash: u64,
        /// Bits of [`crate::transport::sign`].
        signs: u32,
        /// The same of the request that opened the session.
        session_signs: u32,
        /// Bits of [`crate::proofs::sign`].
        proofs: u8,
        /// Bits of [`geometry`].
        geometry: u8,
        /// Device pixel ratio in thousandths, 0 if unknown.
        pixel_ratio: u16,
        /// Smallest step of the event clock in microseconds, 0 if unknown.
        clock_step_us: u32,
        /// Touch points the device can tell apart.
        touch_points: u8,
    }
}

impl Surroundings {
    pub(crate) fn measure(report: &Report, transport: &Transport<'_>) -> Self {
        let environment = &report.environment;
        let bits = |state: State| {
            let found = Probe::ALL
                .iter()
                .filter(|probe| environment.probe(**probe) == state);
            found.fold(0u64, |bits, probe| bits | 1 << *probe as u8)
        };
        let number = |measure| environment.measure(measure).unwrap_or(0).max(0);
        let agent_hash = match transport.user_agent {
            "" => 0,
            agent => fnv1a64(agent.as_bytes()),
        };
        Self {
            probes_yes: bits(State::Yes),
            probes_no: bits(State::No),
            agent_hash,
            signs: transport.signs(
                environment.user_agent_hash,
                agent_hash,
                &environment.languages,
            ),
            session_signs: transport.session_signs(),
            proofs: transport.proofs.signs(report),
            geometry: geometry::bits(report),
            pixel_ratio: number(Measure::PixelRatio).min(i32::from(u16::MAX)) as u16,
            clock_step_us: number(Measure::ClockStep) as u32,
            touch_points: number(Measure::TouchPoints).min(255) as u8,
        }
    }
}
