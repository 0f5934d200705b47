//! The binary itself: the command line beside a running server, what it logs, and how it ends.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

/// A running `touchstone serve` on a free port.
struct Server {
    child: Child,
    address: SocketAddr,
    log: Arc<Mutex<String>>,
}

impl Server {
    fn start(data: &Path, more: &[&str]) -> Self {
        let mut child = touchstone(data)
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--admin-listen",
                "127.0.0.1:0",
            ])
            .args(["--log-format", "json"])
            .args(more)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let log = Arc::new(Mutex::new(String::new()));
        let address = loop {
            let line = lines
                .next()
                .expect("the server says where it listens")
                .unwrap();
            *log.lock().unwrap() += &line;
            let value: Value = serde_json::from_str(&line).unwrap();
            if value["message"] == "serving" {
                break value["address"].as_str().unwrap().parse().unwrap();
            }
        };
        let kept = log.clone();
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let mut log = kept.lock().unwrap();
                *log += &line;
                *log += "\n";
            }
        });
        Self {
            child,
            address,
            log,
        }
    }

    /// Status and body of one request.
    fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (
            head.split(' ').nth(1).unwrap().parse().unwrap(),
            body.to_owned(),
        )
    }

    /// Ends it as an init system does; answers its exit code and its log.
    fn stop(mut self) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
        let code = self.child.wait().unwrap().code();
        thread::sleep(Duration::from_millis(100));
        (code, self.log.lock().unwrap().clone())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn touchstone(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_touchstone"));
    command.arg("--data").arg(data).stdin(Stdio::null());
    command
}

fn run(data: &Path, arguments: &[&str]) -> Output {
    touchstone(data).args(arguments).output().unwrap()
}

fn json(output: &Output) -> Value {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    (folder, data)
}

const KEY: [&str; 9] = [
    "key",
    "create",
    "--project",
    "shop",
    "--name",
    "web",
    "--domain",
    "shop.example",
    "--json",
];
const API_KEY: [&str; 5] = ["api-key", "create", "--project", "shop", "--json"];

