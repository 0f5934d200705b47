//! How commands reach the servers and their answers come back.
//!
//! A command whose answer does not come is sent again, by this file and, in a cluster, by the client below it. Nobody can know
//! whether the first sending was carried out. So everything that is sent here may be carried out twice: what writes is a
//! script that knows its [`Attempt`], or a command that changes nothing the second time.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures_util::future::try_join_all;
use redis::{
    Cmd, FromRedisValue, RedisError, ServerErrorKind, Value, aio::ConnectionManager,
    cluster_async::ClusterConnection, from_redis_value,
};
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep},
};

use super::scripts::Script;
use crate::StoreError;

/// The connections of one store.
pub(super) struct Link {
    /// None once it is closed. Taken in turn.
    connections: Mutex<Option<Vec<Connection>>>,
    turn: AtomicUsize,
    waiting: Semaphore,
    replicas: u8,
    instance: [u8; 8],
    attempts: AtomicU64,
}

/// To one server, or to a cluster.
#[derive(Clone)]
pub(super) enum Connection {
    Single(ConnectionManager),
    Cluster(ClusterConnection),
}

/// Names one call of an operation, however often its commands are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Attempt(pub(super) [u8; 16]);

/// A command or script with its keys, which lie in one slot, and its arguments.
pub(super) struct Call {
    what: What,
    keys: Vec<Vec<u8>>,
    arguments: Vec<Vec<u8>>,
    writes: bool,
}

