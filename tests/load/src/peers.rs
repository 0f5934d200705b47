//! Other makers' servers, where they are installed: `peers/install.sh`. Each is a small program around their published
//! package, and checks proofs that it has made itself beforehand, each once.

use std::{path::Path, process::Command};

use crate::{
    Failure,
    client::{self, Work},
    pin::Processors,
    server::Server,
    site::post,
};

/// A peer that runs.
pub struct Peer {
    /// Where.
    pub server: Server,
}

/// The programs in `peers/`, in the order in which they are started.
pub const NAMES: [&str; 2] = ["altcha", "cap"];

/// Starts them, or says how to install them.
///
/// # Errors
/// One that is installed does not start.
pub fn start(folder: &Path, processors: Processors) -> Result<Vec<Peer>, Failure> {
    let home = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/peers"));
    if !home.join("node_modules").is_dir() {
        println!(
            "peers are left out, since they are not installed: run tests/load/peers/install.sh"
        );
        return Ok(Vec::new());
    }
    let start = |name: &str| {
        let mut command = Command::new("node");
        command.arg(format!("{name}.mjs")).current_dir(home);
        let log = folder.join(format!("{name}.log"));
        let server = Server::that_says_where(command, &log, processors)?;
        Ok(Peer { server })
    };
    NAMES.into_iter().map(start).collect()
}

impl Peer {
    /// So many requests to check a proof, each another one. The peer makes them, outside of what is measured.
    ///
    /// # Errors
    /// It does not.
    pub async fn work(&self, requests: usize) -> Result<Work, Failure> {
        let mint = post(&format!("/mint?count={requests}"), &[], b"");
        let bodies = client::ask(self.server.address, &mint).await?;
        let bodies: Vec<String> = serde_json::from_slice(&bodies)?;
        let headers = [("content-type", "application/json")];
        let requests = bodies
            .iter()
            .map(|body| post("/verify", &headers, body.as_bytes()));
        Ok(Work {
            requests: requests.collect(),
            expected: b"\"success\":true",
        })
    }
}
