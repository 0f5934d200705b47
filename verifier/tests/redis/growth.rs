//! What an assessment costs, with one verifier, two and four on a cluster of three primaries: it should be the same.
//!
//! On one machine time cannot show that, since all share its processors. Instructions can (by callgrind), and so can what
//! Redis was sent. With `--thorough` only; `TOUCHSTONE_GROWTH_SERVER` names another build of the server than the test's own.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Arc,
};

use touchstone::environment::{Clock, SystemClock, fresh};
use touchstone_protocol::fnv1a64;
use touchstone_score::{Transport, observe};
use touchstone_token::{ChallengeOutcome, KeyRing, Token, TokenId};

use crate::{
    fleet::Fleet,
    force::backend::{Asked, Backend},
    force::server::{Customer, Server},
    kit::{USER_AGENT, quiet_report},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_assessment_costs_the_same_with_one_verifier_and_with_four() {
    if std::env::var_os("TOUCHSTONE_TEST_THOROUGH").is_none() {
        return;
    }
    let Some(fleet) = Fleet::on_cluster() else {
        return;
    };
    let customer = fleet.customer();
    println!("verifiers  instructions  scripts  reads  bytes in  bytes out  share of each primary");
    let mut costs = Vec::new();
    for verifiers in [1, 2, 4] {
        let cost = cost(&fleet, &customer, verifiers).await;
        println!(
            "{verifiers:9}  {:12.0}  {:7.3}  {:5.2}  {:8.0}  {:9.0}  {:.2?}",
            cost.instructions.unwrap_or_default(),
            cost.scripts,
            cost.reads,
            cost.bytes_in,
            cost.bytes_out,
            cost.shares
        );
        costs.push(cost);
    }
    println!("keys of the 64 parts: {:?}", fleet.keys_of_parts());
    let is_flat = |of: fn(&Cost) -> f64| (of(&costs[2]) / of(&costs[0]) - 1.0).abs() < 0.1;
    assert!(is_flat(|cost| cost.scripts));
    assert!(is_flat(|cost| cost.instructions.unwrap_or(1.0)));
    for cost in &costs {
        assert!((1.0..1.1).contains(&cost.scripts), "one round trip");
        assert!(cost.shares.iter().all(|share| (0.25..0.42).contains(share)));
    }
}

/// Of one assessment.
struct Cost {
    /// None without valgrind.
    instructions: Option<f64>,
    scripts: f64,
    reads: f64,
    bytes_in: f64,
    bytes_out: f64,
    shares: Vec<f64>,
}

async fn cost(fleet: &Fleet, customer: &Arc<Customer>, verifiers: usize) -> Cost {
    let folder = fleet.path(&format!("callgrind-{verifiers}"));
    fs::create_dir(&folder).unwrap();
    let mut servers = Vec::new();
    for _ in 0..verifiers {
        servers.push(start(fleet, &folder).await);
    }
    let ring = { fleet.open(&fleet.path("unused"), SystemClock.now()).await }
        .unwrap()
        .keys
        .ring;
    assess(&servers, customer, &ring, WARM_UP).await;
    for server in &servers {
        control("--zero", server.id());
    }
    let before = fleet.counters();
    assess(&servers, customer, &ring, ASSESSMENTS).await;
    let after = fleet.counters();
    for server in &servers {
        control("--dump", server.id());
    }
    let sum = |name: &str| {
        let grown = after.iter().zip(&before);
        let grown = grown.map(|(after, before)| after.of(name) - before.of(name));
        grown.sum::<f64>() / ASSESSMENTS as f64
    };
    let scripts = sum("evalsha");
    let of_primary = |n: usize| after[n].of("evalsha") - before[n].of("evalsha");
    let all = scripts * ASSESSMENTS as f64;
    let cost = Cost {
        instructions: instructions(&folder).map(|sum| sum / ASSESSMENTS as f64),
        scripts,
        reads: sum("total_reads_processed"),
        bytes_in: sum("total_net_input_bytes"),
        bytes_out: sum("total_net_output_bytes"),
        shares: (0..after.len()).map(|n| of_primary(n) / all).collect(),
    };
    for server in servers {
        server.kill().await;
    }
    cost
}

/// A verifier under callgrind, if that is there.
async fn start(fleet: &Fleet, folder: &Path) -> Server {
    let mut command = fleet.command();
    if has_callgrind() {
        command.args(["valgrind", "--tool=callgrind"]);
        command.arg(format!("--callgrind-out-file={}/out.%p", folder.display()));
    }
    let own = || env!("CARGO_BIN_EXE_touchstone").into();
    command.arg(std::env::var_os("TOUCHSTONE_GROWTH_SERVER").unwrap_or_else(own));
    Server::spawn_by(command, &fleet.path("unused"))
        .ready()
        .await
}

/// Spends as many tokens as told, in turn at each verifier.
async fn assess(servers: &[Server], customer: &Arc<Customer>, ring: &KeyRing, count: usize) {
    let now = SystemClock.now();
    let tokens: Vec<String> = (0..count).map(|_| mint(customer, ring, now)).collect();
    let each = servers.iter().enumerate().map(|(n, server)| {
        let backend = Backend::new(server.address, customer.clone());
        let tokens = tokens.iter().skip(n).step_by(servers.len()).cloned();
        let tokens: Vec<String> = tokens.collect();
        tokio::spawn(async move {
            for token in tokens {
                let idempotency = None;
                let told = backend.assess(&Asked { token, idempotency }).await.unwrap();
                assert!(told.valid, "{}", told.reason);
            }
        })
    });
    for worker in each.collect::<Vec<_>>() {
        worker.await.unwrap();
    }
}

/// As the verifier seals it, without the requests of a page.
fn mint(customer: &Customer, ring: &KeyRing, now: u64) -> String {
    let token = Token {
        id: TokenId::random(now, fresh().unwrap()).0,
        issued_at: now,
        site_key: customer.site_key.clone(),
        project: "shop".to_owned(),
        action: "login".to_owned(),
        hostname: Some("www.shop.example".to_owned()),
        address: [198, 51, 100, 7].into(),
        user_agent: USER_AGENT.to_owned(),
        user_agent_hash: fnv1a64(USER_AGENT.as_bytes()),
        client_signals_failed: false,
        signer: 0,
        tls_client: 0,
        facts: observe(&quiet_report(), &Transport::default()).encode(),
        page: fresh().unwrap(),
        sketch: vec![],
        challenge: ChallengeOutcome::None,
    };
    token.seal(ring, fresh().unwrap(), now).unwrap()
}

fn has_callgrind() -> bool {
    let asked = Command::new("callgrind_control").arg("--help").output();
    asked.is_ok()
}

fn control(what: &str, id: u32) {
    if has_callgrind() {
        let mut command = Command::new("callgrind_control");
        let command = command.args([what, &id.to_string()]);
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        assert!(status.unwrap().success(), "callgrind_control {what} {id}");
    }
}

/// The sum of what all processes dumped.
fn instructions(folder: &Path) -> Option<f64> {
    let files: Vec<PathBuf> = { fs::read_dir(folder).unwrap() }
        .map(|entry| entry.unwrap().path())
        .collect();
    let totals = files.iter().filter_map(|file| {
        let text = fs::read_to_string(file).unwrap();
        let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
        total.and_then(|total| total.trim().parse::<f64>().ok())
    });
    let totals: Vec<f64> = totals.collect();
    (!totals.is_empty()).then(|| totals.iter().sum())
}

/// What a primary counts.
pub struct Counters(pub BTreeMap<String, f64>);

impl Counters {
    fn of(&self, name: &str) -> f64 {
        self.0.get(name).copied().unwrap_or_default()
    }
}

const WARM_UP: usize = 60;
const ASSESSMENTS: usize = 600;
