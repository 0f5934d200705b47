//! Commands on a store in Redis. Without a `redis-server` there is nothing to test with; the test says so and passes.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::{
    io::{ErrorKind, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread::sleep,
    time::Duration,
};

#[test]
fn verifiers_with_the_same_secrets_share_a_store_and_others_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let Some(redis) = Redis::start(folder.path()) else {
        return;
    };
    let [one, two, foreign] = ["one", "two", "foreign"].map(|name| folder.path().join(name));
    let made = redis.touchstone(
        &one,
        &[
            "key",
            "create",
            "--project",
            "p",
            "--name",
            "n",
            "--domain",
            "a.example",
        ],
    );
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    assert!(
        !one.join("touchstone.db").exists(),
        "there is no database beside it"
    );

    std::fs::create_dir(&two).unwrap();
    for file in ["ring.json", "vault.key"] {
        std::fs::copy(one.join(file), two.join(file)).unwrap();
    }
    let listed = redis.touchstone(&two, &["key", "list", "--project", "p"]);
    assert!(
        String::from_utf8_lossy(&listed.stdout).contains("a.example"),
        "{listed:?}"
    );

    let refused = redis.touchstone(&foreign, &["key", "list", "--project", "p"]);
    let message = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success());
    assert!(
        message.contains("vault.key") && message.contains("copy"),
        "{message}"
    );
}

/// A server that lives as long as its test.
struct Redis {
    process: Child,
    port: u16,
}

impl Redis {
    fn start(folder: &Path) -> Option<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let process = Command::new("redis-server")
            .args([
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--port",
                &port.to_string(),
            ])
            .arg("--dir")
            .arg(folder)
            .stdout(Stdio::null())
            .spawn();
        let process = match process {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                eprintln!(
                    "skipped: there is no redis-server; Debian: apt-get install redis-server"
                );
                return None;
            }
            process => process.unwrap(),
        };
        let redis = Self { process, port };
        for _ in 0..500 {
            if redis.answers() {
                return Some(redis);
            }
            sleep(Duration::from_millis(20));
        }
        unreachable!("redis-server does not answer")
    }

    fn answers(&self) -> bool {
        let mut answer = [0; 5];
        let asked = TcpStream::connect(("127.0.0.1", self.port)).and_then(|mut connection| {
            connection.write_all(b"PING\r\n")?;
            connection.read_exact(&mut answer)
        });
        asked.is_ok() && &answer == b"+PONG"
    }

    fn touchstone(&self, data: &Path, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_touchstone"))
            .args(arguments)
            .arg("--data")
            .arg(data)
            .args(["--store", &format!("redis://127.0.0.1:{}/", self.port)])
            .output()
            .unwrap()
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
