//! What the verifier takes from the world around it: the time and randomness. Both come in as values, so that a test can
//! choose them.

use std::{
    cell::RefCell,
    sync::atomic::{AtomicU64, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use touchstone_token::Millis;

/// The time.
pub trait Clock: Send + Sync + 'static {
    /// Milliseconds since the Unix epoch.
    fn now(&self) -> Millis;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Millis {
        // A clock before 1970 reads as 0: every token is then from the future and refused.
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_millis() as Millis)
    }
}

/// A clock that stands still until it is moved: for tests and benches.
#[derive(Debug, Default)]
pub struct ManualClock(AtomicU64);

impl ManualClock {
    /// A clock that shows this time.
    pub fn at(now: Millis) -> Self {
        Self(AtomicU64::new(now))
    }

    /// Moves it forward.
    pub fn advance(&self, ms: Millis) {
        self.0.fetch_add(ms, Ordering::Relaxed);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Millis {
        self.0.load(Ordering::Relaxed)
    }
}

/// Fresh bytes from the operating system's generator.
///
/// # Errors
/// The generator cannot be reached; nothing may be sealed then.
pub fn fresh<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// Fresh bytes for ids and nonces, which are told to others soon; keys and other secrets take [`fresh`]. They are from the
/// operating system's generator, too, which is asked for as many at a time as some 30 of them need: a call for each costs more
/// than the encryption that it serves.
///
/// # Errors
/// As of [`fresh`].
pub fn fresh_id<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    thread_local! {
        static POOL: RefCell<Pool> = const { RefCell::new(Pool { bytes: [0; POOLED], left: 0 }) };
    }
    POOL.with_borrow_mut(Pool::take)
}

/// Random bytes that nobody had yet: the first `left`.
struct Pool {
    bytes: [u8; POOLED],
    left: usize,
}

impl Pool {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], getrandom::Error> {
        const { assert!(N <= POOLED) };
        if self.left < N {
            self.left = 0;
            getrandom::fill(&mut self.bytes)?;
            self.left = POOLED;
        }
        let mut taken = [0; N];
        self.left -= N;
        taken.swap_with_slice(&mut self.bytes[self.left..self.left + N]);
        Ok(taken)
    }
}

/// Bytes that are asked for at once.
const POOLED: usize = 512;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_bytes_are_given_twice_however_often_the_pool_is_filled() {
        let mut seen = HashSet::new();
        for _ in 0..3 * POOLED / 16 {
            let (long, short): ([u8; 16], [u8; 8]) = (fresh_id().unwrap(), fresh_id().unwrap());
            assert!(seen.insert(long[..8].to_vec()) && seen.insert(short.to_vec()));
        }
    }
}
