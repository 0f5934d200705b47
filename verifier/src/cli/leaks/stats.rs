use std::path::Path;

use clap::Args;
use data_encoding::HEXLOWER;
use serde_json::json;
use touchstone_leaks::stats;

use super::{CliError, NOTHING, print};
use crate::leaks::database;

#[derive(Debug, Args)]
pub(in super::super) struct Stats {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: &Stats, data: &Path) -> Result<(), CliError> {
    let Some(stats) = stats(&database(data))? else {
        return Err(NOTHING.into());
    };
    let epoch = HEXLOWER.encode(&stats.epoch);
    let bucket = |bucket: touchstone_leaks::Bucket| HEXLOWER.encode(&bucket.to_bytes());
    let value = json!({
        "epoch": epoch,
        "prefixes": stats.prefixes,
        "buckets": stats.buckets,
        "largestBucket": stats.largest.map(|(id, prefixes)| json!({"bucket": bucket(id), "prefixes": prefixes})),
        "pwnedPasswords": stats.pwned,
        "bytes": stats.bytes,
        "listsDone": stats.lists_done,
        "listsOpen": stats.lists_open,
    });
    let largest = stats.largest.map_or_else(
        || "none".to_owned(),
        |(id, prefixes)| format!("{prefixes} ({})", bucket(id)),
    );
    let text = format!(
        "epoch             {epoch}\n\
         match prefixes    {}\n\
         buckets           {}\n\
         largest bucket    {largest}\n\
         pwned passwords   {}\n\
         bytes             {}\n\
         lists             {} done, {} begun",
        stats.prefixes, stats.buckets, stats.pwned, stats.bytes, stats.lists_done, stats.lists_open
    );
    print(command.json, &value, &text);
    Ok(())
}
