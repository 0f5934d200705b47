//! Requests a second of everything there is to compare, by turns.

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    Failure, Options,
    client::{self, Work},
    peers::{self, Peer},
    pin::Processors,
    run::{Run, Spread},
    server::{Role, Server, itself},
    site::{Site, to_path},
    visits::Visit,
};

/// Measures every arm once in each round, so that whatever else the machine does meets them alike.
pub async fn measure(options: &Options) -> Result<Value, Failure> {
    let processors = Processors::choose()?;
    let folder = tempfile::tempdir()?;
    let mut bench = Bench::start(&folder, processors).await?;
    println!(
        "{} rounds of {} requests; server and client {}",
        options.rounds,
        options.requests,
        if processors.are_two() {
            "on a processor each"
        } else {
            "share a processor"
        }
    );
    let arms = bench.arms();
    let mut runs: Vec<Vec<Run>> = vec![Vec::new(); arms.len()];
    for round in 0..=options.rounds {
        // The first round warms up, with fewer requests.
        let requests = if round == 0 {
            WARM_UP
        } else {
            options.requests
        };
        for (arm, runs) in arms.iter().zip(&mut runs) {
            let run = bench.run(arm, requests).await;
            let run = run.map_err(|fault| format!("{arm:?}: {fault}"))?;
            if round > 0 {
                runs.push(run);
            }
        }
    }
    Ok(told(&arms, &runs))
}

/// One thing to measure.
#[derive(Debug, Clone, Copy)]
struct Arm {
    what: Asked,
    connections: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// Assessments.
    Assess(Visit),
    /// The same requests and as long answers, but nothing behind them.
    HelloAssess,
    /// Tokens.
    Issue(Visit),
    /// The same for them.
    HelloIssue(Visit),
    /// A peer, by its place.
    Peer(usize),
}

struct Bench {
    touchstone: Server,
    hello: Server,
    peers: Vec<Peer>,
    site: Site,
    assessment_bytes: usize,
    token_bytes: usize,
}

impl Bench {
    async fn start(folder: &TempDir, processors: Processors) -> Result<Self, Failure> {
        let data = folder.path().join("data");
        let mut site = Site::create(&data)?;
        let touchstone = Server::touchstone(&data, processors)?;
        let log = folder.path().join("hello.log");
        let hello = Server::that_says_where(itself(Role::HELLO)?, &log, processors)?;
        let answered = async |work: &Work| {
            let request = work.requests.first().ok_or("no request")?;
            Ok::<_, Failure>(client::ask(touchstone.address, request).await?.len())
        };
        let assessment_bytes = answered(&site.assessments(1, Visit::Quiet)?).await?;
        let token_bytes = answered(&site.reports(1, Visit::Quiet)?).await?;
        println!("an assessment has {assessment_bytes} bytes, a token {token_bytes}");
        Ok(Self {
            peers: peers::start(folder.path(), processors)?,
            touchstone,
            hello,
            site,
            assessment_bytes,
            token_bytes,
        })
    }

    fn arms(&self) -> Vec<Arm> {
        let mut asked = vec![
            Asked::HelloAssess,
            Asked::Assess(Visit::Quiet),
            Asked::Assess(Visit::Busy),
            Asked::HelloIssue(Visit::Quiet),
            Asked::Issue(Visit::Quiet),
            Asked::HelloIssue(Visit::Busy),
            Asked::Issue(Visit::Busy),
        ];
        asked.extend((0..self.peers.len()).map(Asked::Peer));
        let with = |what| CONNECTIONS.map(|connections| Arm { what, connections });
        asked.into_iter().flat_map(with).collect()
    }

    async fn run(&mut self, arm: &Arm, requests: usize) -> Result<Run, Failure> {
        let site = &mut self.site;
        let (server, work) = match arm.what {
            Asked::Assess(visit) => (&self.touchstone, site.assessments(requests, visit)?),
            Asked::Issue(visit) => (&self.touchstone, site.reports(requests, visit)?),
            Asked::HelloAssess => {
                let work = site.assessments(requests, Visit::Quiet)?;
                (
                    &self.hello,
                    to_path(&work, &format!("/{}", self.assessment_bytes)),
                )
            }
            Asked::HelloIssue(visit) => {
                let work = site.reports(requests, visit)?;
                (
                    &self.hello,
                    to_path(&work, &format!("/{}", self.token_bytes)),
                )
            }
            Asked::Peer(place) => {
                let peer = self.peers.get(place).ok_or("no such peer")?;
                (&peer.server, peer.work(requests).await?)
            }
        };
        Run::of(server, &work, arm.connections).await
    }
}

fn told(arms: &[Arm], runs: &[Vec<Run>]) -> Value {
    let per_processor = |place: usize| Spread::of(&runs[place], |run| run.per_processor_second);
    println!(
        "{:<34} {:>4} {:>28} {:>28} {:>22} {:>22} {:>18} {:>8}",
        "", "c", "per second", "per processor second", "p50 ms", "p99 ms", "refused %", "of hyper"
    );
    let mut figures = Vec::new();
    for (place, (arm, runs)) in arms.iter().zip(runs).enumerate() {
        let name = arm.what.name();
        let baseline = arms.iter().position(|other| {
            other.connections == arm.connections && Some(other.what) == arm.what.baseline()
        });
        let share =
            baseline.map(|baseline| per_processor(place).median / per_processor(baseline).median);
        let [rate, processor, p50, p99, refused] = [
            |run: &Run| run.per_second,
            |run: &Run| run.per_processor_second,
            |run: &Run| run.p50_ms,
            |run: &Run| run.p99_ms,
            |run: &Run| run.refused * 100.0,
        ]
        .map(|figure| Spread::of(runs, figure));
        println!(
            "{name:<34} {:>4} {:>28} {:>28} {:>22} {:>22} {:>18} {:>8}",
            arm.connections,
            rate.cell(0),
            processor.cell(0),
            p50.cell(2),
            p99.cell(2),
            refused.cell(1),
            share.map_or(String::new(), |share| format!("{:.0} %", share * 100.0)),
        );
        figures.push(json!({
            "what": name, "connections": arm.connections, "perSecond": rate, "perProcessorSecond": processor,
            "p50Ms": p50, "p99Ms": p99, "refusedPercent": refused, "ofHyper": share,
        }));
    }
    Value::Array(figures)
}

impl Asked {
    fn name(self) -> String {
        match self {
            Self::Assess(visit) => format!("assessment of a {} visit", visit.name()),
            Self::HelloAssess => "hyper alone, as an assessment".to_owned(),
            Self::Issue(visit) => format!("token of a {} visit", visit.name()),
            Self::HelloIssue(visit) => format!("hyper alone, as a {} token", visit.name()),
            Self::Peer(place) => peers::NAMES
                .get(place)
                .copied()
                .unwrap_or_default()
                .to_owned(),
        }
    }

    /// What it is compared with.
    fn baseline(self) -> Option<Self> {
        match self {
            Self::Assess(_) => Some(Self::HelloAssess),
            Self::Issue(visit) => Some(Self::HelloIssue(visit)),
            Self::HelloAssess | Self::HelloIssue(_) | Self::Peer(_) => None,
        }
    }
}

/// Raised until the rate no longer rises.
const CONNECTIONS: [usize; 3] = [32, 128, 512];
const WARM_UP: usize = 2_000;
