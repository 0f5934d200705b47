//! Work that computes for longer than the threads that answer requests may be kept from others.

use tokio::{
    runtime::{Handle, RuntimeFlavor},
    task::block_in_place,
};
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

/// Does it on this thread, after handing what else waits for the thread to another. Without threads to hand it to, just does it.
pub(crate) fn in_place<T>(work: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => block_in_place(work),
        _ => work(),
    }
}