#[test]
fn keys_made_beside_a_running_server_work_within_five_seconds() {
    let (_folder, data) = folder();
    let server = Server::start(&data, &[]);
    let asked = Instant::now();
    let site_key = json(&run(&data, &KEY))["siteKey"]
        .as_str()
        .unwrap()
        .to_owned();
    let api_key = json(&run(&data, &API_KEY))["apiKey"]
        .as_str()
        .unwrap()
        .to_owned();
    let works = |path: &str, headers: &str, body: &str| {
        while server.send("POST", path, headers, body).0 != 200 {
            assert!(asked.elapsed() < Duration::from_secs(5), "{path}");
            thread::sleep(Duration::from_millis(100));
        }
    };
    works(&format!("/recaptcha/agent/session?k={site_key}"), "", "");
    let header = format!("x-goog-api-key: {api_key}\r\n");
    works("/v1/projects/shop/assessments", &header, "{}");

    let id = json(&run(
        &data,
        &["api-key", "list", "--project", "shop", "--json"],
    ))["id"]
        .clone();
    let revoked = Instant::now();
    assert!(
        run(&data, &["api-key", "revoke", id.as_str().unwrap()])
            .status
            .success()
    );
    while server
        .send("POST", "/v1/projects/shop/assessments", &header, "{}")
        .0
        == 200
    {
        assert!(
            revoked.elapsed() < Duration::from_secs(6),
            "a revoked key still works"
        );
        thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn no_secret_is_ever_logged_and_a_stop_is_clean() {
    let (_folder, data) = folder();
    let key = json(&run(&data, &KEY));
    let api_key = json(&run(&data, &API_KEY))["apiKey"]
        .as_str()
        .unwrap()
        .to_owned();
    let (site_key, secret) = (
        key["siteKey"].as_str().unwrap(),
        key["secret"].as_str().unwrap(),
    );
    let server = Server::start(&data, &["--log", "trace"]);
    let (_, token) = server.send(
        "POST",
        &format!("/recaptcha/agent/token?k={site_key}"),
        "",
        "\0\u{1}login",
    );
    let body = format!("{{\"event\":{{\"token\":\"{token}\"}}}}");
    let path = format!("/v1/projects/shop/assessments?key={api_key}");
    assert_eq!(server.send("POST", &path, "", &body).0, 200);
    let bearer = format!("authorization: Bearer {api_key}\r\n");
    assert_eq!(
        server
            .send("POST", "/v1/projects/shop/assessments", &bearer, "{}")
            .0,
        200
    );
    let path = format!("/recaptcha/api/siteverify?secret={secret}&response={token}");
    assert_eq!(server.send("GET", &path, "", "").0, 200);
    let (code, log) = server.stop();
    assert_eq!(code, Some(0));
    assert!(
        log.contains("\"route\":\"siteverify\"") && log.contains("stopped"),
        "{log}"
    );
    for (what, text) in [
        ("the API key", &api_key[..]),
        ("the secret", secret),
        ("a token", &token),
    ] {
        assert!(!log.contains(text), "{what} is in the log");
    }
}

#[test]
fn keys_of_every_type_are_made_and_listed() {
    let (_folder, data) = folder();
    let more: [(&str, &[&str]); 6] = [
        (
            "score",
            &["--domain", "a.example", "--testing-score", "0.3"],
        ),
        ("checkbox", &["--allow-all-domains"]),
        ("invisible", &["--domain", "a.example"]),
        ("policy", &["--domain", "a.example"]),
        (
            "express",
            &[
                "--waf-service",
                "cloudflare",
                "--waf-feature",
                "action-token",
            ],
        ),
        ("universal", &["--domain", "a.example"]),
    ];
    let mut made = Vec::new();
    for (name, more) in more {
        let start = [
            "key",
            "create",
            "--project",
            "p",
            "--name",
            "n",
            "--json",
            "--type",
            name,
        ];
        let key = json(&run(&data, &[&start[..], more].concat()));
        assert_eq!(key["type"], name);
        assert_eq!(key["secret"].as_str().unwrap().len(), 40);
        made.push((key["siteKey"].as_str().unwrap().to_owned(), name.to_owned()));
    }
    let listed = run(&data, &["key", "list", "--json"]);
    let lines = String::from_utf8(listed.stdout).unwrap();
    let mut found: Vec<_> = lines
        .lines()
        .map(|line| {
            let key: Value = serde_json::from_str(line).unwrap();
            let text = |name: &str| key[name].as_str().unwrap().to_owned();
            (text("siteKey"), text("type"))
        })
        .collect();
    found.sort();
    made.sort();
    assert_eq!(found, made);
}

#[test]
fn a_ring_rotated_beside_a_running_server_is_taken_up() {
    let (_folder, data) = folder();
    let server = Server::start(&data, &[]);
    let rotated = json(&run(&data, &["ring", "rotate", "--json"]));
    assert_eq!(rotated["keys"], serde_json::json!([1, 2]));
    let asked = Instant::now();
    while !server.log.lock().unwrap().contains("the key ring changed") {
        assert!(asked.elapsed() < Duration::from_secs(5));
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn the_first_run_says_where_it_creates_what() {
    let (_folder, data) = folder();
    let (_, log) = Server::start(&data, &[]).stop();
    for name in ["ring.json", "vault.key", "touchstone.db"] {
        assert!(log.contains(name), "{name}: {log}");
        assert!(data.join(name).exists());
    }
}

#[test]
fn what_is_wrong_on_the_command_line_is_named_with_its_remedy() {
    let (folder, data) = folder();
    let file = folder.path().join("touchstone.toml");
    fs::write(&file, "listenn = '127.0.0.1:1'").unwrap();
    let file = file.to_str().unwrap();
    for (arguments, part) in [
        (
            &["key", "create", "--project", "p", "--name", "n"][..],
            "--domain",
        ),
        (
            &[
                "key",
                "create",
                "--project",
                "p",
                "--name",
                "n",
                "--domain",
                "https://x",
            ],
            "scheme",
        ),
        (
            &[
                "key",
                "create",
                "--project",
                "P!",
                "--name",
                "n",
                "--domain",
                "x",
            ],
            "--project",
        ),
        (
            &["api-key", "create", "--project", "p", "--scope", "all"],
            "assessments.create",
        ),
        (
            &[
                "key",
                "create",
                "--project",
                "p",
                "--name",
                "n",
                "--type",
                "express",
                "--domain",
                "x",
            ],
            "express",
        ),
        (
            &[
                "key",
                "create",
                "--project",
                "p",
                "--name",
                "n",
                "--domain",
                "x",
                "--testing-score",
                "1.5",
            ],
            "--testing-score",
        ),
        (
            &[
                "key",
                "create",
                "--project",
                "p",
                "--name",
                "n",
                "--domain",
                "x",
                "--waf-service",
                "ca",
            ],
            "--waf-feature",
        ),
        (&["api-key", "revoke", "nobody"], "no active API key"),
        (&["serve", "--config", file], "listenn"),
        (&["serve", "--listen", "here"], "--listen"),
        (&["serve", "--store", "redis://"], "--store"),
        (
            &["serve", "--store", "redis://127.0.0.1:1"],
            "cannot reach Redis",
        ),
        (&["serve", "--tls-cert", "x.pem"], "--tls-key"),
        (&["demo", "--listen", "0.0.0.0:0"], "127.0.0.1"),
        (&["serve", "--log", "=="], "--log"),
    ] {
        let output = run(&data, arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{arguments:?}");
        assert!(error.contains(part), "{arguments:?}: {error}");
        assert!(!error.contains("panicked"), "{error}");
    }
}

#[test]
fn after_a_restore_tokens_from_before_are_refused() {
    let (_folder, data) = folder();
    let key = json(&run(&data, &KEY));
    let site_key = key["siteKey"].as_str().unwrap();
    let secret = key["secret"].as_str().unwrap();
    let server = Server::start(&data, &[]);
    let path = format!("/recaptcha/agent/token?k={site_key}");
    let (_, token) = server.send("POST", &path, "", "\0\u{1}login");
    thread::sleep(Duration::from_millis(5));
    assert!(run(&data, &["store", "restored"]).status.success());
    let path = format!("/recaptcha/api/siteverify?secret={secret}&response={token}");
    assert!(
        server
            .send("GET", &path, "", "")
            .1
            .contains("timeout-or-duplicate")
    );
}

#[test]
fn the_demo_leaves_other_keys_of_its_project_alone() {
    let (_folder, data) = folder();
    let made = [
        "api-key",
        "create",
        "--project",
        "demo",
        "--name",
        "production",
        "--json",
    ];
    json(&run(&data, &made));
    let mut demo = touchstone(&data)
        .args([
            "demo",
            "--listen",
            "127.0.0.1:0",
            "--verifier-listen",
            "127.0.0.1:0",
        ])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(demo.stderr.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("The demo is at")));
    let id = demo.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    let rest: Vec<_> = lines.map_while(Result::ok).collect();
    assert!(demo.wait().unwrap().success(), "{rest:?}");
    let listed = run(&data, &["api-key", "list", "--project", "demo"]);
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.contains("active  production"), "{listed}");
    assert!(listed.contains("revoked  demo"), "{listed}");
    let keys = run(&data, &["key", "list", "--json"]);
    assert!(
        keys.stdout.is_empty(),
        "{}",
        String::from_utf8_lossy(&keys.stdout)
    );
}

#[test]
fn a_variable_that_nobody_reads_is_a_warning_and_not_an_error() {
    let (_folder, data) = folder();
    let output = touchstone(&data)
        .args(["key", "list"])
        .env("TOUCHSTONE_PORT", "tcp://10.0.0.1:8080")
        .output()
        .unwrap();
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("TOUCHSTONE_PORT"));
    assert!(String::from_utf8_lossy(&output.stdout).contains("no site keys"));
}
