//! A `redis-server` that lives as long as its test.

use std::{
    io::{ErrorKind, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// One server on a free port of the loopback address, with its files in a folder of its own.
pub(super) struct Server {
    process: Child,
    pub(super) port: u16,
    _folder: TempDir,
}

impl Server {
    /// Starts a server; none if there is no `redis-server` here.
    pub(super) fn start(options: &[&str]) -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let port = free_port();
        let process = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--save", "", "--daemonize", "no"])
            .args(["--port", &port.to_string()])
            .arg("--dir")
            .arg(folder.path())
            .args(options)
            .stdout(Stdio::null())
            .spawn();
        let process = match process {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                skipped("there is no redis-server; Debian: apt-get install redis-server");
                return None;
            }
            process => process.unwrap(),
        };
        let server = Self {
            process,
            port,
            _folder: folder,
        };
        server.wait_for("PING", "PONG");
        Some(server)
    }

    pub(super) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// Sends its process a signal, such as STOP.
    pub(super) fn signal(&self, name: &str) {
        let kill = Command::new("kill")
            .args(["-s", name, &self.process.id().to_string()])
            .status();
        assert!(kill.unwrap().success());
    }

    /// Asks until the answer holds `expected`.
    pub(super) fn wait_for(&self, command: &str, expected: &str) {
        let end = Instant::now() + Duration::from_secs(30);
        loop {
            let answer = self.ask(command).unwrap_or_default();
            if answer.contains(expected) {
                return;
            }
            assert!(Instant::now() < end, "{command}: {answer:?}");
            sleep(Duration::from_millis(20));
        }
    }

    /// The first bytes of the answer to a command.
    pub(super) fn ask(&self, command: &str) -> std::io::Result<String> {
        let mut connection = TcpStream::connect(("127.0.0.1", self.port))?;
        connection.set_read_timeout(Some(Duration::from_secs(5)))?;
        connection.write_all(format!("{command}\r\n").as_bytes())?;
        let mut answer = [0; 65_536];
        let length = connection.read(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer[..length]).into_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Tells ./test, which adds up such lines, that a test which will pass did not run. Written past the test runner, which keeps
/// what a test prints.
fn skipped(reason: &str) {
    let line = format!("\nskipped: {reason}\ncounts: -1 passed, 0 failed, 1 skipped\n");
    let _ = std::io::stderr().write_all(line.as_bytes());
}

/// A port that was free a moment ago. Below those that the system gives to clients, so that none takes it meanwhile; a cluster
/// uses the port 10,000 above too.
fn free_port() -> u16 {
    let start = std::process::id() as u16 % 8_000;
    static NEXT: std::sync::atomic::AtomicU16 = std::sync::atomic::AtomicU16::new(0);
    loop {
        let step = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let port = 12_000 + (start + step) % 8_000;
        let is_free = |port| TcpListener::bind(("127.0.0.1", port)).is_ok();
        if is_free(port) && is_free(port + 10_000) {
            return port;
        }
    }
}

/// Three primaries, each with a replica.
pub(super) struct Cluster {
    pub(super) servers: Vec<Server>,
}

impl Cluster {
    /// Starts one; none if there is no `redis-server` or no `redis-cli` here.
    pub(super) fn start() -> Option<Self> {
        let servers: Option<Vec<_>> = (0..6)
            .map(|_| {
                Server::start(&[
                    "--cluster-enabled",
                    "yes",
                    "--cluster-node-timeout",
                    "1000",
                    "--repl-diskless-sync-delay",
                    "0",
                ])
            })
            .collect();
        let servers = servers?;
        let addresses = servers
            .iter()
            .map(|server| format!("127.0.0.1:{}", server.port));
        let made = Command::new("redis-cli")
            .args(["--cluster", "create"])
            .args(addresses)
            .args(["--cluster-replicas", "1", "--cluster-yes"])
            .output();
        let made = match made {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                skipped("there is no redis-cli; Debian: apt-get install redis-tools");
                return None;
            }
            made => made.unwrap(),
        };
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stdout)
        );
        for server in &servers {
            server.wait_for("CLUSTER INFO", "cluster_state:ok");
            let is_primary = server.ask("ROLE").unwrap().contains("master");
            server.wait_for(
                "INFO replication",
                if is_primary {
                    "state=online"
                } else {
                    "link_status:up"
                },
            );
        }
        Some(Self { servers })
    }

    /// Where among the servers a primary is, and its replica.
    pub(super) fn pair(&self) -> (usize, usize) {
        let roles = self.servers.iter().map(|server| server.ask("ROLE"));
        let roles: Vec<String> = roles.collect::<Result<_, _>>().unwrap();
        let primary = roles.iter().position(|role| role.contains("master"));
        let primary = primary.unwrap();
        let is_its_replica =
            |server: &Server| roles[primary].contains(&format!("\n{}\r", server.port));
        let replica = self.servers.iter().position(is_its_replica);
        (primary, replica.unwrap())
    }

    /// Names three of the six.
    pub(super) fn url(&self) -> String {
        let hosts = self.servers[..3].iter();
        let hosts: Vec<_> = hosts
            .map(|server| format!("127.0.0.1:{}", server.port))
            .collect();
        format!("redis://{}/", hosts.join(","))
    }
}
