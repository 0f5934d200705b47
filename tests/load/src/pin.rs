//! One processor for the server under test, another for the client.

use std::io;

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// The processors that this process may use, by their part in a measurement.
#[derive(Debug, Clone, Copy)]
pub struct Processors {
    server: usize,
    client: usize,
}

impl Processors {
    /// The first two that the process may use; with a single one, both parts share it.
    pub fn choose() -> io::Result<Self> {
        let allowed = sched_getaffinity(None)?;
        let mut usable = (0..CpuSet::MAX_CPU).filter(|cpu| allowed.is_set(*cpu));
        let server = usable.next().unwrap_or_default();
        let client = usable.next().unwrap_or(server);
        Ok(Self { server, client })
    }

    /// Whether server and client have one each.
    pub fn are_two(&self) -> bool {
        self.server != self.client
    }

    /// Calls `start` on the server's processor: a process that it starts inherits that, and so do all its threads. Then goes
    /// to the client's.
    pub fn on_servers<T>(&self, start: impl FnOnce() -> T) -> io::Result<T> {
        go_to(self.server)?;
        let started = start();
        go_to(self.client)?;
        Ok(started)
    }
}

fn go_to(cpu: usize) -> io::Result<()> {
    let mut set = CpuSet::new();
    set.set(cpu);
    Ok(sched_setaffinity(None, &set)?)
}
