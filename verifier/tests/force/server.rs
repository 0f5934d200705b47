//! The built server as a process of its own, on a data directory that outlives it.

use std::{
    fs,
    net::SocketAddr,
    path::Path,
    process::{Command as Once, Stdio},
    time::Duration,
};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStderr, Command},
    time::timeout,
};

/// A server that said where it listens.
pub struct Server {
    pub address: SocketAddr,
    starting: Starting,
}

/// A process that may listen already, or not.
pub struct Starting {
    child: Child,
    log: Lines<BufReader<ChildStderr>>,
}

/// What a customer of the server holds.
pub struct Customer {
    pub site_key: String,
    /// For siteverify.
    pub secret: String,
    pub api_key: String,
}

impl Server {
    /// Starts the server without waiting for it.
    pub fn spawn(data: &Path) -> Starting {
        Self::spawn_by(Command::new(env!("CARGO_BIN_EXE_touchstone")), data)
    }

    /// The same by a command whose last argument is to be the server.
    pub fn spawn_by(command: Command, data: &Path) -> Starting {
        Self::spawn_with(command, data, &[])
    }

    /// The same with more options.
    pub fn spawn_with(mut command: Command, data: &Path, options: &[&str]) -> Starting {
        let mut child = command
            .env_clear()
            .arg("serve")
            .arg("--data")
            .arg(data)
            .args(["--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"])
            .args(["--quota-per-minute", "0", "--pow", "off"])
            .args(options)
            .args(["--log-format", "json"])
            .args(["--log", "error,touchstone::serve=info"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let log = BufReader::new(child.stderr.take().unwrap()).lines();
        Starting { child, log }
    }

    /// Starts the server and waits until it listens: it must open whatever the one before it left.
    pub async fn start(data: &Path) -> Self {
        Self::spawn(data).ready().await
    }

    /// The same with more options.
    pub async fn start_with(data: &Path, options: &[&str]) -> Self {
        let command = Command::new(env!("CARGO_BIN_EXE_touchstone"));
        Self::spawn_with(command, data, options).ready().await
    }

    /// Ends it as a crash does.
    pub async fn kill(self) {
        self.starting.kill().await;
    }

    /// KiB of memory that it holds now.
    pub fn resident_kib(&self) -> usize {
        self.of_status("VmRSS:")
    }

    /// KiB of memory that it held at most.
    pub fn peak_kib(&self) -> usize {
        self.of_status("VmHWM:")
    }

    fn of_status(&self, name: &str) -> usize {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let number = line.unwrap().trim().split(' ').next().unwrap();
        number.parse().unwrap()
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.starting.child.id().expect("a process that runs")
    }

    /// Waits until it ended by itself.
    pub async fn ended(mut self) {
        self.starting.child.wait().await.unwrap();
    }
}

impl Starting {
    /// Waits until it listens.
    pub async fn ready(mut self) -> Server {
        let address = timeout(PATIENCE, async {
            while let Some(line) = self.log.next_line().await.unwrap() {
                let entry: Value = serde_json::from_str(&line).unwrap_or_default();
                assert_ne!(entry["level"], "ERROR", "{line}");
                if entry["message"] == "serving" {
                    return entry["address"].as_str().unwrap().parse().unwrap();
                }
            }
            panic!("the server ended: {:?}", self.child.wait().await);
        });
        Server {
            address: address.await.expect("the server starts in time"),
            starting: self,
        }
    }

    /// Ends it as a crash does.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }
}

impl Customer {
    /// Makes keys by the command line, which creates the data directory if it is not there.
    pub fn make(data: &Path) -> Self {
        Self::make_with(data, &[])
    }

    /// The same with options that say where records are kept.
    pub fn make_with(data: &Path, options: &[&str]) -> Self {
        let site = "key create --project shop --name web --domain shop.example --json";
        let api = "api-key create --project shop --json";
        let text = |value: Value| value.as_str().unwrap().to_owned();
        let mut site = run(data, site, options);
        Self {
            site_key: text(site["siteKey"].take()),
            secret: text(site["secret"].take()),
            api_key: text(run(data, api, options)["apiKey"].take()),
        }
    }
}

/// Adds a key to the ring.
pub fn rotate_ring(data: &Path) {
    run(data, "ring rotate --json", &[]);
}

/// Copies a data directory whose server runs.
pub fn back_up(data: &Path, to: &Path) {
    let arguments = format!("store backup {} --json", to.display());
    run(data, &arguments, &[]);
}

fn run(data: &Path, arguments: &str, options: &[&str]) -> Value {
    let output = Once::new(env!("CARGO_BIN_EXE_touchstone"))
        .env_clear()
        .args(arguments.split(' '))
        .arg("--data")
        .arg(data)
        .args(options)
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments}: {error}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// How long a start may take, on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(60);
