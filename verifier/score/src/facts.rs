use touchstone_protocol::{PlainReason, Probe, State};

use crate::{
    features::{
        Keys, Motion, Occasions, Pipeline, Presses, Rhythm, Scrolling, Surroundings, Timing,
        geometry,
    },
    record::Column,
};

/// All that is kept of a report: probes, counts and features, quantised. No position, no time stamp, no key.
///
/// Travels in the token as [`Facts::BYTES`] bytes, whatever was measured, so that a token's length tells nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    pub(crate) source: Source,
    pub(crate) surroundings: Surroundings,
    pub(crate) timing: Timing,
    pub(crate) occasions: Occasions,
    pub(crate) pipeline: Pipeline,
    pub(crate) presses: Presses,
    pub(crate) keys: Keys,
    pub(crate) scrolling: Scrolling,
    pub(crate) motion: Motion,
    pub(crate) rhythm: Rhythm,
}

/// What a report says of the visitor's screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// Device pixels of a CSS pixel in thousandths, 0 if unknown.
    pub pixel_ratio: u16,
    /// Touch points that the device can tell apart.
    pub touch_points: u8,
}

/// Where the facts come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// A report that a browser can have made.
    Measured,
    /// The browser could not run the agent.
    Unmeasured(PlainReason),
    /// There was no agent: an express assessment.
    Request,
    /// Another release measured them, in a format that this one does not read.
    Unreadable,
    /// There was no report, or it contradicts itself.
    Impossible,
}

/// Why bytes are no facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FactsError {
    /// The first byte names a layout this build does not read.
    #[error("facts of version {0} are not known")]
    Version(u8),
    /// Fewer or more bytes than the layout has.
    #[error("facts have another length")]
    Length,
    /// The source is none of the known ones.
    #[error("the source of the facts is not known")]
    Source,
    /// A feature is infinite or no number.
    #[error("a feature is not finite")]
    NotFinite,
}

impl Facts {
    /// Length of the encoded form in bytes.
    pub const BYTES: usize = 2
        + Surroundings::BYTES
        + Timing::BYTES
        + Occasions::BYTES
        + Pipeline::BYTES
        + Presses::BYTES
        + Keys::BYTES
        + Scrolling::BYTES
        + Motion::BYTES
        + Rhythm::BYTES;

    /// The facts of a plain report: the agent could not run. Scores 0.1 with LOW_CONFIDENCE_SCORE.
    pub fn unmeasured(reason: PlainReason) -> Self {
        Self::empty(Source::Unmeasured(reason))
    }

    /// The facts of a report that is absent, does not open, or that no browser can have made. Scores 0.0.
    pub fn impossible() -> Self {
        Self::empty(Source::Impossible)
    }

    /// Stands for facts that [`Facts::decode`] does not read, in a token that opened: a replica of another release issued it.
    /// Scores 0.5 with LOW_CONFIDENCE_SCORE, because the visitor is not to blame and nothing is known.
    pub fn unreadable() -> Self {
        Self::empty(Source::Unreadable)
    }

    /// Whether the agent could not run in the browser (the token property `clientSignalsFailed`).
    pub fn is_unmeasured(&self) -> bool {
        matches!(self.source, Source::Unmeasured(_))
    }

    /// What kind of screen it is; none where nothing was measured.
    pub fn screen(&self) -> Option<Screen> {
        (self.source == Source::Measured).then_some(Screen {
            pixel_ratio: self.surroundings.pixel_ratio,
            touch_points: self.surroundings.touch_points,
        })
    }

