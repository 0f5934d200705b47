//! How long the disk itself takes to say that something is safe.

use std::{
    fs::File,
    io::Write,
    path::Path,
    time::{Duration, Instant},
};

use crate::Failure;

/// Writes a page at the end of a new file in `folder` and waits for the disk, again and again: what a log of writes costs
/// at least.
///
/// # Errors
/// The file cannot be written.
pub fn syncs(folder: &Path, times: usize) -> Result<Vec<Duration>, Failure> {
    let path = folder.join("syncs");
    let mut file = File::create(&path)?;
    let mut durations = Vec::with_capacity(times);
    for _ in 0..times {
        let begin = Instant::now();
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        durations.push(begin.elapsed());
    }
    std::fs::remove_file(&path)?;
    Ok(durations)
}