enum What {
    Command(&'static str),
    Script(&'static Script),
}

impl Call {
    /// A command that reads.
    pub(super) fn read(command: &'static str) -> Self {
        Self::new(What::Command(command), false)
    }

    /// A command that writes, and changes nothing when it comes again.
    pub(super) fn write(command: &'static str) -> Self {
        Self::new(What::Command(command), true)
    }

    /// A command that writes what may be lost: no replica need confirm it.
    pub(super) fn passing(command: &'static str) -> Self {
        Self::new(What::Command(command), false)
    }

    /// A script that reads.
    pub(super) fn ask(script: &'static Script) -> Self {
        Self::new(What::Script(script), false)
    }

    /// A script that writes.
    pub(super) fn run(script: &'static Script) -> Self {
        Self::new(What::Script(script), true)
    }

    fn new(what: What, writes: bool) -> Self {
        Self {
            what,
            keys: Vec::new(),
            arguments: Vec::new(),
            writes,
        }
    }

    pub(super) fn key(mut self, name: Vec<u8>) -> Self {
        self.keys.push(name);
        self
    }

    pub(super) fn arg(mut self, argument: impl Into<Vec<u8>>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    pub(super) fn number(self, number: impl ToString) -> Self {
        self.arg(number.to_string())
    }

    /// As it is sent; a script by its hash or, for a server that does not know it yet, by its text.
    fn command(&self, by_hash: bool) -> Cmd {
        let mut command = match &self.what {
            What::Command(name) => redis::cmd(name),
            What::Script(script) => {
                let mut command = redis::cmd(if by_hash { "EVALSHA" } else { "EVAL" });
                let script = if by_hash { &script.hash } else { script.text };
                command.arg(script).arg(self.keys.len());
                command
            }
        };
        command.arg(&self.keys).arg(&self.arguments);
        command
    }
}

impl Link {
    /// `instance` tells the attempts of this process from those of others.
    pub(super) fn new(
        first: Connection,
        more: Vec<Connection>,
        replicas: u8,
        instance: [u8; 8],
    ) -> Self {
        let connections = std::iter::once(first).chain(more).collect();
        Self {
            connections: Mutex::new(Some(connections)),
            turn: AtomicUsize::new(0),
            waiting: Semaphore::new(MOST_WAITING),
            replicas,
            instance,
            attempts: AtomicU64::new(0),
        }
    }

    /// An attempt that was not there before.
    pub(super) fn attempt(&self) -> Attempt {
        let number = self.attempts.fetch_add(1, Ordering::Relaxed);
        let mut attempt = [0; 16];
        attempt[..8].copy_from_slice(&self.instance);
        attempt[8..].copy_from_slice(&number.to_be_bytes());
        Attempt(attempt)
    }

    /// Sends all calls at once; none waits for another.
    pub(super) async fn wave<T: FromRedisValue>(
        &self,
        calls: impl IntoIterator<Item = Call>,
    ) -> Result<Vec<T>, StoreError> {
        try_join_all(calls.into_iter().map(|call| self.call(call))).await
    }

    pub(super) async fn call<T: FromRedisValue>(&self, call: Call) -> Result<T, StoreError> {
        let _place = self
            .waiting
            .try_acquire()
            .map_err(|_| StoreError::Overloaded)?;
        let (mut sendings, end) = (1, Instant::now() + GIVE_UP_AFTER);
        let value = loop {
            match self.send(&call).await {
                Ok(value) => break value,
                Err(failure) if failure.is_passing() && Instant::now() < end => {
                    sleep(PAUSE * sendings).await;
                    sendings += 1;
                }
                Err(failure) => return Err(failure.into()),
            }
        };
        from_redis_value(value).map_err(|error| StoreError::Corrupt(error.to_string()))
    }

    /// Later calls are unavailable; those that are under way end.
    pub(super) fn close(&self) {
        *self.lock() = None;
    }

    async fn send(&self, call: &Call) -> Result<Value, Failure> {
        let mut connection = self.connection().ok_or(Failure::Closed)?;
        let replicas = if call.writes { self.replicas } else { 0 };
        match connection.execute(call.command(true), replicas).await {
            Err(Failure::Redis(error)) if error.kind() == ServerErrorKind::NoScript.into() => {
                connection.execute(call.command(false), replicas).await
            }
            other => other,
        }
    }

    /// The next in turn; none once they are closed.
    fn connection(&self) -> Option<Connection> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let connections = self.lock();
        let connections = connections.as_deref()?;
        connections.get(turn % connections.len().max(1)).cloned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Vec<Connection>>> {
        // Nothing that holds the lock can panic half-way.
        self.connections
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connection {
    /// Sends a command and, behind it on the same connection, the wait for its replicas.
    async fn execute(&mut self, command: Cmd, replicas: u8) -> Result<Value, Failure> {
        if replicas == 0 {
            let value = match self {
                Self::Single(single) => command.query_async(single).await,
                Self::Cluster(cluster) => command.query_async(cluster).await,
            };
            return Ok(value?);
        }
        let mut pipe = redis::pipe();
        pipe.add_command(command);
        pipe.cmd("WAIT").arg(replicas).arg(REPLICAS_WITHIN_MS);
        let (value, reached): (Value, u32) = match self {
            Self::Single(single) => pipe.query_async(single).await?,
            Self::Cluster(cluster) => pipe.query_async(cluster).await?,
        };
        if reached < replicas.into() {
            return Err(Failure::Replicas { reached, replicas });
        }
        Ok(value)
    }
}

/// Why a command was not answered as it should.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("it was closed")]
    Closed,
    #[error("{reached} of {replicas} replicas confirmed the write in time")]
    Replicas { reached: u32, replicas: u8 },
    #[error("{0}")]
    Redis(#[from] RedisError),
}

impl Failure {
    /// Whether the same command may succeed in a moment: the connection broke, or a replica becomes primary just now.
    fn is_passing(&self) -> bool {
        use redis::ErrorKind::{ClusterConnectionNotFound, Io, Server};
        let Self::Redis(error) = self else {
            return false;
        };
        match error.kind() {
            Io | ClusterConnectionNotFound => true,
            Server(kind) => matches!(
                kind,
                ServerErrorKind::TryAgain
                    | ServerErrorKind::ClusterDown
                    | ServerErrorKind::MasterDown
                    | ServerErrorKind::ReadOnly
                    | ServerErrorKind::BusyLoading
            ),
            _ => error.is_connection_dropped(),
        }
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        Self::Unavailable(failure.to_string())
    }
}

/// How long an answer may take before the command is sent again.
pub(super) const ANSWER_WITHIN: Duration = Duration::from_secs(1);
/// How long making a connection may take.
pub(super) const CONNECT_WITHIN: Duration = Duration::from_secs(1);
/// How long the client of a cluster may try by itself.
pub(super) const CLUSTER_ANSWERS_WITHIN: Duration = Duration::from_secs(2);
/// Less than [`ANSWER_WITHIN`], so that too few replicas are told from no answer.
const REPLICAS_WITHIN_MS: u64 = 800;
/// After this a command is not sent again. A failover takes longer in most clusters; its callers hear that the store is
/// unavailable rather than wait for it.
const GIVE_UP_AFTER: Duration = Duration::from_secs(3);
const PAUSE: Duration = Duration::from_millis(50);
/// Commands under way before further ones are refused as overloaded.
const MOST_WAITING: usize = 16_384;
