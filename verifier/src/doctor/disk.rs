use std::{
    fs::File,
    io::{self, Write},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use rustix::fs::statvfs;
use tempfile::NamedTempFile;

use super::{Finding, Setup, existing};
use crate::config::StoreConfig;

/// Room, and how long the disk takes to say that something is safe: a commit waits for that.
pub(super) async fn check(setup: &Setup) -> Vec<Finding> {
    let folder = folder(setup);
    let mut found = Vec::new();
    match statvfs(&folder) {
        Ok(stat) => found.push(room(
            stat.f_bavail * stat.f_frsize,
            stat.f_favail,
            stat.f_files,
        )),
        Err(error) => found.push(unseen(&folder, &error.into())),
    }
    if let StoreConfig::Sqlite(_) = setup.data.store {
        found.extend(keeping(&folder));
        found.push(match sync_times(&folder) {
            Ok(times) => syncing(&times),
            Err(error) => unseen(&folder, &error),
        });
    }
    found
}

/// Where the database grows.
fn folder(setup: &Setup) -> PathBuf {
    let database = setup.data.store.database().and_then(Path::parent);
    let named = database.filter(|path| !path.as_os_str().is_empty());
    existing(named.unwrap_or(&setup.data.data))
}

fn room(free: u64, free_files: u64, files: u64) -> Finding {
    let megabytes = free / 1_000_000;
    let shown = match megabytes {
        0..10_000 => format!("{megabytes} MB free"),
        _ => format!("{} GB free", megabytes / 1_000),
    };
    let advice = "make room, or keep assessments for fewer days (--retention-days)";
    // Some file systems have no fixed number of files, and say 0.
    if files > 0 && free_files < 100 {
        return Finding::problem(format!("room for {free_files} more files"), advice);
    }
    match megabytes {
        0..100 => Finding::problem(shown, advice),
        100..1_000 => Finding::warning(shown, advice),
        _ => Finding::ok(shown),
    }
}

fn syncing(times: &[Duration]) -> Finding {
    let (Some(median), Some(longest)) = (times.get(times.len() / 2), times.last()) else {
        return Finding::ok("not measured");
    };
    let ms = |time: &Duration| time.as_secs_f64() * 1e3;
    let what = format!(
        "a write is safe after {:.1} ms, at most {:.1} ms, of {}",
        ms(median),
        ms(longest),
        times.len()
    );
    let advice = "an assessment waits for one: use a local SSD for --data, not a network disk";
    if *median > SLOW_SYNC {
        Finding::warning(what, advice)
    } else {
        Finding::ok(what)
    }
}

/// Sorted times of `fdatasync` on a temporary file.
fn sync_times(folder: &Path) -> io::Result<Vec<Duration>> {
    let mut file = NamedTempFile::new_in(folder)?;
    let mut times = Vec::new();
    for _ in 0..SYNCS {
        let started = Instant::now();
        file.write_all(&[0x5a; 4_096])?;
        File::sync_data(file.as_file())?;
        times.push(started.elapsed());
    }
    times.sort();
    Ok(times)
}

/// File systems that forget, or that SQLite's log does not work on.
#[cfg(target_os = "linux")]
fn keeping(folder: &Path) -> Option<Finding> {
    let kind = rustix::fs::statfs(folder).ok()?.f_type;
    let (name, advice) = match u32::try_from(kind).ok()? {
        TMPFS => ("memory (tmpfs)", "what is spent is forgotten with it"),
        OVERLAY => (
            "a container's own layer",
            "it ends with the container: mount a volume",
        ),
        NFS | CIFS | SMB2 => (
            "a network file system",
            "SQLite's log needs a local disk; for several machines use --store redis://…",
        ),
        _ => return None,
    };
    let what = format!("{} is on {name}", folder.display());
    Some(Finding::warning(what, advice))
}

#[cfg(not(target_os = "linux"))]
fn keeping(_: &Path) -> Option<Finding> {
    None
}

fn unseen(folder: &Path, error: &io::Error) -> Finding {
    Finding::problem(
        format!("{}: {error}", folder.display()),
        "run the doctor as the user that serves",
    )
}

const SYNCS: usize = 20;
/// Above, people notice: a login waits for one sync at least.
const SLOW_SYNC: Duration = Duration::from_millis(20);
// statfs(2) lists them.
#[cfg(target_os = "linux")]
const TMPFS: u32 = 0x0102_1994;
#[cfg(target_os = "linux")]
const OVERLAY: u32 = 0x794c_7630;
#[cfg(target_os = "linux")]
const NFS: u32 = 0x6969;
#[cfg(target_os = "linux")]
const CIFS: u32 = 0xff53_4d42;
#[cfg(target_os = "linux")]
const SMB2: u32 = 0xfe53_4d42;

#[cfg(test)]
mod tests {
    use super::super::Level;
    use super::*;

    #[test]
    fn little_room_warns_and_none_is_a_problem() {
        for (free, files, level) in [
            (5_000_000_000, 1_000_000, Level::Ok),
            (500_000_000, 1_000_000, Level::Warning),
            (50_000_000, 1_000_000, Level::Problem),
            (5_000_000_000, 10, Level::Problem),
        ] {
            assert_eq!(room(free, files, 2_000_000).level, level, "{free} {files}");
        }
        assert_eq!(room(5_000_000_000, 0, 0).level, Level::Ok);
    }

    #[test]
    fn a_slow_disk_warns() {
        let times = |ms: u64| vec![Duration::from_millis(ms); 3];
        assert_eq!(syncing(&times(2)).level, Level::Ok);
        assert_eq!(syncing(&times(30)).level, Level::Warning);
    }
}
