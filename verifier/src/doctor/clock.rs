use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tempfile::NamedTempFile;

use super::{Finding, Setup, existing};

/// The machine's clock against the file system's, which is another one where the disk is another machine's. The clocks of Redis are
/// compared with it by their own check.
pub(super) async fn check(setup: &Setup) -> Vec<Finding> {
    let now = UNIX_EPOCH + Duration::from_millis(setup.now);
    if now < UNIX_EPOCH + Duration::from_secs(RELEASED_S) {
        return vec![Finding::problem(
            "the clock is years behind: every token would be from the future",
            "set the clock and keep it with NTP (timedatectl set-ntp true)",
        )];
    }
    let folder = existing(&setup.data.data);
    let written = NamedTempFile::new_in(folder).and_then(|file| file.as_file().metadata());
    let Ok(written) = written.and_then(|data| data.modified()) else {
        return vec![Finding::ok("runs; the file system's could not be seen")];
    };
    let apart = distance(SystemTime::now(), written);
    vec![match apart {
        apart if apart > APART => Finding::warning(
            format!("the file system's clock is {} s off", apart.as_secs()),
            "keep both clocks with NTP",
        ),
        _ => Finding::ok("agrees with the file system's"),
    }]
}

pub(super) fn distance(one: SystemTime, other: SystemTime) -> Duration {
    one.duration_since(other)
        .or_else(|_| other.duration_since(one))
        .unwrap_or_default()
}

/// Clocks further apart than this are worth a look. Tokens bear 60 seconds.
pub(super) const APART: Duration = Duration::from_secs(5);
/// November 2026.
const RELEASED_S: u64 = 1_793_491_200;
