use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use arc_swap::ArcSwap;
use tokio::sync::Mutex;
use touchstone_token::{KeyRing, Millis};

use crate::data::{KeySource, Stamp};

/// The key ring in use. Follows rotations by other processes within [`RingKeeper::LOOK_EVERY_MS`].
pub struct RingKeeper {
    source: KeySource,
    ring: ArcSwap<KeyRing>,
    seen: Mutex<Seen>,
    looks: AtomicU64,
}

/// What was seen at the source, and when it was looked at for an unknown key.
struct Seen {
    stamp: Stamp,
    looked_at: Millis,
}

impl RingKeeper {
    /// How often the source is looked at: every two seconds, a fifth of the time that a new key is published ahead.
    pub const LOOK_EVERY_MS: u64 = 2_000;

    /// Keeps a ring that was read from its source, by its stamp.
    pub fn new(source: KeySource, ring: KeyRing, stamp: Stamp) -> Self {
        let seen = Seen {
            stamp,
            looked_at: 0,
        };
        Self {
            source,
            ring: ArcSwap::from_pointee(ring),
            seen: Mutex::new(seen),
            looks: AtomicU64::new(0),
        }
    }

    /// The ring as it is now.
    pub fn ring(&self) -> Arc<KeyRing> {
        self.ring.load_full()
    }

    /// Reads the ring again if it changed. One that cannot be read keeps the ring in use, and is logged.
    pub async fn look(&self) {
        let mut seen = self.seen.lock().await;
        self.look_at(&mut seen).await;
    }

    /// For a blob that names a key this ring does not hold: looks once, at most once a second, whoever asks. Answers
    /// whether somebody looked since the call, so that the caller tries again.
    pub async fn look_for_unknown(&self, now: Millis) -> bool {
        let before = self.looks.load(Ordering::Acquire);
        let mut seen = self.seen.lock().await;
        if self.looks.load(Ordering::Acquire) != before {
            return true;
        }
        if now < seen.looked_at.saturating_add(1_000) {
            return false;
        }
        seen.looked_at = now;
        self.look_at(&mut seen).await;
        true
    }

    async fn look_at(&self, seen: &mut Seen) {
        match self.source.ring_if_changed(&seen.stamp).await {
            Ok(None) => {}
            Ok(Some((ring, stamp))) => {
                tracing::info!(?ring, "the key ring changed");
                self.ring.store(Arc::new(ring));
                seen.stamp = stamp;
            }
            Err(error) => {
                tracing::error!(%error, "the key ring cannot be read; the one in use stays")
            }
        }
        self.looks.fetch_add(1, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{DataDir, LoadedKeys};

    #[tokio::test]
    async fn a_rotation_by_another_process_is_picked_up_once_a_second_at_most() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::open(dir.path(), None, 1_000).unwrap();
        let keys = LoadedKeys::from_files(data.clone()).unwrap();
        let keeper = RingKeeper::new(keys.source, keys.ring, keys.stamp);
        data.rotate_ring(2_000).unwrap();
        assert_eq!(keeper.ring().keys().count(), 1);
        assert!(keeper.look_for_unknown(10_000).await);
        assert_eq!(keeper.ring().keys().count(), 2);
        assert!(!keeper.look_for_unknown(10_999).await);
        assert!(keeper.look_for_unknown(11_000).await);
    }
}
