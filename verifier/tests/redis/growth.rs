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
    time::{Duration, Instant},
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
    println!(
        "verifiers  instructions  ms of processor  scripts  reads  bytes in  bytes out  share of each primary"
    );
    let mut costs = Vec::new();
    for verifiers in [1, 2, 4] {
        let cost = cost(&fleet, &customer, verifiers).await;
        println!(
            "{verifiers:9}  {:12.0}  {:15.2}  {:7.3}  {:5.2}  {:8.0}  {:9.0}  {:.2?}",
            cost.instructions.unwrap_or_default(),
            cost.ticks * 10.0,
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
    let all_counted = costs.iter().all(|cost| cost.instructions.is_some());
    assert!(!all_counted || is_flat(|cost| cost.instructions.unwrap_or_default()));
    for cost in &costs {
        assert!((1.0..1.1).contains(&cost.scripts), "one round trip");
        assert!(cost.shares.iter().all(|share| (0.25..0.42).contains(share)));
    }
}

/// Of one assessment.
struct Cost {
    /// None without valgrind, or if it took too long.
    instructions: Option<f64>,
    /// Of 10 ms.
    ticks: f64,
    scripts: f64,
    reads: f64,
    bytes_in: f64,
    bytes_out: f64,
    shares: Vec<f64>,
}

async fn cost(fleet: &Fleet, customer: &Arc<Customer>, verifiers: usize) -> Cost {
    let opened = fleet.open(&fleet.path("unused"), SystemClock.now()).await;
    let ring = Arc::new(opened.unwrap().keys.ring);
    let instructions = match has_callgrind() {
        true => instructions(fleet, customer, &ring, verifiers).await,
        false => None,
    };
    let mut servers = Vec::new();
    for _ in 0..verifiers {
        servers.push(start(fleet, None).await);
    }
    assess(&servers, customer, &ring, WARM_UP).await;
    let before = (fleet.counters(), processor_ticks(&servers));
    assess(&servers, customer, &ring, COUNTED).await;
    let after = (fleet.counters(), processor_ticks(&servers));
    for server in servers {
        server.kill().await;
    }
    let grown = |name: &str| -> Vec<f64> {
        let pairs = after.0.iter().zip(&before.0);
        pairs
            .map(|(after, before)| after.of(name) - before.of(name))
            .collect()
    };
    let each = |name: &str| grown(name).iter().sum::<f64>() / COUNTED as f64;
    let scripts = grown("evalsha");
    let all: f64 = scripts.iter().sum();
    Cost {
        instructions,
        ticks: (after.1 - before.1) as f64 / COUNTED as f64,
        scripts: each("evalsha"),
        reads: each("total_reads_processed"),
        bytes_in: each("total_net_input_bytes"),
        bytes_out: each("total_net_output_bytes"),
        shares: scripts.iter().map(|of_one| of_one / all).collect(),
    }
}

/// Instructions of an assessment; none if it took so long that the verifiers pruned the store meanwhile.
async fn instructions(
    fleet: &Fleet,
    customer: &Arc<Customer>,
    ring: &Arc<KeyRing>,
    verifiers: usize,
) -> Option<f64> {
    let folder = fleet.path(&format!("callgrind-{verifiers}"));
    fs::create_dir(&folder).unwrap();
    let begun = Instant::now();
    let mut servers = Vec::new();
    for _ in 0..verifiers {
        servers.push(start(fleet, Some(&folder)).await);
    }
    assess(&servers, customer, ring, WARM_UP).await;
    for server in &servers {
        control("--zero", server.id());
    }
    assess(&servers, customer, ring, CALLGRIND).await;
    for server in &servers {
        control("--dump", server.id());
    }
    let took = begun.elapsed();
    for server in servers {
        server.kill().await;
    }
    if took > UNTIL_PRUNED {
        println!(
            "callgrind took {took:?}: its figures would count pruning, too; name a release build"
        );
        return None;
    }
    dumped(&folder).map(|sum| sum / CALLGRIND as f64)
}

/// What the processes used of the processors so far, in ticks of 10 ms.
fn processor_ticks(servers: &[Server]) -> u64 {
    let of = |server: &Server| {
        let stat = fs::read_to_string(format!("/proc/{}/stat", server.id())).unwrap();
        let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
        fields
            .skip(11)
            .take(2)
            .map(|ticks| ticks.parse::<u64>().unwrap())
            .sum::<u64>()
    };
    servers.iter().map(of).sum()
}

/// A verifier; under callgrind if there is a folder for what it finds.
async fn start(fleet: &Fleet, callgrind: Option<&Path>) -> Server {
    let mut command = fleet.command();
    if let Some(folder) = callgrind {
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
async fn assess(servers: &[Server], customer: &Arc<Customer>, ring: &Arc<KeyRing>, count: usize) {
    let share = count / servers.len();
    let each = servers.iter().map(|server| {
        let backend = Backend::new(server.address, customer.clone());
        let (customer, ring) = (customer.clone(), ring.clone());
        tokio::spawn(async move {
            for _ in 0..share {
                let token = mint(&customer, &ring, SystemClock.now());
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
    let mut command = Command::new("callgrind_control");
    let command = command.args([what, &id.to_string()]);
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.unwrap().success(), "callgrind_control {what} {id}");
}

/// The sum of what all processes dumped.
fn dumped(folder: &Path) -> Option<f64> {
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

const WARM_UP: usize = 40;
const CALLGRIND: usize = 240;
const COUNTED: usize = 2_000;
/// A verifier prunes when it starts and every minute from then on.
const UNTIL_PRUNED: Duration = Duration::from_secs(55);
