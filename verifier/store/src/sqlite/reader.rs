use std::sync::Arc;

use crossbeam_channel::Receiver;
use rusqlite::Connection;

use super::{connection::Opener, lane::Job};
use crate::StoreError;

/// The body of a thread that reads. Ends when the queue is closed and empty.
pub(super) fn into_thread(
    opener: Arc<Opener>,
    jobs: Receiver<Box<dyn Job>>,
) -> impl FnOnce() + Send + 'static {
    move || {
        let mut connection = None;
        while let Ok(mut job) = jobs.recv() {
            if !job.is_abandoned() {
                let fate = read(&opener, &mut connection, job.as_mut());
                job.answer(fate);
            }
        }
    }
}

/// Like the writer's connection, a reader's is given up when the backend fails, and opened again by the next job.
fn read(
    opener: &Opener,
    kept: &mut Option<Connection>,
    job: &mut dyn Job,
) -> Result<(), StoreError> {
    let connection = match kept.take() {
        Some(open) => open,
        None => opener.open_reader()?,
    };
    match job.work(&connection) {
        Err(e) if e.is_transient() => Err(e),
        // Otherwise the job has its answer, good or bad, and the connection is sound.
        _ => {
            *kept = Some(connection);
            Ok(())
        }
    }
}
