use std::borrow::Cow;

use crate::Score;

/// What [`evaluate`](crate::evaluate()) answers: a score, and every term of the sum it was read from.
#[derive(Debug, Clone, PartialEq)]
pub struct Evaluation {
    /// Every finding, those that the rules left without weight included, strongest effect first.
    pub evidence: Vec<Evidence>,
    /// The sum before any finding, in log-odds (natural logarithm) of a person against a bot.
    pub prior: f32,
    /// `prior` plus the effective weights of all `evidence`, added in that order.
    pub sum: f32,
    /// The level of the logistic function of `sum`.
    pub score: Score,
    /// Why, strongest first, each once.
    pub reasons: Vec<Reason>,
}

/// One finding, with what it weighs.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The detector that found it.
    pub name: &'static str,
    /// What lies behind it. Findings of one cause are not independent.
    pub cause: Cause,
    /// How much it may do.
    pub tier: Tier,
    /// What it adds to the sum after the rules, in log-odds; negative speaks for a bot.
    pub weight: f32,
    /// What the detector gave it before the rules.
    pub raw_weight: f32,
    /// The reason code it stands for; none for evidence of a person.
    pub reason: Option<Reason>,
    /// The numbers it rests on, in words that a person can check.
    pub detail: Cow<'static, str>,
}

/// How much a finding may do to the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tier {
    /// Near-zero false positives: may alone push the score to 0.1 or below.
    A,
    /// Two of different causes are needed before the score goes below 0.5.
    B,
    /// Context: only ever supports another finding, and the sum of all of them is capped.
    C,
    /// The behaviour model: may alone go to 0.3, never lower.
    M,
}

/// What lies behind a finding. Of one cause, only the strongest finding counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// There is no report, or not one that a browser could have made.
    Report,
    /// A driver or a headless browser says so itself.
    Driver,
    /// The request did not come the way browsers send it.
    Transport,
    /// Two places name two different browsers.
    Identity,
    /// There is no layout engine, or another's answer.
    Layout,
    /// Native functions were replaced.
    Tampering,
    /// Window, screen and event coordinates do not belong together.
    Geometry,
    /// Input from a device that the browser says is not there.
    Pointing,
    /// Fields of events that a real device fills otherwise.
    EventFields,
    /// How pointer events reach the page: merged, on the pixel grid, at which moments, how late.
    InputPipeline,
    /// Presses made by software.
    ClickSynthesis,
    /// Keys made by software.
    KeySynthesis,
    /// Text that no key accounts for.
    TextEntry,
    /// Focus and scroll positions that move by themselves.
    Navigation,
    /// Faster than people, or than the clock.
    Timing,
    /// More from one source than people make.
    Traffic,
    /// A price on volume was not paid.
    Price,
    /// A challenge was passed.
    Challenge,
    /// The same input as in an earlier visit.
    Replay,
    /// How the pointer moves.
    Movement,
    /// How keys are struck.
    Typing,
    /// How like people both are together.
    Fusion,
    /// How much there was to judge.
    Interaction,
}

/// The reason codes of the public contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The interaction matches an automated agent.
    Automation,
    /// The event came from an environment that is not legitimate.
    UnexpectedEnvironment,
    /// More traffic than normal from the source.
    TooMuchTraffic,
    /// The interaction differs from what is expected.
    UnexpectedUsagePatterns,
    /// Too little was seen to be sure.
    LowConfidenceScore,
}

impl Reason {
    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Automation => "AUTOMATION",
            Self::UnexpectedEnvironment => "UNEXPECTED_ENVIRONMENT",
            Self::TooMuchTraffic => "TOO_MUCH_TRAFFIC",
            Self::UnexpectedUsagePatterns => "UNEXPECTED_USAGE_PATTERNS",
            Self::LowConfidenceScore => "LOW_CONFIDENCE_SCORE",
        }
    }
}

impl Tier {
    /// The letter.
    pub const fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::M => "M",
        }
    }
}

impl Cause {
    /// The name in answers and documentation.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Driver => "driver",
            Self::Transport => "transport",
            Self::Identity => "identity",
            Self::Layout => "layout",
            Self::Tampering => "tampering",
            Self::Geometry => "geometry",
            Self::Pointing => "pointing",
            Self::EventFields => "event-fields",
            Self::InputPipeline => "input-pipeline",
            Self::ClickSynthesis => "click-synthesis",
            Self::KeySynthesis => "key-synthesis",
            Self::TextEntry => "text-entry",
            Self::Navigation => "navigation",
            Self::Timing => "timing",
            Self::Traffic => "traffic",
            Self::Price => "price",
            Self::Challenge => "challenge",
            Self::Replay => "replay",
            Self::Movement => "movement",
            Self::Typing => "typing",
            Self::Fusion => "fusion",
            Self::Interaction => "interaction",
        }
    }
}
