//! The keys that all verifiers of a store share, as the verifiers wrapped them: one value, replaced whole.

use super::{RedisStore, forms::number, link::Call, scripts};
use crate::StoreError;

/// Key material that only its key-encryption key opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKeys {
    /// Rises with every replacement, from 1.
    pub revision: u64,
    /// What was kept.
    pub bytes: Vec<u8>,
}

impl RedisStore {
    /// The wrapped keys; none in a store that has not been given any.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Overloaded`].
    pub async fn wrapped_keys(&self) -> Result<Option<WrappedKeys>, StoreError> {
        let call = Call::read("HMGET")
            .key(self.names.wrapped_keys())
            .arg("revision")
            .arg("bytes");
        let kept: (Option<Vec<u8>>, Option<Vec<u8>>) = self.link.call(call).await?;
        let (Some(revision), Some(bytes)) = kept else {
            return Ok(None);
        };
        let revision = number(&revision)?;
        Ok(Some(WrappedKeys { revision, bytes }))
    }

    /// Puts wrapped keys in the place of those of revision `before` (`None`: of none at all). `false`, and no change, when
    /// others are there: of several that replace the same ones at once, one does.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] (perhaps replaced) or [`StoreError::Overloaded`].
    pub async fn replace_wrapped_keys(
        &self,
        before: Option<u64>,
        bytes: Vec<u8>,
    ) -> Result<bool, StoreError> {
        let before = before.unwrap_or(0);
        let name = self.names.wrapped_keys();
        let call = Call::run(&scripts::REPLACE_KEYS)
            .key(self.names.answer(&name, self.link.attempt()))
            .key(name)
            .number(before)
            .number(before + 1)
            .arg(bytes);
        self.link.call(call).await.map(super::is_yes)
    }
}