    /// The bytes a token carries: version, source, and the groups in their fixed layout, little-endian.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(Self::BYTES);
        out.push(VERSION);
        out.push(self.source.byte());
        self.surroundings.write(&mut out);
        self.timing.write(&mut out);
        self.occasions.write(&mut out);
        self.pipeline.write(&mut out);
        self.presses.write(&mut out);
        self.keys.write(&mut out);
        self.scrolling.write(&mut out);
        self.motion.write(&mut out);
        self.rhythm.write(&mut out);
        out
    }

    /// Reads what [`Facts::encode`] wrote. Errors: another version or length, an unknown source, a feature that is not finite.
    pub fn decode(bytes: &[u8]) -> Result<Self, FactsError> {
        let mut input = bytes;
        let version = u8::read(&mut input)?;
        if version != VERSION {
            return Err(FactsError::Version(version));
        }
        let facts = Self {
            source: Source::from_byte(u8::read(&mut input)?)?,
            surroundings: Surroundings::read(&mut input)?,
            timing: Timing::read(&mut input)?,
            occasions: Occasions::read(&mut input)?,
            pipeline: Pipeline::read(&mut input)?,
            presses: Presses::read(&mut input)?,
            keys: Keys::read(&mut input)?,
            scrolling: Scrolling::read(&mut input)?,
            motion: Motion::read(&mut input)?,
            rhythm: Rhythm::read(&mut input)?,
        };
        if input.is_empty() {
            Ok(facts)
        } else {
            Err(FactsError::Length)
        }
    }

    /// Every column by name, as the number that is scored: for the trainer, the bench and tools. Bit sets are numbers, too.
    pub fn columns(&self) -> Vec<(&'static str, f32)> {
        let mut out = Vec::with_capacity(128);
        self.surroundings.columns(&mut out);
        self.timing.columns(&mut out);
        self.occasions.columns(&mut out);
        self.pipeline.columns(&mut out);
        self.presses.columns(&mut out);
        self.keys.columns(&mut out);
        self.scrolling.columns(&mut out);
        self.motion.columns(&mut out);
        self.rhythm.columns(&mut out);
        out
    }

    pub(crate) fn empty(source: Source) -> Self {
        Self {
            source,
            surroundings: Surroundings::default(),
            timing: Timing::default(),
            occasions: Occasions::default(),
            pipeline: Pipeline::default(),
            presses: Presses::default(),
            keys: Keys::default(),
            scrolling: Scrolling::default(),
            motion: Motion::default(),
            rhythm: Rhythm::default(),
        }
    }

    /// What a probe found; [`State::Unmeasured`] stands for every way of not knowing.
    pub(crate) fn probe(&self, probe: Probe) -> State {
        let bit = 1u64 << probe as u8;
        if self.surroundings.probes_yes & bit != 0 {
            State::Yes
        } else if self.surroundings.probes_no & bit != 0 {
            State::No
        } else {
            State::Unmeasured
        }
    }

    pub(crate) fn yes(&self, probe: Probe) -> bool {
        self.probe(probe) == State::Yes
    }

    pub(crate) fn no(&self, probe: Probe) -> bool {
        self.probe(probe) == State::No
    }

    pub(crate) fn sign(&self, sign: u32) -> bool {
        self.surroundings.signs & sign != 0
    }

    /// The same of the request that opened the session.
    pub(crate) fn session_sign(&self, sign: u32) -> bool {
        self.surroundings.session_signs & sign != 0
    }

    pub(crate) fn shows(&self, proof: u8) -> bool {
        self.surroundings.proofs & proof != 0
    }

    pub(crate) fn geometry(&self, bit: u8) -> bool {
        self.surroundings.geometry & bit != 0
    }

    /// Whether coordinates are told in CSS pixels that map to whole device pixels: no page zoom, a ratio of 1 or 2.
    pub(crate) fn whole_pixels(&self) -> bool {
        matches!(self.surroundings.pixel_ratio, 1_000 | 2_000)
            && !self.geometry(geometry::VIEWPORT_CHANGED)
    }

    /// Whether the browser blurs its clock against fingerprinting: then no timing check has a say.
    pub(crate) fn clock_is_blurred(&self) -> bool {
        self.surroundings.clock_step_us >= BLURRED_CLOCK_US
    }

    /// Whether clicks come from a screen reader, a switch or the keyboard as far as anyone can tell: then a press needs no
    /// pointer path, no dwell, and lands where the software puts it.
    pub(crate) fn presses_may_be_assisted(&self) -> bool {
        let occasions = &self.occasions;
        occasions.assisted_clicks.saturating_mul(2) >= occasions.clicks.max(1)
            || occasions.focus_by_key > occasions.focus_by_press
    }

    /// Whether a virtual keyboard may be in use: it names no keys.
    pub(crate) fn has_touch(&self) -> bool {
        self.surroundings.touch_points > 0
            || self.yes(Probe::AnyPointerCoarse)
            || self.occasions.touches > 0
    }
}

impl Source {
    fn byte(self) -> u8 {
        match self {
            Self::Measured => 0,
            Self::Unmeasured(PlainReason::NoWasm) => 1,
            Self::Unmeasured(PlainReason::WasmRefused) => 2,
            Self::Unmeasured(PlainReason::NotLoaded) => 3,
            Self::Unmeasured(PlainReason::Failed) => 4,
            Self::Request => 253,
            Self::Unreadable => 254,
            Self::Impossible => 255,
        }
    }

    fn from_byte(byte: u8) -> Result<Self, FactsError> {
        Ok(match byte {
            0 => Self::Measured,
            1 => Self::Unmeasured(PlainReason::NoWasm),
            2 => Self::Unmeasured(PlainReason::WasmRefused),
            3 => Self::Unmeasured(PlainReason::NotLoaded),
            4 => Self::Unmeasured(PlainReason::Failed),
            253 => Self::Request,
            254 => Self::Unreadable,
            255 => Self::Impossible,
            _ => return Err(FactsError::Source),
        })
    }
}

const VERSION: u8 = 4;
/// Tor Browser and Firefox with `resistFingerprinting` round to 16.7 ms and more.
const BLURRED_CLOCK_US: u32 = 16_000;
/// Bytes that a token has room for: `MAX_FACTS_BYTES` of the token crate, which this crate does not know. Longer facts could
/// not be issued.
const TOKEN_ROOM: usize = 384;
const _: () = assert!(Facts::BYTES <= TOKEN_ROOM);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn facts_come_back_as_they_went() {
        for facts in [
            Facts::impossible(),
            Facts::unreadable(),
            Facts::unmeasured(PlainReason::WasmRefused),
            crate::detectors::quiet(),
        ] {
            let bytes = facts.encode();
            assert_eq!(bytes.len(), Facts::BYTES);
            assert_eq!(Facts::decode(&bytes), Ok(facts));
        }
    }

    #[test]
    fn another_version_or_length_is_refused() {
        let mut bytes = Facts::impossible().encode();
        assert_eq!(
            Facts::decode(&bytes[..Facts::BYTES - 1]),
            Err(FactsError::Length)
        );
        bytes.push(0);
        assert_eq!(Facts::decode(&bytes), Err(FactsError::Length));
        bytes[0] = VERSION + 1;
        assert_eq!(Facts::decode(&bytes), Err(FactsError::Version(VERSION + 1)));
        assert_eq!(Facts::decode(&[]), Err(FactsError::Length));
    }

    proptest! {
        #[test]
        fn any_bytes_are_facts_that_come_back_or_an_error(
            mut bytes in proptest::collection::vec(any::<u8>(), Facts::BYTES)
        ) {
            bytes[0] = VERSION;
            bytes[1] = 0;
            if let Ok(facts) = Facts::decode(&bytes) {
                prop_assert_eq!(facts.encode(), bytes);
                prop_assert!(facts.columns().iter().all(|(_, value)| value.is_finite()));
            }
        }
    }
}
