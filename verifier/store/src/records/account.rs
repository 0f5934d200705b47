use crate::{AccountHash, Millis};

/// An account's profile as it is read back. What is in it is the caller's; it must name nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptProfile {
    /// As it was written.
    pub profile: Vec<u8>,
    /// Which writing it is.
    pub revision: Revision,
}

/// A profile to be written over the one that it was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProfile {
    /// Whose.
    pub account: AccountHash,
    /// At most [`MAX_PROFILE_BYTES`].
    pub profile: Vec<u8>,
    /// The revision of the one that it was made from; none where there was none.
    pub over: Option<Revision>,
}

/// Tells writings of one profile apart: the time of the writing, or a millisecond after the one before if that is later. So
/// the revision of a profile that was forgotten does not come again with the account's next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Revision(pub Millis);

impl Revision {
    /// The one behind `over`, at `now`.
    #[must_use]
    pub fn next(over: Option<Self>, now: Millis) -> Self {
        Self(over.map_or(now, |over| now.max(over.0.after(1))))
    }
}

/// Whose visit an assessment is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountMark {
    /// The account.
    pub account: AccountHash,
    /// What of the visit a later annotation speaks about, as the caller writes it; at most [`MAX_VISIT_BYTES`].
    pub visit: Vec<u8>,
}

/// What [`Store::forget_account`](crate::Store::forget_account) erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Forgotten {
    /// Whether there was a profile.
    pub profile: bool,
    /// Assessments that named the account. They stay, without it.
    pub assessments: u64,
    /// Annotations that named it. They stay, without it.
    pub annotations: u64,
}

/// The largest profile in bytes.
pub const MAX_PROFILE_BYTES: usize = 1_024;

/// The most that an assessment keeps of the visit to an account, in bytes.
pub const MAX_VISIT_BYTES: usize = 64;
