//! Latency at 32 connections, on a disk and without one.

use std::path::Path;

use serde_json::{Value, json};

use crate::{
    Failure, Options, disk,
    pin::Processors,
    run::{Run, Spread, percentile},
    server::Server,
    site::Site,
    visits::Visit,
};

/// Latency of assessments whose data lies on the disk, beside that of the disk's own syncs, and of others whose data lies in
/// memory, where a sync costs nothing. All by turns.
pub async fn measure(options: &Options) -> Result<Value, Failure> {
    let processors = Processors::choose()?;
    let (on_disk, in_memory) = (tempfile::tempdir()?, tempfile::tempdir_in(MEMORY)?);
    let mut disk = Arm::start(on_disk.path(), processors)?;
    let mut memory = Arm::start(in_memory.path(), processors)?;
    let mut syncs = Vec::new();
    for round in 0..=options.rounds {
        let durations = disk::syncs(on_disk.path(), SYNCS)?;
        disk.run(options.requests).await?;
        memory.run(options.requests).await?;
        if round > 0 {
            syncs.push((
                percentile(durations.clone(), 0.5),
                percentile(durations, 0.99),
            ));
        }
    }
    println!("{:<44} {:>22} {:>22}", "", "p50 ms", "p99 ms");
    let row = |name: &str, p50: Spread, p99: Spread| {
        println!("{name:<44} {:>22} {:>22}", p50.cell(2), p99.cell(2));
        json!({"what": name, "p50Ms": p50, "p99Ms": p99})
    };
    let (p50, p99) = (
        Spread::of(&syncs, |run| run.0),
        Spread::of(&syncs, |run| run.1),
    );
    let limit = 2.0 * p99.median + 1.0;
    let rows = [
        row("fdatasync of 4 KiB", p50, p99),
        disk.row("assessment, every write synced", row),
        memory.row("assessment, data in memory", row),
    ];
    println!("limits of p99: {limit:.2} ms with the disk (twice its own and 1 ms), 3 ms without");
    Ok(rows.to_vec().into())
}

struct Arm {
    site: Site,
    server: Server,
    runs: Vec<Run>,
}

impl Arm {
    fn start(folder: &Path, processors: Processors) -> Result<Self, Failure> {
        let data = folder.join("data");
        Ok(Self {
            site: Site::create(&data)?,
            server: Server::touchstone(&data, processors)?,
            runs: Vec::new(),
        })
    }

    async fn run(&mut self, requests: usize) -> Result<(), Failure> {
        let work = self.site.assessments(requests, Visit::Quiet)?;
        self.runs
            .push(Run::of(&self.server, &work, CONNECTIONS).await?);
        Ok(())
    }

    fn row(&self, name: &str, row: impl Fn(&str, Spread, Spread) -> Value) -> Value {
        // The first round warms up.
        let runs = self.runs.get(1..).unwrap_or_default();
        let (p50, p99) = (|run: &Run| run.p50_ms, |run: &Run| run.p99_ms);
        row(name, Spread::of(runs, p50), Spread::of(runs, p99))
    }
}

const CONNECTIONS: usize = 32;
const SYNCS: usize = 500;
/// A file system in memory.
const MEMORY: &str = "/dev/shm";
