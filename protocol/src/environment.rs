use alloc::{string::String, vec::Vec};

use serde::Deserialize;
#[cfg(feature = "inspect")]
use serde::Serialize;

use crate::{DecodeError, wire};

/// What the sources read from the browser, without judging it.
///
/// Probes have one of five [`State`]s; measures are numbers or absent. Both are arrays indexed by their enum: a newer
/// agent appends, an older verifier ignores what it does not know.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Environment {
    probes: Vec<State>,
    measures: Vec<Option<i32>>,
    /// [`crate::fnv1a64`] of `navigator.userAgent`, 0 if it could not be read.
    pub user_agent_hash: u64,
    /// `navigator.languages` joined by commas, cut to 128 bytes. The browser sends the same list in
    /// `Accept-Language`; only the agreement is judged.
    pub languages: String,
}

impl Environment {
    /// Nothing measured yet but who the browser says it is.
    pub fn new(user_agent_hash: u64, languages: String) -> Self {
        Self {
            user_agent_hash,
            languages,
            ..Self::default()
        }
    }

    /// The state of one probe; [`State::Unmeasured`] if the agent did not send it.
    pub fn probe(&self, probe: Probe) -> State {
        self.probes.get(probe as usize).copied().unwrap_or_default()
    }

    /// Notes what a source found.
    pub fn set_probe(&mut self, probe: Probe, state: State) {
        grow_to(&mut self.probes, probe as usize, State::Unmeasured);
        if let Some(slot) = self.probes.get_mut(probe as usize) {
            *slot = state;
        }
    }

    /// One number; `None` if the browser does not have it or the agent did not send it.
    pub fn measure(&self, measure: Measure) -> Option<i32> {
        self.measures.get(measure as usize).copied().flatten()
    }

    /// Notes a number that a source read.
    pub fn set_measure(&mut self, measure: Measure, value: i32) {
        grow_to(&mut self.measures, measure as usize, None);
        if let Some(slot) = self.measures.get_mut(measure as usize) {
            *slot = Some(value);
        }
    }

    /// Forgets a number: what it told of is no longer there.
    pub fn forget_measure(&mut self, measure: Measure) {
        if let Some(slot) = self.measures.get_mut(measure as usize) {
            *slot = None;
        }
    }

    pub(crate) fn write(&self, out: &mut wire::Writer) {
        out.length(self.probes.len());
        for state in &self.probes {
            out.byte(*state as u8);
        }
        out.length(self.measures.len());
        for measure in &self.measures {
            out.byte(measure.is_some().into());
            if let Some(value) = measure {
                out.signed(*value);
            }
        }
        out.number(self.user_agent_hash);
        out.bytes(cut(&self.languages).as_bytes());
    }

    pub(crate) fn from_wire(wire: Wire<'_>) -> Result<Self, DecodeError> {
        if wire.probes.len() > MAX_ENTRIES || wire.measures.len() > MAX_ENTRIES {
            return Err(DecodeError::TooLarge("the environment"));
        }
        if wire.languages.len() > MAX_LANGUAGES_BYTES {
            return Err(DecodeError::TooLarge("the list of languages"));
        }
        let probes = wire.probes.iter().map(|byte| State::from_byte(*byte));
        Ok(Self {
            probes: probes.collect::<Result<_, _>>()?,
            measures: wire.measures,
            user_agent_hash: wire.user_agent_hash,
            languages: wire.languages.into(),
        })
    }
}

/// What a probe found. "Not there" and "could not look" are states of their own, never exceptions and never "no".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(
    feature = "inspect",
    derive(Serialize),
    serde(rename_all = "kebab-case")
)]
#[repr(u8)]
pub enum State {
    /// The agent did not look (yet).
    #[default]
    Unmeasured = 0,
    /// Looked: not so.
    No = 1,
    /// Looked: so.
    Yes = 2,
    /// The browser does not have what the probe reads.
    Unsupported = 3,
    /// Reading it failed, for example because a policy forbids it.
    Failed = 4,
}

impl State {
    /// The state of a byte of the wire format. Errors: there is none.
    pub fn from_byte(byte: u8) -> Result<Self, DecodeError> {
        Ok(match byte {
            0 => Self::Unmeasured,
            1 => Self::No,
            2 => Self::Yes,
            3 => Self::Unsupported,
            4 => Self::Failed,
            _ => return Err(DecodeError::Impossible("a probe's state")),
        })
    }
}

impl From<bool> for State {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

macro_rules! indexed {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $label:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// Every one, in the order of the wire format. New ones are appended, none is ever removed.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name in samples, tools and documentation.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }
        }
    };
}

