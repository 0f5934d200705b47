/// What an event looks like beside its account's profile.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// Risk that somebody else has the account (of a registration: that it is no person's), 0 to 1, by the published table:
    /// 0.9 and more has 1 in 400 of good events. [`Findings::sum`] on that scale.
    pub risk: f32,
    /// The labels of the assessment.
    pub labels: Labels,
    /// Reasons for more risk, without repetition.
    pub risk_reasons: Vec<RiskReason>,
    /// Reasons for less.
    pub trust_reasons: Vec<TrustReason>,
    /// The terms of the sum, by name. Terms of no weight are left out.
    pub contributions: Vec<Contribution>,
    /// Whether the account has a past and knows neither network nor region nor environment, and this is not one of many tries:
    /// to be counted for [`crate::Crowd::strangers_of_site`].
    pub is_stranger: bool,
}

/// What `accountDefenderAssessment.labels` can say, but for RELATED_ACCOUNTS_NUMBER_HIGH, which a profile does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Labels {
    /// PROFILE_MATCH: proof said before that the owner uses this environment and this network.
    pub profile_match: bool,
    /// SUSPICIOUS_LOGIN_ACTIVITY: ask for a second factor.
    pub suspicious_login_activity: bool,
    /// SUSPICIOUS_ACCOUNT_CREATION: this registration, or, for a month unless something speaks for it, this account's.
    pub suspicious_account_creation: bool,
}

/// `AccountRiskReason.RiskReason` of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RiskReason {
    /// CLIENT_HISTORICAL_BOT_ACTIVITY
    ClientHistoricalBotActivity,
    /// ACCOUNT_IN_LARGE_RELATED_GROUP
    AccountInLargeRelatedGroup,
    /// CLIENT_ACCESSED_MANY_ACCOUNTS
    ClientAccessedManyAccounts,
    /// DISPOSABLE_EMAIL_DOMAIN
    DisposableEmailDomain,
}

/// `AccountTrustReason.TrustReason` of the contract, but for the two of an identity's history: other sites' visits and lists
/// of addresses are not kept here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TrustReason {
    /// PROFILE_MATCH
    ProfileMatch,
    /// ACCOUNT_HISTORY_REPUTABLE
    AccountHistoryReputable,
}

/// A term of the sum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contribution {
    /// What was found.
    pub name: &'static str,
    /// Log-odds; above 0 speaks for a stranger, below for the owner.
    pub weight: f32,
}

impl Findings {
    /// The sum of all contributions.
    pub fn sum(&self) -> f32 {
        sum(&self.contributions)
    }
}

pub(crate) fn sum(contributions: &[Contribution]) -> f32 {
    // Of no terms, 0 and not -0.
    contributions
        .iter()
        .fold(0.0, |sum, term| sum + term.weight)
}
