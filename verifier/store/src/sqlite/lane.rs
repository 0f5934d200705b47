use std::{
    io,
    sync::{Mutex, PoisonError, RwLock},
    thread::{self, JoinHandle},
};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use rusqlite::Connection;
use tokio::sync::{oneshot, watch};

use crate::StoreError;

/// A bounded queue of operations and the threads that work it off.
pub(super) struct Lane {
    /// `None` once closed: the threads end when the last sender is gone and the queue is empty.
    jobs: RwLock<Option<Sender<Box<dyn Job>>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// Each thread holds a sender; all are dropped when all threads have ended.
    ended: watch::Receiver<()>,
}

impl Lane {
    /// Starts `threads` threads (at least one), each with the body that `make` returns for it.
    pub(super) fn start<M, B>(name: &str, queue: usize, threads: usize, make: M) -> io::Result<Self>
    where
        M: Fn(Receiver<Box<dyn Job>>) -> B,
        B: FnOnce() + Send + 'static,
    {
        // A queue of zero would be a rendezvous, which refuses whenever the thread is at work.
        let (sender, jobs) = bounded(queue.max(1));
        let (running, ended) = watch::channel(());
        let threads = (0..threads.max(1)).map(|n| {
            let (body, running) = (make(jobs.clone()), running.clone());
            thread::Builder::new()
                .name(format!("{name}-{n}"))
                .spawn(move || {
                    body();
                    drop(running);
                })
        });
        let threads = threads.collect::<io::Result<_>>()?;
        Ok(Self {
            jobs: RwLock::new(Some(sender)),
            threads: Mutex::new(threads),
            ended,
        })
    }

    /// Queues an operation and waits for its answer.
    pub(super) async fn run<T, F>(&self, operation: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: Fn(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.send(Box::new(Pending {
            operation,
            result: None,
            reply,
        }))?;
        answer.await.unwrap_or_else(|_| Err(gone()))
    }

    /// Lets the threads finish what is queued, and waits for their end.
    pub(super) async fn close(&self) {
        self.shut();
        // An error says that the last sender is gone, which is what we wait for.
        while self.ended.clone().changed().await.is_ok() {}
    }

    fn send(&self, job: Box<dyn Job>) -> Result<(), StoreError> {
        let jobs = self.jobs.read().unwrap_or_else(PoisonError::into_inner);
        match jobs.as_ref().ok_or_else(gone)?.try_send(job) {
            Ok(()) => Ok(()),
            Err(TrySendError::Full(_)) => Err(StoreError::Overloaded),
            Err(TrySendError::Disconnected(_)) => Err(gone()),
        }
    }

    /// How many operations wait.
    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        self.jobs.read().unwrap().as_ref().map_or(0, Sender::len)
    }

    fn shut(&self) {
        self.jobs
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.shut();
        for thread in self
            .threads
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .drain(..)
        {
            // A thread that panicked has already failed its callers; there is nobody left to tell.
            let _ = thread.join();
        }
    }
}

/// An operation in the queue, with its type erased.
pub(super) trait Job: Send {
    /// Whether nobody waits for the answer any more. Such a job is not begun: the client has hung up, and a token that
    /// it did not get an answer for is better left unspent.
    fn is_abandoned(&self) -> bool;

    /// Does the work. The error is a copy; the job keeps its own for the answer. May be called again after what it did was
    /// rolled back: the last call counts.
    fn work(&mut self, connection: &Connection) -> Result<(), StoreError>;

    /// Tells the caller: what `work` gave, or `fate` if that is an error (the transaction around it failed).
    fn answer(self: Box<Self>, fate: Result<(), StoreError>);
}

struct Pending<T, F> {
    operation: F,
    result: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Job for Pending<T, F>
where
    T: Send,
    F: Fn(&Connection) -> Result<T, StoreError> + Send,
{
    fn is_abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    fn work(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let result = (self.operation)(connection);
        let copy = result.as_ref().map(|_| ()).map_err(Clone::clone);
        self.result = Some(result);
        copy
    }

    fn answer(self: Box<Self>, fate: Result<(), StoreError>) {
        let Self { result, reply, .. } = *self;
        let result = fate.and_then(|()| result.unwrap_or_else(|| Err(gone())));
        // The caller may have stopped waiting; the work is done all the same.
        let _ = reply.send(result);
    }
}

fn gone() -> StoreError {
    StoreError::Unavailable("the store is closed".into())
}
