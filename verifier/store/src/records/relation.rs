use crate::{GroupId, Millis, ProjectId, RelatedAccountId};

/// One call of [`Store::relate`](crate::Store::relate).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRelation {
    /// The project.
    pub project: ProjectId,
    /// Its account.
    pub account: RelatedAccountId,
    /// How the project names the account, in a form that the caller can read again; at most [`MAX_RELATED_NAME_BYTES`]. The
    /// first one is kept.
    pub name: Vec<u8>,
    /// What the account shares with others, as far as this call knows it. None to ask only.
    pub identifiers: Vec<SharedIdentifier>,
    /// The id of a group that comes into being by this call: random.
    pub fresh: GroupId,
    /// The time.
    pub now: Millis,
}

/// Something that accounts of a project may share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharedIdentifier {
    /// A keyed hash.
    pub id: [u8; 16],
    /// How many accounts it links at most. One that more have is common for good, and links nobody.
    pub most: u16,
}

/// An account's group, as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupStanding {
    /// The group.
    pub group: GroupId,
    /// How many accounts it has, at least 2.
    pub members: u32,
    /// How many of them were related to nobody a day ago.
    pub lately: u32,
}

/// An account in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The account.
    pub account: RelatedAccountId,
    /// Its name, as it was given first.
    pub name: Vec<u8>,
}

/// How many accounts a group has at most. Further ones that share something with them make a group of their own.
pub const MAX_GROUP_MEMBERS: u32 = 500;
/// How many identifiers of an account are remembered. Further ones are not.
pub const MAX_IDENTIFIERS: u32 = 16;
/// Largest name of an account, in bytes.
pub const MAX_RELATED_NAME_BYTES: usize = 1_152;
/// What [`GroupStanding::lately`] means, in milliseconds.
pub const LATELY_MS: u64 = 24 * 60 * 60_000;
