//! Work that computes for longer than the threads that answer requests may be kept from others.

use touchstone_api::ApiError;

/// Does it on a thread of its own.
///
/// # Errors
/// UNAVAILABLE when it could not be finished, as while the process ends.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        tracing::error!(%error, "work was not finished");
        ApiError::unavailable()
    })
}
