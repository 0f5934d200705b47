//! Verifiers that share a Redis of their own.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::Arc,
};

use serde_json::Value;
use tempfile::TempDir;
use touchstone::{
    Verifier,
    config::{DataConfig, KekConfig, StoreConfig},
    data::{DataError, Opened},
    environment::ManualClock,
};

use crate::{
    force::backend::Backend,
    force::server::{Customer, Server, Starting},
    growth::Counters,
    servers,
};

/// A Redis, a key-encryption key for it, and whoever uses both.
pub struct Fleet {
    redis: Redis,
    folder: TempDir,
}

enum Redis {
    Single(servers::Server),
    Cluster(servers::Cluster),
}

impl Fleet {
    /// None if there is no `redis-server` here.
    pub fn new() -> Option<Self> {
        servers::Server::start(&[]).map(|single| Self::on(Redis::Single(single)))
    }

    /// On three primaries, each with a replica.
    pub fn on_cluster() -> Option<Self> {
        servers::Cluster::start().map(|cluster| Self::on(Redis::Cluster(cluster)))
    }

    fn on(redis: Redis) -> Self {
        let fleet = Self {
            redis,
            folder: tempfile::tempdir().unwrap(),
        };
        fleet.make_kek("kek");
        fleet
    }

    /// What the Redis that is no cluster answers to a command.
    pub fn redis(&self, command: &str) -> String {
        match &self.redis {
            Redis::Single(single) => single.ask(command).unwrap(),
            Redis::Cluster(_) => panic!("which of them?"),
        }
    }

    /// What each primary counts: commands by name, and the lines of `INFO stats`.
    pub fn counters(&self) -> Vec<Counters> {
        let number = |text: &str| text.trim().parse::<f64>().ok();
        let counters = |server: &&servers::Server| {
            let stats = server.ask("INFO stats").unwrap();
            let lines = stats.lines().filter_map(|line| line.split_once(':'));
            let mut counters: BTreeMap<String, f64> = lines
                .filter_map(|(name, value)| Some((name.to_owned(), number(value)?)))
                .collect();
            let commands = server.ask("INFO commandstats").unwrap();
            for line in commands.lines() {
                let line = line.strip_prefix("cmdstat_");
                let calls = line.and_then(|line| line.split_once(":calls="));
                if let Some((name, rest)) = calls {
                    let calls = number(rest.split(',').next().unwrap_or_default());
                    counters.insert(name.to_owned(), calls.unwrap_or_default());
                }
            }
            Counters(counters)
        };
        self.primaries().iter().map(counters).collect()
    }

    /// How many keys the parts of the store have that fewest, half and most of them have.
    pub fn keys_of_parts(&self) -> (u64, u64, u64) {
        let mut counts: Vec<u64> = { self.primaries().into_iter() }
            .flat_map(keys_of_slots)
            // In other slots lies what is read by name, a few keys at most.
            .filter(|count| *count > 3)
            .collect();
        counts.sort_unstable();
        (
            counts[0],
            counts[counts.len() / 2],
            counts[counts.len() - 1],
        )
    }

    fn primaries(&self) -> Vec<&servers::Server> {
        let all = match &self.redis {
            Redis::Single(single) => std::slice::from_ref(single),
            Redis::Cluster(cluster) => &cluster.servers,
        };
        let is_primary = |server: &&servers::Server| server.ask("ROLE").unwrap().contains("master");
        all.iter().filter(is_primary).collect()
    }

    /// Makes a key-encryption key by the command line.
    pub fn make_kek(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        let made = binary().args(["ring", "kek"]).arg(&path).output().unwrap();
        assert!(made.status.success(), "{}", told(&made));
        path
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn url(&self) -> String {
        match &self.redis {
            Redis::Single(single) => single.url(),
            Redis::Cluster(cluster) => cluster.url(),
        }
    }

    /// Runs one command on the store, with a key-encryption key of this name.
    pub fn run_with(&self, kek: &str, arguments: &str) -> Output {
        let mut command = binary();
        command.args(arguments.split(' '));
        command.args(["--store", &self.url()]);
        command.arg("--kek-file").arg(self.path(kek));
        command.arg("--data").arg(self.path("unused"));
        command.output().unwrap()
    }

    /// What a command that succeeds prints as JSON.
    pub fn run(&self, arguments: &str) -> Value {
        let output = self.run_with("kek", arguments);
        assert!(output.status.success(), "{}", told(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// A site key and an API key.
    pub fn customer(&self) -> Arc<Customer> {
        let site = "key create --project shop --name web --domain shop.example --json";
        let text = |value: Value| value.as_str().unwrap().to_owned();
        let mut site = self.run(site);
        Arc::new(Customer {
            site_key: text(site["siteKey"].take()),
            secret: text(site["secret"].take()),
            api_key: text(self.run("api-key create --project shop --json")["apiKey"].take()),
        })
    }

    /// A verifier of its own process that may not listen yet.
    pub fn spawn(&self) -> Starting {
        let mut command = self.command();
        command.arg(env!("CARGO_BIN_EXE_touchstone"));
        Server::spawn_by(command, &self.path("unused"))
    }

    /// Runs what is put behind it on the store: the server is started without this process's variables.
    pub fn command(&self) -> tokio::process::Command {
        let mut command = tokio::process::Command::new("/usr/bin/env");
        command.arg("PATH=/usr/bin:/bin");
        command.arg(format!("TOUCHSTONE_STORE={}", self.url()));
        command.arg(format!(
            "TOUCHSTONE_KEK_FILE={}",
            self.path("kek").display()
        ));
        command
    }

    /// One that listens, and a backend that asks it.
    pub async fn start(&self, customer: &Arc<Customer>) -> (Server, Backend) {
        let server = self.spawn().ready().await;
        let backend = Backend::new(server.address, customer.clone());
        (server, backend)
    }

    /// A verifier in this process, with a clock that is moved by hand.
    pub async fn verifier(&self, clock: &Arc<ManualClock>) -> Verifier {
        let opened = self.open(&self.path("unused"), now(clock)).await.unwrap();
        Verifier::with_keys(opened.keys, opened.store, clock.clone()).unwrap()
    }

    /// Opens the store as a command on this data directory does.
    pub async fn open(&self, data: &Path, now: u64) -> Result<Opened, DataError> {
        let config = DataConfig {
            data: data.to_path_buf(),
            store: StoreConfig::Redis(Box::new(self.url().parse().unwrap())),
            kek: KekConfig::File(self.path("kek")),
            is_named: true,
            log_format: None,
            otlp_endpoint: None,
            log: String::new(),
        };
        Opened::open(&config, now).await
    }
}

/// How many keys each slot has on a server.
fn keys_of_slots(server: &servers::Server) -> Vec<u64> {
    let ask: String = (0..16_384)
        .map(|n| format!("CLUSTER COUNTKEYSINSLOT {n}\r\n"))
        .collect();
    let mut connection = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    connection.write_all(ask.as_bytes()).unwrap();
    let answers = BufReader::new(connection).lines().take(16_384);
    answers
        .map(|line| line.unwrap()[1..].parse().unwrap())
        .collect()
}

pub fn now(clock: &Arc<ManualClock>) -> u64 {
    touchstone::environment::Clock::now(&**clock)
}

/// The command line without this process's variables.
pub fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_touchstone"));
    command.env_clear();
    command
}

/// What a command said to its operator.
pub fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