indexed! {
    /// A yes-or-no question to the browser.
    Probe {
        /// `navigator.webdriver` of the page is true (WebDriver, section 4 "Interface").
        Webdriver = "webdriver",
        /// The same in a fresh same-origin iframe, where a page script has not replaced it.
        FrameWebdriver = "frame-webdriver",
        /// The page's user agent contains `HeadlessChrome`.
        HeadlessAgent = "headless-agent",
        /// A worker's user agent contains `HeadlessChrome`.
        WorkerHeadless = "worker-headless",
        /// A global variable that only a driver leaves behind exists.
        DriverGlobals = "driver-globals",
        /// A native function does not print as native when asked by a fresh iframe's `Function.prototype.toString`.
        NativePatched = "native-patched",
        /// `webdriver` is an own property of `navigator`, or its getter on the prototype is not native.
        WebdriverPatched = "webdriver-patched",
        /// The user agent of the iframe differs from the page's.
        FrameMismatch = "frame-mismatch",
        /// User agent, languages or processor count of a worker differ from the page's.
        WorkerMismatch = "worker-mismatch",
        /// Media query `any-pointer: fine`.
        AnyPointerFine = "any-pointer-fine",
        /// Media query `any-pointer: coarse`.
        AnyPointerCoarse = "any-pointer-coarse",
        /// Media query `any-hover: hover`.
        AnyHover = "any-hover",
        /// Media query `prefers-reduced-motion: reduce`.
        ReducedMotion = "reduced-motion",
        /// The browser has `PointerEvent.getCoalescedEvents`.
        CoalescedEvents = "coalesced-events",
        /// The browser sends `pointerrawupdate` (secure contexts only).
        RawUpdates = "raw-updates",
        /// The page is a secure context.
        SecureContext = "secure-context",
        /// The page is itself inside another page.
        Framed = "framed",
        /// `window.chrome` exists.
        ChromeObject = "chrome-object",
        /// The challenge's fragment has no layout, although the page was visible and drew frames for 3 s. No: it has, and the
        /// report states the sizes; or the page removed it. Unsupported: it was not answered yet, for example in a hidden tab. Failed: it could not be
        /// made or observed.
        LayoutMissing = "layout-missing",
        /// A browser with client hints states no version in the high-entropy ones (User-Agent Client Hints, section 4.1.2
        /// `getHighEntropyValues`): what is left of them where the user agent was overridden. Their values are not sent.
        HintsEmpty = "hints-empty",
        /// An error that a worker wrote to its console was turned into text at once: somebody listens to the console, a driver
        /// or the developer tools.
        ConsoleHeard = "console-heard",
        /// `navigator.platform` and the user agent name different operating systems.
        PlatformMismatch = "platform-mismatch",
    }
}

indexed! {
    /// A number read from the browser.
    Measure {
        /// `devicePixelRatio`, in thousandths.
        PixelRatio = "pixel-ratio",
        /// `innerWidth` in CSS pixels.
        InnerWidth = "inner-width",
        /// `innerHeight` in CSS pixels.
        InnerHeight = "inner-height",
        /// `outerWidth` in screen pixels.
        OuterWidth = "outer-width",
        /// `outerHeight` in screen pixels.
        OuterHeight = "outer-height",
        /// `screen.width`.
        ScreenWidth = "screen-width",
        /// `screen.height`.
        ScreenHeight = "screen-height",
        /// `navigator.maxTouchPoints`.
        TouchPoints = "touch-points",
        /// `navigator.hardwareConcurrency`.
        Processors = "processors",
        /// Minutes as `Date.getTimezoneOffset` gives them.
        TimeZoneOffset = "time-zone-offset",
        /// Width of a classic scrollbar in CSS pixels; 0 for overlay scrollbars, none where the page does not scroll.
        Scrollbar = "scrollbar",
        /// Smallest step seen of the event clock, in microseconds: 5, 100, 1000, or more where fingerprinting is resisted.
        ClockStep = "clock-step",
        /// First told box of the challenge's fragment: width x 65,536 + height in whole CSS pixels, each below 32,768.
        Box0 = "box-0",
        /// Second told box.
        Box1 = "box-1",
        /// Third told box.
        Box2 = "box-2",
        /// Fourth told box.
        Box3 = "box-3",
    }
}

#[derive(Deserialize)]
pub(crate) struct Wire<'a> {
    probes: Vec<u8>,
    measures: Vec<Option<i32>>,
    user_agent_hash: u64,
    #[serde(borrow)]
    languages: &'a str,
}

#[cfg(feature = "inspect")]
impl Serialize for Environment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(None)?;
        for probe in Probe::ALL {
            map.serialize_entry(probe.name(), &self.probe(*probe))?;
        }
        for measure in Measure::ALL {
            map.serialize_entry(measure.name(), &self.measure(*measure))?;
        }
        map.serialize_entry("languages", &self.languages)?;
        map.end()
    }
}

fn grow_to<T: Clone>(list: &mut Vec<T>, index: usize, filler: T) {
    if list.len() <= index {
        list.resize(index + 1, filler);
    }
}

fn cut(languages: &str) -> &str {
    let mut end = languages.len().min(MAX_LANGUAGES_BYTES);
    while !languages.is_char_boundary(end) {
        end -= 1;
    }
    languages.get(..end).unwrap_or_default()
}

/// Longest list of languages in bytes.
pub const MAX_LANGUAGES_BYTES: usize = 128;
/// Room for probes and measures of agents to come.
const MAX_ENTRIES: usize = 64;
