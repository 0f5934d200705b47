use rayon::prelude::*;
use rusqlite::Connection;

use super::{Format, Tally};
use crate::{
    EpochKey, MatchPrefix, Name,
    lists::{self, Broken},
    names,
    pwned::{self, PwnedHash},
};

/// Lines of a list that are written together.
pub(super) struct Batch {
    format: Format,
    pairs: Vec<(Vec<Name>, String)>,
    hashes: Vec<(PwnedHash, u64)>,
    /// What was found in them.
    pub tally: Tally,
    limit: usize,
}

impl Batch {
    pub fn new(format: Format) -> Self {
        let limit = match format {
            Format::Pairs(_) => PAIRS_PER_CORE * rayon::current_num_threads(),
            Format::Pwned => HASHES,
        };
        Self {
            format,
            pairs: Vec::new(),
            hashes: Vec::new(),
            tally: Tally::default(),
            limit,
        }
    }

    /// Whether it is time to write. Broken lines cost nothing, but are not to be read without end either.
    pub fn is_full(&self) -> bool {
        self.pairs.len() >= self.limit
            || self.hashes.len() >= self.limit
            || self.tally.lines >= LINES
    }

    /// Reads a line.
    pub fn take(&mut self, line: &[u8]) {
        self.tally.lines += 1;
        let taken = match self.format {
            Format::Pairs(delimiter) => lists::parse(line, delimiter).map(|pair| {
                self.pairs
                    .push((names(&pair.user), pair.password.into_owned()));
            }),
            Format::Pwned => pwned::parse(line).map(|hash| self.hashes.push(hash)),
        };
        match taken {
            Ok(()) => self.tally.taken += 1,
            Err(broken) => self.tally.count_broken(broken),
        }
    }

    /// Counts a line that was too long to be kept.
    pub fn pass_over(&mut self) {
        self.tally.lines += 1;
        self.tally.count_broken(Broken::TooLong);
    }

    /// What is to be written, in the order of the tree. Hashes pairs on all cores.
    pub fn rows(&mut self, key: &EpochKey) -> Rows {
        let pairs = std::mem::take(&mut self.pairs);
        let named = pairs.into_par_iter().flat_map_iter(|(names, password)| {
            names.into_iter().map(move |name| (name, password.clone()))
        });
        let mut pairs: Vec<_> = named
            .map(|(name, password)| {
                let pair = name.with(&password);
                (name.bucket.number(), key.match_prefix(&pair))
            })
            .collect();
        let mut hashes = std::mem::take(&mut self.hashes);
        pairs.sort_unstable();
        hashes.sort_unstable();
        Rows { pairs, hashes }
    }
}

/// What a batch adds to the database.
pub(super) struct Rows {
    pairs: Vec<(u32, MatchPrefix)>,
    hashes: Vec<(PwnedHash, u64)>,
}

impl Rows {
    /// Writes what is not there yet, and answers how much that was.
    pub fn write(&self, transaction: &Connection) -> rusqlite::Result<u64> {
        let mut added = 0;
        let query = "INSERT OR IGNORE INTO pair (bucket, prefix) VALUES (?1, ?2)";
        let mut statement = transaction.prepare_cached(query)?;
        for (bucket, prefix) in &self.pairs {
            added += statement.execute((bucket, prefix.0))? as u64;
        }
        let query = "INSERT INTO pwned (hash, count) VALUES (?1, ?2) \
                     ON CONFLICT DO UPDATE SET count = excluded.count WHERE excluded.count > count";
        let mut statement = transaction.prepare_cached(query)?;
        for (hash, count) in &self.hashes {
            added += statement.execute((hash.0, count))? as u64;
        }
        Ok(added)
    }
}

/// Some second of work.
const PAIRS_PER_CORE: usize = 64;
const HASHES: usize = 50_000;
const LINES: u64 = 200_000;
