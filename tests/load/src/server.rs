//! A server under test: a process of its own, pinned to its processor, with a log in a file.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{Failure, pin::Processors};

/// Names the part that this program plays when it starts itself.
pub const ROLE: &str = "LOAD_ROLE";

/// The parts, as the values of [`ROLE`].
pub struct Role;

impl Role {
    /// `touchstone`, with the command line that follows.
    pub const TOUCHSTONE: &str = "touchstone";
    /// A server that does nothing but HTTP.
    pub const HELLO: &str = "hello";
}

/// A server that answers. It ends when this is dropped.
pub struct Server {
    /// Where it answers.
    pub address: SocketAddr,
    child: Child,
}

impl Server {
    /// `touchstone serve` on a data directory, as it ships: every request is logged, to a file.
    pub fn touchstone(data: &Path, processors: Processors) -> Result<Self, Failure> {
        Self::touchstone_by(itself(Role::TOUCHSTONE)?, data, processors)
    }

    /// The same by a command whose last arguments are to be those of the server.
    pub fn touchstone_by(
        mut command: Command,
        data: &Path,
        processors: Processors,
    ) -> Result<Self, Failure> {
        command
            .arg("serve")
            .arg("--data")
            .arg(data)
            .args(["--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"])
            .args(["--quota-per-minute", "0", "--pow", "off"])
            .args(["--log-format", "json"]);
        let log = data.join("log");
        Self::start(command, &log, processors, |line| {
            let entry: serde_json::Value = serde_json::from_str(line).ok()?;
            let address = entry["address"].as_str()?;
            (entry["message"] == "serving").then(|| address.to_owned())
        })
    }

    /// A server that says `listening ADDRESS` on its standard error.
    pub fn that_says_where(
        command: Command,
        log: &Path,
        processors: Processors,
    ) -> Result<Self, Failure> {
        Self::start(command, log, processors, |line| {
            line.strip_prefix("listening ").map(str::to_owned)
        })
    }

    fn start(
        mut command: Command,
        log: &Path,
        processors: Processors,
        address_in: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Failure> {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(fs::File::create(log)?);
        let mut child = processors.on_servers(|| command.spawn())??;
        let begin = Instant::now();
        loop {
            let text = fs::read_to_string(log)?;
            if let Some(address) = text.lines().find_map(&address_in) {
                let address = address.trim().parse()?;
                return Ok(Self { address, child });
            }
            let ended = child.try_wait()?;
            if ended.is_some() || begin.elapsed() > PATIENCE {
                let _ = child.kill();
                return Err(format!("the server did not start: {ended:?} {text}").into());
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Processor time that it has used, of all its threads that live.
    pub fn processor_time(&self) -> Result<Duration, Failure> {
        let mut nanoseconds = 0;
        for thread in fs::read_dir(self.proc("task"))? {
            // A thread may end between the two reads.
            let spent = fs::read_to_string(thread?.path().join("schedstat")).unwrap_or_default();
            let spent = spent.split(' ').next().unwrap_or_default();
            nanoseconds += spent.parse::<u64>().unwrap_or_default();
        }
        Ok(Duration::from_nanos(nanoseconds))
    }

    /// Resident memory in bytes.
    pub fn resident(&self) -> Result<u64, Failure> {
        let status = fs::read_to_string(self.proc("status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
        Ok(kilobytes.ok_or("no VmRSS")?.parse::<u64>()? * 1024)
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as an operator does, and waits for that.
    pub fn stop(mut self) -> Result<(), Failure> {
        if let Some(id) = rustix::process::Pid::from_raw(self.child.id().cast_signed()) {
            rustix::process::kill_process(id, rustix::process::Signal::TERM)?;
        }
        self.child.wait()?;
        Ok(())
    }

    fn proc(&self, what: &str) -> PathBuf {
        format!("/proc/{}/{what}", self.child.id()).into()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// This program, in another part.
pub fn itself(role: &str) -> Result<Command, Failure> {
    let mut command = Command::new(std::env::current_exe()?);
    command.env_clear().env(ROLE, role);
    Ok(command)
}

const PATIENCE: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(20);
