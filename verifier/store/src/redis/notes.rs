//! Notes that verifiers leave for each other: small, replaced every second, and worth nothing soon after.

use super::{RedisStore, link::Call};
use crate::StoreError;

/// Who leaves notes: random for each process.
pub type NoteWriter = [u8; 16];

impl RedisStore {
    /// Leaves a note in the place of this writer's last one.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Overloaded`].
    pub async fn leave_note(&self, writer: &NoteWriter, note: &[u8]) -> Result<(), StoreError> {
        let name = || self.names.notes();
        let leave = Call::passing("HSET").key(name()).arg(*writer).arg(note);
        let forget = Call::passing("PEXPIRE").key(name()).number(LIFE_MS);
        let _: Vec<i64> = self.link.wave([leave, forget]).await?;
        Ok(())
    }

    /// The last note of every writer, this one's included.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Overloaded`].
    pub async fn notes(&self) -> Result<Vec<(NoteWriter, Vec<u8>)>, StoreError> {
        let call = Call::read("HGETALL").key(self.names.notes());
        let notes: Vec<(Vec<u8>, Vec<u8>)> = self.link.call(call).await?;
        let writer = |name: Vec<u8>| NoteWriter::try_from(name).ok();
        Ok(notes
            .into_iter()
            .filter_map(|(name, note)| Some((writer(name)?, note)))
            .collect())
    }

    /// Removes the notes of writers that leave none any more.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] or [`StoreError::Overloaded`].
    pub async fn remove_notes(&self, writers: &[NoteWriter]) -> Result<(), StoreError> {
        if writers.is_empty() {
            return Ok(());
        }
        let call = Call::passing("HDEL").key(self.names.notes());
        let call = writers.iter().fold(call, |call, writer| call.arg(*writer));
        let _: i64 = self.link.call(call).await?;
        Ok(())
    }
}

/// What the last verifier left goes two minutes after it.
const LIFE_MS: u64 = 120_000;
