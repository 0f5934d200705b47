//! What was read of the visits that other verifiers recorded in the same store.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
};

use touchstone_store::{KeptSketch, Millis};

/// Which records are known, and behind which one to read on.
///
/// Numbers follow the clocks of the verifiers that gave them, so one may turn up below others that were read already. The
/// last [`OVERLAP_MS`] are therefore read again each time, and what is known among them is passed over.
#[derive(Debug, Default)]
pub(super) struct Followed {
    cursor: u64,
    known: HashMap<u64, Known>,
    hasher: RandomState,
}

#[derive(Debug)]
struct Known {
    at: u64,
    /// 0 until it is read.
    number: u64,
}

impl Followed {
    /// The number behind which to read on.
    pub(super) fn cursor(&self) -> u64 {
        self.cursor
    }

    /// Takes down a visit that this verifier adds itself.
    pub(super) fn add_own(&mut self, record: &[u8], at: u64) {
        let hash = self.hasher.hash_one(record);
        self.known.insert(hash, Known { at, number: 0 });
    }

    /// Takes down a record that was read; whether it is new.
    pub(super) fn is_new(&mut self, sketch: &KeptSketch, at: u64) -> bool {
        let hash = self.hasher.hash_one(&sketch.bytes[..]);
        let number = sketch.number;
        self.known.insert(hash, Known { at, number }).is_none()
    }

    /// Lets go of what is too old to be read again.
    pub(super) fn settle(&mut self, now: Millis) {
        let until = now.before(OVERLAP_MS).0;
        let cursor = &mut self.cursor;
        self.known.retain(|_, known| {
            let stays = known.at > until;
            if !stays {
                *cursor = known.number.max(*cursor);
            }
            stays
        });
    }
}

/// How far the clocks of verifiers may differ without a visit being missed.
const OVERLAP_MS: u64 = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(number: u64) -> KeptSketch {
        KeptSketch {
            number,
            bytes: number.to_be_bytes().to_vec(),
        }
    }

    #[test]
    fn what_is_read_twice_is_new_once_and_own_visits_never() {
        let mut followed = Followed::default();
        followed.add_own(&sketch(3).bytes, 1_000);
        assert!(!followed.is_new(&sketch(3), 1_000));
        assert!(followed.is_new(&sketch(4), 1_000));
        assert!(!followed.is_new(&sketch(4), 1_000));
    }

    #[test]
    fn reading_goes_on_behind_what_is_old_and_nothing_is_kept_of_it() {
        let mut followed = Followed::default();
        for (number, at) in [(5, 20_000), (7, 12_000), (9, 25_000)] {
            followed.is_new(&sketch(number), at);
        }
        followed.settle(Millis(22_000));
        assert_eq!((followed.cursor(), followed.known.len()), (7, 2));
        followed.settle(Millis(40_000));
        assert_eq!((followed.cursor(), followed.known.len()), (9, 0));
    }
}
