/// Why an operation did not happen.
///
/// A failed operation has left nothing behind, with one exception: after [`StoreError::Unavailable`] a write may have
/// reached the disk without the answer reaching the caller. For a token that means "perhaps spent".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A record with this id or this hash is there already.
    #[error("a record with this id or hash already exists")]
    AlreadyExists,
    /// There is no room for another record of its kind.
    #[error("there are {most} records of this kind already, which is the most")]
    Full {
        /// How many there may be.
        most: u32,
    },
    /// The record breaks a bound of the schema. A fault of the caller: the same call fails again.
    #[error("the record was rejected: {0}")]
    Rejected(String),
    /// A stored value cannot be read as what it should be. Other records are not affected.
    #[error("a stored record cannot be read: {0}")]
    Corrupt(String),
    /// More operations wait than the store will hold. Answer 503 and let the client come back.
    #[error("too many operations are waiting")]
    Overloaded,
    /// The backend cannot be reached or cannot write (disk full, locked, closed). The next operation tries again.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
}

impl StoreError {
    /// Whether the fault lies with the backend rather than with the record, so that a later call may succeed.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Overloaded | Self::Unavailable(_))
    }
}
