use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::SystemTime,
};

use arc_swap::ArcSwap;
use touchstone_token::{KeyRing, Millis};

use crate::data::{DataDir, DataError};

/// The key ring in use. Follows rotations by another process within [`RingKeeper::LOOK_EVERY_MS`].
pub struct RingKeeper {
    data: DataDir,
    ring: ArcSwap<KeyRing>,
    seen: Mutex<Option<(u64, SystemTime)>>,
    looked_at: AtomicU64,
}

impl RingKeeper {
    /// How often the ring file is looked at: every two seconds, a fifth of the time that a new key is published ahead.
    pub const LOOK_EVERY_MS: u64 = 2_000;

    /// Reads the ring of a data directory.
    pub fn new(data: DataDir) -> Result<Self, DataError> {
        let seen = Mutex::new(data.ring_stamp());
        let ring = ArcSwap::from_pointee(data.ring()?);
        Ok(Self {
            data,
            ring,
            seen,
            looked_at: AtomicU64::new(0),
        })
    }

    /// The ring as it is now.
    pub fn ring(&self) -> Arc<KeyRing> {
        self.ring.load_full()
    }

    /// Reads the file again if it changed. A file that cannot be read keeps the ring in use, and is logged.
    pub fn look(&self) {
        let changed = self.data.ring_stamp();
        let Ok(mut seen) = self.seen.lock() else {
            return;
        };
        if *seen == changed {
            return;
        }
        match self.data.ring() {
            Ok(ring) => {
                tracing::info!(?ring, "the key ring changed");
                self.ring.store(Arc::new(ring));
                *seen = changed;
            }
            Err(error) => {
                tracing::error!(%error, "the new key ring cannot be read; the old one stays in use")
            }
        }
    }

    /// For a blob that names a key this ring does not hold: looks once, at most once a second, whoever asks. Answers
    /// whether it looked, so that the caller tries again.
    pub fn look_for_unknown(&self, now: Millis) -> bool {
        let last = self.looked_at.load(Ordering::Relaxed);
        if now < last.saturating_add(1_000) {
            return false;
        }
        let mine = self
            .looked_at
            .compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed)
            .is_ok();
        if mine {
            self.look();
        }
        mine
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rotation_by_another_process_is_picked_up_once_a_second_at_most() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::open(dir.path(), None, 1_000).unwrap();
        let keeper = RingKeeper::new(data.clone()).unwrap();
        data.rotate_ring(2_000).unwrap();
        assert_eq!(keeper.ring().keys().count(), 1);
        assert!(keeper.look_for_unknown(10_000));
        assert_eq!(keeper.ring().keys().count(), 2);
        assert!(!keeper.look_for_unknown(10_999));
        assert!(keeper.look_for_unknown(11_000));
    }
}
