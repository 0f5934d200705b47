use std::sync::Arc;

use crossbeam_channel::Receiver;
use rusqlite::Connection;

use super::{connection::Opener, lane::Job};
use crate::StoreError;

/// The one thread that writes; see [the module's front page](super).
pub(super) struct Writer {
    opener: Arc<Opener>,
    /// `None` at the start and after a failure: the next group opens it anew.
    connection: Option<Connection>,
}

impl Writer {
    pub(super) fn new(opener: Arc<Opener>) -> Self {
        Self {
            opener,
            connection: None,
        }
    }

    /// The body of the thread. Ends when the queue is closed and empty.
    pub(super) fn into_thread(
        mut self,
        jobs: Receiver<Box<dyn Job>>,
    ) -> impl FnOnce() + Send + 'static {
        move || {
            while let Ok(first) = jobs.recv() {
                let waiting = jobs.try_iter().take(MAX_GROUP - 1);
                let group = std::iter::once(first)
                    .chain(waiting)
                    .filter(|job| !job.is_abandoned())
                    .collect();
                self.commit_and_answer(group);
            }
        }
    }

    fn commit_and_answer(&mut self, mut group: Vec<Box<dyn Job>>) {
        let fate = self.commit(&mut group);
        for job in group {
            job.answer(fate.clone());
        }
    }

    /// Runs the group in one transaction. After an error nothing of it is stored, and the connection is given up: its
    /// state is not worth reasoning about, and a new one finds out whether the disk is back.
    fn commit(&mut self, group: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
        let connection = match self.connection.take() {
            Some(open) => open,
            None => self.opener.open_writer()?,
        };
        transact(&connection, group)?;
        self.connection = Some(connection);
        Ok(())
    }
}

/// Runs the group in one transaction. Nearly always all of it succeeds; only if a job fails by its own fault, all is rolled
/// back and done again, each job by itself. (A savepoint for each job in the first place would copy every page that the job
/// changes: a tenth of what it costs.)
fn transact(connection: &Connection, group: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
    // IMMEDIATE: wait for another process here, where nothing has been read yet, rather than fail in the middle.
    run(connection, "BEGIN IMMEDIATE")?;
    if !all_succeed(connection, group)? {
        run(connection, "ROLLBACK")?;
        run(connection, "BEGIN IMMEDIATE")?;
        each_by_itself(connection, group)?;
    }
    run(connection, "COMMIT")
}

/// Whether all did; otherwise some of it may be done.
fn all_succeed(connection: &Connection, group: &mut [Box<dyn Job>]) -> Result<bool, StoreError> {
    for job in group {
        match job.work(connection) {
            Ok(()) => {}
            Err(e) if e.is_transient() => return Err(e),
            Err(_) => return Ok(false),
        }
    }
    Ok(true)
}

/// A job that fails by its own fault leaves nothing, and its neighbours do not suffer for it.
fn each_by_itself(connection: &Connection, group: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
    for job in group {
        run(connection, "SAVEPOINT job")?;
        match job.work(connection) {
            Ok(()) => {}
            Err(e) if e.is_transient() => return Err(e),
            Err(_) => run(connection, "ROLLBACK TO job")?,
        }
        run(connection, "RELEASE job")?;
    }
    Ok(())
}

fn run(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}

/// Jobs in one transaction. Bounds how long the first of a group waits for the last.
const MAX_GROUP: usize = 512;
