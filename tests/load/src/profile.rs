//! Instructions by request, which repeat where times do not.

use std::{path::Path, process::Command};

use serde_json::{Value, json};

use crate::{
    Failure, Options,
    client::{self, Work},
    pin::Processors,
    server::{ROLE, Role, Server},
    site::Site,
    visits::Visit,
};

/// Runs the server under valgrind's callgrind, and counts from outside: the instructions of two loads, one larger than the
/// other, divided by the difference.
pub async fn measure(_: &Options) -> Result<Value, Failure> {
    println!("{:<34} {:>14}", "", "instructions");
    let mut figures = Vec::new();
    let arms = [
        ("assessment", Visit::Quiet),
        ("assessment", Visit::Busy),
        ("token", Visit::Quiet),
        ("token", Visit::Busy),
    ];
    for (what, visit) in arms {
        let work = |site: &mut Site, count| match what {
            "assessment" => site.assessments(count, visit),
            _ => site.reports(count, visit),
        };
        let name = format!("{what} of a {} visit", visit.name());
        let file = format!("/tmp/callgrind.{what}-{}", visit.name());
        let instructions = count(Path::new(&file), work).await?;
        println!("{name:<34} {instructions:>14} {file}");
        figures.push(json!({"what": name, "instructions": instructions}));
    }
    Ok(figures.into())
}

/// Instructions of a request, one after the other on one connection. The profile of them alone is left in `file`.
async fn count(
    file: &Path,
    mut work: impl FnMut(&mut Site, usize) -> Result<Work, Failure>,
) -> Result<u64, Failure> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let mut site = Site::create(&data)?;
    let mut valgrind = Command::new("valgrind");
    valgrind
        .env(ROLE, Role::TOUCHSTONE)
        .args([
            "--tool=callgrind",
            "--dump-instr=no",
            "--separate-threads=no",
        ])
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(std::env::current_exe()?);
    let server = Server::touchstone_by(valgrind, &data, Processors::choose()?)?;
    client::send(server.address, &work(&mut site, WARM_UP)?, 1).await?;
    control(&server, "--zero")?;
    client::send(server.address, &work(&mut site, REQUESTS)?, 1).await?;
    control(&server, "--dump")?;
    server.stop()?;
    // The dump is the file with a number; the file itself has what came after.
    let dump = format!("{}.1", file.display());
    let text = std::fs::read_to_string(&dump)?;
    std::fs::rename(&dump, file)?;
    let total = text.lines().find_map(|line| line.strip_prefix("summary: "));
    let total: u64 = total.ok_or("a profile without a sum")?.trim().parse()?;
    Ok(total / REQUESTS as u64)
}

fn control(server: &Server, what: &str) -> Result<(), Failure> {
    let mut command = Command::new("callgrind_control");
    let output = command.arg(what).arg(server.id().to_string()).output()?;
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).into()),
    }
}

const WARM_UP: usize = 200;
const REQUESTS: usize = 1_000;
