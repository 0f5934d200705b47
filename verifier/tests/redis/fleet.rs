//! Verifiers that share a Redis of their own.

use std::{
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
    servers,
};

/// A Redis, a key-encryption key for it, and whoever uses both.
pub struct Fleet {
    redis: servers::Server,
    folder: TempDir,
}

impl Fleet {
    /// None if there is no `redis-server` here.
    pub fn new() -> Option<Self> {
        let redis = servers::Server::start(&[])?;
        let fleet = Self {
            redis,
            folder: tempfile::tempdir().unwrap(),
        };
        fleet.make_kek("kek");
        Some(fleet)
    }

    /// What Redis answers to a command.
    pub fn redis(&self, command: &str) -> String {
        self.redis.ask(command).unwrap()
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
        self.redis.url()
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
        Arc::new(Customer {
            site_key: text(self.run(site)["siteKey"].take()),
            api_key: text(self.run("api-key create --project shop --json")["apiKey"].take()),
        })
    }

    /// A verifier of its own process that may not listen yet.
    pub fn spawn(&self) -> Starting {
        // The server is started without this process's variables.
        let mut command = tokio::process::Command::new("/usr/bin/env");
        command.arg(format!("TOUCHSTONE_STORE={}", self.url()));
        command.arg(format!(
            "TOUCHSTONE_KEK_FILE={}",
            self.path("kek").display()
        ));
        command.arg(env!("CARGO_BIN_EXE_touchstone"));
        Server::spawn_by(command, &self.path("unused"))
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
            log: String::new(),
        };
        Opened::open(&config, now).await
    }
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
