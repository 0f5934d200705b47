/// How a visitor fared with a challenge; the numbers are those of the contract's `RiskAnalysis.Challenge`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChallengeOutcome {
    /// The site key has none.
    #[default]
    None = 0,
    /// There was no need of one.
    NoCaptcha = 1,
    /// Answered.
    Passed = 2,
    /// Not answered.
    Failed = 3,
}

impl ChallengeOutcome {
    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "CHALLENGE_UNSPECIFIED",
            Self::NoCaptcha => "NOCAPTCHA",
            Self::Passed => "PASSED",
            Self::Failed => "FAILED",
        }
    }

    /// What a byte stands for; one that no release wrote stands for none.
    pub(crate) const fn from_byte(byte: u8) -> Self {
        match byte {
            1 => Self::NoCaptcha,
            2 => Self::Passed,
            3 => Self::Failed,
            _ => Self::None,
        }
    }
}
