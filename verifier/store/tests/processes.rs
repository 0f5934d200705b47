//! Several processes on one file, and a process that is killed. The other processes are this test program, started
//! again with its part in the environment.

#![allow(
    clippy::unwrap_used,
    reason = "test code: helpers of tests are not seen as such by the lint"
)]

use std::{
    env,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;
use touchstone_store::{
    AssessmentId, AssessmentRecord, Integration, Millis, NewAssessment, Outcome, SecretHash,
    SiteKey, Spend, Store, TokenId,
    sqlite::{Durability, SqliteOptions, SqliteStore},
};

#[tokio::test]
async fn an_answered_spend_survives_a_kill() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("store.db");
    for part in 0..3 {
        let mut child = start("spend-until-killed", &path, part);
        let answered: Vec<u32> = said_by(&mut child).take(300).collect();
        // SIGKILL on unix: no destructor, no flush.
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(answered.len(), 300);
        let store = open(&path);
        for n in answered {
            assert_eq!(
                store.assess(attempt(n, 77)).await,
                Ok(Outcome::Duplicate),
                "token {n}"
            );
        }
    }
}

#[tokio::test]
async fn processes_that_open_a_new_store_together_share_it() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("store.db");
    let mut children: Vec<_> = (0..6)
        .map(|part| start("create-key", &path, part))
        .collect();
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(
        open(&path).site_keys(None, None, 100).await.unwrap().len(),
        6
    );
}

#[test]
fn processes_open_a_token_once_between_them() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("store.db");
    let mut children: Vec<_> = (0..3)
        .map(|part| start("spend-the-same", &path, part))
        .collect();
    let mut firsts: Vec<u32> = children
        .iter_mut()
        .flat_map(|child| said_by(child).collect::<Vec<_>>())
        .collect();
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    firsts.sort_unstable();
    assert_eq!(firsts, (0..SAME).collect::<Vec<_>>());
}

/// The parts of the other processes; nothing to do when the test runner calls it.
#[tokio::test]
async fn part_of_another_process() {
    let Ok(part) = env::var(PART) else { return };
    let number: u8 = env::var(NUMBER).unwrap().parse().unwrap();
    let store = open(env::var(FILE).unwrap().as_ref());
    match part.as_str() {
        "spend-until-killed" => {
            for n in u32::from(number) * 1_000_000.. {
                assert_eq!(store.assess(attempt(n, number)).await, Ok(Outcome::First));
                println!("\n{SAY}{n}");
            }
        }
        "create-key" => store.create_site_key(key(number)).await.unwrap(),
        "spend-the-same" => {
            for n in 0..SAME {
                if store.assess(attempt(n, number)).await.unwrap() == Outcome::First {
                    println!("\n{SAY}{n}");
                }
            }
        }
        other => unreachable!("no part {other}"),
    }
}

fn start(part: &str, path: &Path, number: u8) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "part_of_another_process", "--nocapture"])
        .envs([(PART, part.as_ref()), (FILE, path.as_os_str())])
        .env(NUMBER, number.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The numbers that a process prints, among the lines of the test runner.
fn said_by(child: &mut Child) -> impl Iterator<Item = u32> + use<> {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines.filter_map(|line| line.unwrap().strip_prefix(SAY).map(|n| n.parse().unwrap()))
}

fn open(path: &Path) -> SqliteStore {
    let options = SqliteOptions {
        durability: Durability::Off,
        ..SqliteOptions::default()
    };
    SqliteStore::open(path, &options, NOW).unwrap()
}

fn attempt(n: u32, number: u8) -> NewAssessment {
    let mut tail = [0; 10];
    tail[..4].copy_from_slice(&n.to_be_bytes());
    let token_id = TokenId::new(NOW, tail);
    let mut other = AssessmentId::from(token_id);
    other.0[15] = number + 1;
    let spend = Spend {
        token_id,
        if_duplicate: record(other),
    };
    NewAssessment {
        record: record(token_id.into()),
        spend: Some(spend),
        idempotency: None,
        sketch: None,
        profile: None,
        day: NOW.day(),
        challenge: None,
        now: NOW,
    }
}

fn record(id: AssessmentId) -> AssessmentRecord {
    AssessmentRecord {
        id,
        project: "p".parse().unwrap(),
        site_key: key(0).id,
        created_at: NOW,
        action: "login".into(),
        score: 0.5,
        reasons: vec![],
        valid: true,
        invalid_reason: 0,
        account: None,
    }
}

fn key(n: u8) -> SiteKey {
    SiteKey {
        id: format!("6L{n:038}").parse().unwrap(),
        project: "p".parse().unwrap(),
        display_name: String::new(),
        integration: Integration::Score,
        allow_all_domains: true,
        domains: vec![],
        settings: vec![],
        policy: vec![],
        sealed_secret: vec![],
        secret_hash: SecretHash([n; 32]),
        created_at: NOW,
        revision: 0,
    }
}

const NOW: Millis = Millis(1_800_000_000_000);
/// Tokens over which several processes race.
const SAME: u32 = 300;
const SAY: &str = "spent ";
const PART: &str = "TOUCHSTONE_TEST_PART";
const FILE: &str = "TOUCHSTONE_TEST_FILE";
const NUMBER: &str = "TOUCHSTONE_TEST_NUMBER";
