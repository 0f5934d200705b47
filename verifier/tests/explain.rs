//! `touchstone explain`: what an operator sees of a token, and that it changes nothing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod kit;

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use kit::{Kit, quiet_report};
use serde_json::{Value, json};
use touchstone::{
    data::DataDir,
    environment::{Clock, SystemClock, fresh},
    steps::{ExplainError, explain},
};
use touchstone_protocol::{Probe, State};
use touchstone_score::{Transport, observe};
use touchstone_token::{ChallengeOutcome, Token, TokenId};

#[tokio::test]
async fn a_token_that_was_explained_is_still_good_for_its_assessment() {
    let kit = Kit::start().await;
    let token = kit.token("login").await;
    let explained = explain(&kit.verifier, &token).unwrap();
    let again = explain(&kit.verifier, &token).unwrap();
    assert_eq!(explained.evaluation, again.evaluation);
    assert_eq!(explained.expires_in, 120_000);
    let answer = kit.assess(&kit.shop, json!({"token": token})).await;
    assert_eq!(answer["tokenProperties"]["valid"], true);
    let score = f64::from(explained.evaluation.score.level()) / 10.0;
    assert!((answer["riskAnalysis"]["score"].as_f64().unwrap() - score).abs() < 1e-6);
}

#[tokio::test]
async fn what_cannot_be_explained_is_told_apart() {
    let (kit, elsewhere) = (Kit::start().await, Kit::start().await);
    let token = kit.token("login").await;
    let told = |text: &str| explain(&kit.verifier, text).unwrap_err();
    assert_eq!(told(&token[..token.len() - 4]), ExplainError::Malformed);
    assert_eq!(told("nothing"), ExplainError::Malformed);
    let foreign = elsewhere.token("login").await;
    assert_eq!(told(&foreign), ExplainError::Malformed);
    elsewhere
        .data
        .rotate_ring(elsewhere.verifier.now())
        .unwrap();
    elsewhere.verifier.ring.look().await;
    elsewhere.clock.advance(71_000);
    let rotated = elsewhere.token("login").await;
    assert!(matches!(told(&rotated), ExplainError::OtherRing(_)));
    kit.clock.advance(125_000);
    assert_eq!(told(&token), ExplainError::Expired(5));
}

#[test]
fn the_command_prints_a_table_for_people_and_json_for_programs() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let token = token(&data, 0);

    let text = output(&data, &["explain", &token]);
    let shown = String::from_utf8(text.stdout).unwrap();
    for part in [
        "score       0.0",
        "reasons     AUTOMATION",
        "host        www.shop.example",
        "A      -8.00  webdriver",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(
        !shown.contains('\u{1b}'),
        "a terminal obeys nobody: {shown}"
    );
    assert!(!shown.contains("Surroundings.signs"), "{shown}");

    let program = output(&data, &["explain", &token, "--json", "--facts"]);
    let value: Value = serde_json::from_slice(&program.stdout).unwrap();
    assert_eq!(value["score"], 0.0);
    assert_eq!(value["reasons"][0], "AUTOMATION");
    assert_eq!(value["touchstone"]["evidence"][0]["name"], "webdriver");
    assert!(value["facts"]["Surroundings.signs"].is_number(), "{value}");

    let mut child = command(&data, &["explain", "-", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(format!("{token}\n").as_bytes()).unwrap();
    drop(input);
    let piped = child.wait_with_output().unwrap();
    let value: Value = serde_json::from_slice(&piped.stdout).unwrap();
    assert_eq!(value["hostname"], "www.shop.example");
}

#[test]
fn the_command_says_what_is_wrong_and_makes_no_data_directory() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let missing = output(&data, &["explain", "x"]);
    assert!(!missing.status.success() && !data.exists());
    let old = token(&data, 300_000);
    for (text, part) in [(old.as_str(), "expired 180 s ago"), ("x", "no token")] {
        let refused = output(&data, &["explain", text]);
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(!refused.status.success() && said.contains(part), "{said}");
    }
}

/// A token of a driven browser that the ring of `data` sealed `age` milliseconds ago.
fn token(data: &Path, age: u64) -> String {
    let now = SystemClock.now();
    let data = DataDir::open(data, None, now - 1_000_000).unwrap();
    let mut report = quiet_report();
    report.environment.set_probe(Probe::Webdriver, State::Yes);
    let issued_at = now - age;
    let token = Token {
        id: TokenId::random(issued_at, fresh().unwrap()).0,
        issued_at,
        site_key: "6Lexample".to_owned(),
        project: "shop".to_owned(),
        action: "login\u{1b}[2J".to_owned(),
        hostname: Some("www.shop.example".to_owned()),
        address: [198, 51, 100, 7].into(),
        user_agent: "Mozilla/5.0".to_owned(),
        user_agent_hash: 0,
        client_signals_failed: false,
        signer: 0,
        tls_client: 0,
        facts: observe(&report, &Transport::default()).encode(),
        page: [0; 16],
        sketch: vec![],
        challenge: ChallengeOutcome::None,
    };
    token
        .seal(&data.ring().unwrap(), fresh().unwrap(), now)
        .unwrap()
}

fn output(data: &Path, arguments: &[&str]) -> Output {
    command(data, arguments).output().unwrap()
}

fn command(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_touchstone"));
    command.arg("--data").arg(data).args(["--log", "error"]);
    command.args(arguments).stdin(Stdio::null());
    command
}
