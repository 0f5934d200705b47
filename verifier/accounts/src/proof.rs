/// What an annotation proves about an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Proof {
    /// CORRECT_PASSWORD, PASSWORD_CORRECT. Who stuffs leaked passwords has the right one, too: it counts as history, and
    /// never makes a place trusted.
    PasswordRight,
    /// INCORRECT_PASSWORD, PASSWORD_INCORRECT.
    PasswordWrong,
    /// INITIATED_TWO_FACTOR. Until [`Proof::FactorPassed`] follows, it counts as failed.
    FactorStarted,
    /// PASSED_TWO_FACTOR. Makes the place trusted.
    FactorPassed,
    /// FAILED_TWO_FACTOR.
    FactorFailed,
    /// LEGITIMATE. Makes the place trusted.
    Legitimate,
    /// FRAUDULENT, and the reasons that say so: CHARGEBACK_FRAUD, REFUND_FRAUD, SOCIAL_SPAM. Takes all trust from the place.
    Fraudulent,
}

impl Proof {
    /// Whether the account's owner must have been there.
    pub(crate) fn is_of_owner(self) -> bool {
        matches!(self, Self::FactorPassed | Self::Legitimate)
    }
}
