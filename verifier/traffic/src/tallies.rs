use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// What one process counted in a while, for others to add to theirs: a number for each subject, which is known by its keyed hash alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tallies(Vec<Tally>);

/// How often one subject was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Which plane its cells are in, below [`PLANES`].
    pub(crate) plane: u8,
    pub(crate) hash: u64,
    pub(crate) count: u32,
}

/// Bytes that are no tallies: those of another release, or damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TalliesError;

impl Tallies {
    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A byte of version, and 13 for each subject.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(1 + self.0.len() * TALLY_BYTES);
        bytes.push(VERSION);
        for tally in &self.0 {
            bytes.push(tally.plane);
            bytes.extend(tally.hash.to_be_bytes());
            bytes.extend(tally.count.to_be_bytes());
        }
        bytes
    }

    /// Reads what [`Tallies::encode`] wrote.
    ///
    /// # Errors
    /// They are of another version, incomplete, or more than one process tells at once.
    pub fn decode(bytes: &[u8]) -> Result<Self, TalliesError> {
        let Some((&VERSION, rest)) = bytes.split_first() else {
            return Err(TalliesError);
        };
        let (tallies, remainder) = rest.as_chunks::<TALLY_BYTES>();
        if !remainder.is_empty() || tallies.len() > MOST {
            return Err(TalliesError);
        }
        tallies
            .iter()
            .map(Tally::read)
            .collect::<Option<_>>()
            .map(Self)
            .ok_or(TalliesError)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Tally> {
        self.0.iter().copied()
    }
}

impl Tally {
    fn read(bytes: &[u8; TALLY_BYTES]) -> Option<Self> {
        let [plane, a, b, c, d, e, f, g, h, count @ ..] = *bytes;
        (plane < PLANES).then_some(Self {
            plane,
            hash: u64::from_be_bytes([a, b, c, d, e, f, g, h]),
            count: u32::from_be_bytes(count),
        })
    }
}

/// What was counted since it was last told. In stripes, so that requests seldom wait for each other.
#[derive(Default)]
pub(crate) struct Untold([Mutex<HashMap<(u8, u64), u32>>; STRIPES]);

impl Untold {
    /// Takes down one. What does not fit any more, because so many others were counted since, stays untold; the busiest are mostly there
    /// by then.
    pub(crate) fn add(&self, plane: u8, hash: u64) {
        let Some(stripe) = self.0.get(hash as usize % STRIPES) else {
            return;
        };
        let mut counts = stripe.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = counts.len() >= MOST / STRIPES;
        match counts.get_mut(&(plane, hash)) {
            Some(count) => *count = count.saturating_add(1),
            None if is_full => {}
            None => {
                counts.insert((plane, hash), 1);
            }
        }
    }

    /// All of it, once.
    pub(crate) fn take(&self) -> Tallies {
        let mut all = Vec::new();
        for stripe in &self.0 {
            let mut counts = stripe.lock().unwrap_or_else(PoisonError::into_inner);
            let told = counts.drain();
            all.extend(told.map(|((plane, hash), count)| Tally { plane, hash, count }));
        }
        Tallies(all)
    }
}

/// Kinds of subjects that have cells of their own.
pub(crate) const PLANES: u8 = 7;
const VERSION: u8 = 2;
const TALLY_BYTES: usize = 13;
const STRIPES: usize = 16;
/// Subjects told at once: 106 kB.
const MOST: usize = 8_192;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_was_told_is_not_told_again() {
        let untold = Untold::default();
        untold.add(1, 7);
        untold.add(1, 7);
        let told = untold.take();
        let expected = Tally {
            plane: 1,
            hash: 7,
            count: 2,
        };
        assert_eq!(told, Tallies(vec![expected]));
        assert!(untold.take().is_empty());
    }

    #[test]
    fn a_flood_of_subjects_is_told_in_part_and_the_busy_ones_among_them() {
        let untold = Untold::default();
        untold.add(0, 1);
        for hash in 0..100_000 {
            untold.add(2, hash);
        }
        untold.add(0, 1);
        let told = untold.take();
        assert!(told.0.len() <= MOST);
        assert!(told.0.contains(&Tally {
            plane: 0,
            hash: 1,
            count: 2
        }));
        assert_eq!(Tallies::decode(&told.encode()), Ok(told));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(all in proptest::collection::vec((0..PLANES, any::<u64>(), any::<u32>()), 0..50)) {
            let all = all.into_iter().map(|(plane, hash, count)| Tally { plane, hash, count });
            let tallies = Tallies(all.collect());
            prop_assert_eq!(Tallies::decode(&tallies.encode()), Ok(tallies));
        }

        #[test]
        fn any_bytes_are_tallies_or_refused(bytes: Vec<u8>) {
            if let Ok(tallies) = Tallies::decode(&bytes) {
                prop_assert_eq!(tallies.encode(), bytes);
            }
        }
    }
}
