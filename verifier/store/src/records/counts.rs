use crate::Day;

/// What is counted of one site key, in the order of days.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Valid assessments, by day, action and score.
    pub scores: Vec<ScoreCount>,
    /// Challenges, by day.
    pub challenges: Vec<(Day, ChallengeCounts)>,
}

/// Valid assessments of one day, action and score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreCount {
    /// The day.
    pub day: Day,
    /// The action; empty if none was given, or if the day has [`MAX_COUNTED_ACTIONS`] others: in SQLite those that came
    /// before, in Redis the most frequent.
    pub action: String,
    /// The score times 100, rounded: 0 to 100.
    pub bucket: u8,
    /// How many.
    pub count: u64,
}

/// How challenges went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChallengeCounts {
    /// Pages that loaded the widget.
    pub page_loads: u32,
    /// Visitors who were not asked.
    pub no_captcha: u32,
    /// Challenges that were not solved.
    pub failed: u32,
    /// Challenges that were solved.
    pub passed: u32,
}

/// How the challenge of one token went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChallengeOutcome {
    /// The visitor was not asked.
    NoCaptcha,
    /// Not solved.
    Failed,
    /// Solved.
    Passed,
}

impl From<ChallengeOutcome> for ChallengeCounts {
    fn from(outcome: ChallengeOutcome) -> Self {
        let mut counts = Self::default();
        match outcome {
            ChallengeOutcome::NoCaptcha => counts.no_captcha = 1,
            ChallengeOutcome::Failed => counts.failed = 1,
            ChallengeOutcome::Passed => counts.passed = 1,
        }
        counts
    }
}

/// Actions that are told apart on one day of a site key. Their names come from pages, so somebody may invent them.
pub const MAX_COUNTED_ACTIONS: u32 = 100;
