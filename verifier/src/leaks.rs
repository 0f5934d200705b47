//! Leaked passwords: the file `leaks.db` of the data directory, whose key is sealed under the vault key. Without the file, nothing
//! is known of leaks. Verifiers that share a store have a copy each.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use touchstone_api::ApiError;
use touchstone_leaks::{
    Answer, BlindedPoint, Bucket, DatabaseError, EpochKey, KeySafe, Leaks, NewEpoch, PwnedHash,
    PwnedRange,
};
use touchstone_token::Vault;

use crate::{blocking::blocking, environment::fresh};

/// The leaked passwords that a verifier knows. Takes up what is imported, replaced or removed while it serves.
pub struct LeakedPasswords {
    leaks: Option<Arc<Leaks>>,
    lookups: Arc<Semaphore>,
    large_questions: Arc<Semaphore>,
    large_answers: Arc<Semaphore>,
}

/// An answer; a large one keeps other large ones waiting until it is dropped.
pub struct HeldAnswer {
    /// The answer.
    pub answer: Answer,
    places: Option<[OwnedSemaphorePermit; 2]>,
}

impl HeldAnswer {
    /// Whether writing it takes so long that others would wait.
    pub fn is_large(&self) -> bool {
        self.places.is_some()
    }
}

impl LeakedPasswords {
    /// Those of a data directory, which need not be there.
    pub fn new(data: &Path, vault: Arc<Vault>) -> Self {
        let safe = Box::new(VaultSafe(vault));
        Self {
            leaks: Some(Arc::new(Leaks::new(&database(data), safe))),
            ..Self::none()
        }
    }

    /// None at all.
    pub fn none() -> Self {
        Self {
            leaks: None,
            lookups: Arc::new(Semaphore::new(LOOKUPS)),
            large_questions: Arc::new(Semaphore::new(LARGE_QUESTIONS)),
            large_answers: Arc::new(Semaphore::new(LARGE_ANSWERS)),
        }
    }

    /// Answers about a bucket; none if nothing was ever imported.
    ///
    /// # Errors
    /// UNAVAILABLE when the database cannot be read, or too many large answers are waiting; why is in the log.
    pub async fn answer(
        &self,
        bucket: Bucket,
        point: Option<BlindedPoint>,
    ) -> Result<Option<HeldAnswer>, ApiError> {
        let Some(leaks) = self.leaks.clone() else {
            return Ok(None);
        };
        let place = place(&self.lookups).await?;
        let answered = blocking(move || leaks.answer(bucket, point.as_ref())).await?;
        let answer = answered.map_err(unavailable)?;
        let Some(answer) = answer else {
            return Ok(None);
        };
        drop(place);
        let is_large = answer.prefixes().len() > SMALL;
        let places = match is_large {
            true => Some(self.places_of_large().await?),
            false => None,
        };
        Ok(Some(HeldAnswer { answer, places }))
    }

    async fn places_of_large(&self) -> Result<[OwnedSemaphorePermit; 2], ApiError> {
        let waiting = self.large_questions.clone().try_acquire_owned();
        let waiting = waiting.map_err(|_| {
            tracing::warn!(
                "too many questions at once about the largest buckets of leaked passwords"
            );
            ApiError::unavailable()
        })?;
        Ok([waiting, place(&self.large_answers).await?])
    }

    /// The hashes of a range, in order; none if nothing was ever imported.
    ///
    /// # Errors
    /// UNAVAILABLE when the database cannot be read; why is in the log.
    pub async fn pwned(
        &self,
        range: PwnedRange,
    ) -> Result<Option<Vec<(PwnedHash, u64)>>, ApiError> {
        let Some(leaks) = self.leaks.clone() else {
            return Ok(None);
        };
        blocking(move || leaks.pwned(range))
            .await?
            .map_err(unavailable)
    }
}

/// Where the database of a data directory is.
pub fn database(data: &Path) -> PathBuf {
    data.join("leaks.db")
}

/// A key for a new database, sealed.
///
/// # Errors
/// The operating system gives no random bytes.
pub fn new_epoch(vault: &Vault) -> Result<NewEpoch, getrandom::Error> {
    let key = loop {
        // All but one of 2³² numbers will do.
        if let Some(key) = EpochKey::from_bytes(&fresh()?) {
            break key;
        }
    };
    Ok(NewEpoch {
        id: fresh()?,
        sealed_key: vault.seal_leaks_key(&key.to_bytes(), fresh()?),
    })
}

/// Opens the key of a database with a vault.
pub struct VaultSafe(pub Arc<Vault>);

impl KeySafe for VaultSafe {
    fn open(&self, sealed: &[u8]) -> Option<EpochKey> {
        let bytes = self.0.open_leaks_key(sealed).ok()?;
        EpochKey::from_bytes(&bytes)
    }
}

async fn place(places: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, ApiError> {
    // Only closing it makes this fail, which nobody does.
    let place = places.clone().acquire_owned().await;
    place.map_err(|_| ApiError::unavailable())
}

fn unavailable(error: DatabaseError) -> ApiError {
    tracing::error!(%error, "leaked passwords cannot be looked up");
    ApiError::unavailable()
}

/// Lookups at once.
const LOOKUPS: usize = 4;
/// Large answers that are written at once, each in up to 300 MB. A visitor chooses the user name, and so can ask for the largest
/// again and again.
const LARGE_ANSWERS: usize = 2;
/// Those and the ones that wait for it, each with up to 6 MB in hand.
const LARGE_QUESTIONS: usize = 16;
/// Prefixes of an answer that is not large.
const SMALL: usize = 4_096;
