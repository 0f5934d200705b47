//! Memory of the server: idle, and what tokens add to it.

use serde_json::{Value, json};

use crate::{Failure, Options, client, pin::Processors, server::Server, site::Site, visits::Visit};

/// Resident memory just started, and after each of the steps that may add to it.
pub async fn measure(options: &Options) -> Result<Value, Failure> {
    let (processors, folder) = (Processors::choose()?, tempfile::tempdir()?);
    let data = folder.path().join("data");
    let mut site = Site::create(&data)?;
    let server = Server::touchstone(&data, processors)?;
    let mut figures = Vec::new();
    let mut last = server.resident()?;
    let mut row = |what: String, tokens: usize| -> Result<(), Failure> {
        let now = server.resident()?;
        let by_token = (tokens > 0).then(|| (now as f64 - last as f64) / tokens as f64);
        let shown = by_token.map_or(String::new(), |bytes| format!("{bytes:.0}"));
        println!("{what:<52} {:>8.1} MiB {shown:>8}", now as f64 / MIB);
        figures.push(json!({"what": what, "residentBytes": now, "bytesByToken": by_token}));
        last = now;
        Ok(())
    };
    println!("{:<52} {:>12} {:>8}", "", "resident", "by token");
    row("idle, just started".to_owned(), 0)?;
    // Buffers and caches of fixed size fill first.
    for (what, visit) in [("quiet", Visit::Quiet), ("busy", Visit::Busy)] {
        let (warm_up, tokens) = (WARM_UP, options.requests);
        client::send(server.address, &site.reports(warm_up, visit)?, CONNECTIONS).await?;
        client::send(
            server.address,
            &site.assessments(warm_up, visit)?,
            CONNECTIONS,
        )
        .await?;
        row(
            format!("after {warm_up} tokens and assessments ({what})"),
            0,
        )?;
        client::send(server.address, &site.reports(tokens, visit)?, CONNECTIONS).await?;
        row(format!("{tokens} more tokens issued"), tokens)?;
        client::send(
            server.address,
            &site.assessments(tokens, visit)?,
            CONNECTIONS,
        )
        .await?;
        row(format!("{tokens} more tokens assessed"), tokens)?;
    }
    Ok(figures.into())
}

const CONNECTIONS: usize = 32;
const WARM_UP: usize = 5_000;
const MIB: f64 = 1_048_576.0;
