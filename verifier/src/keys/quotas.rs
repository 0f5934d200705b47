use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Mutex, MutexGuard, PoisonError},
};

use governor::{
    DefaultKeyedRateLimiter, Quota,
    clock::{Clock as _, DefaultClock},
};
use touchstone_api::ApiError;
use touchstone_store::ApiKeyId;

/// How many requests each API key may make.
///
/// Only API keys that exist are counted, so that nobody makes the table grow. The clock is the monotonic one: a wall clock
/// set back must not refuse a site for as long.
#[derive(Default)]
pub struct Quotas {
    limit: Option<(NonZeroU32, DefaultKeyedRateLimiter<ApiKeyId>)>,
    clock: DefaultClock,
    /// What was taken here since it was last told; none where nobody is told.
    untold: Option<Mutex<HashMap<ApiKeyId, u32>>>,
}

impl Quotas {
    /// `per_minute` requests, evenly refilled, as many at once; no limit if `None`. With `shared`, what is taken is kept to be told
    /// to other verifiers.
    pub fn new(per_minute: Option<NonZeroU32>, shared: bool) -> Self {
        let limiter = |limit| {
            let quota = Quota::per_minute(limit);
            (limit, DefaultKeyedRateLimiter::keyed(quota))
        };
        Self {
            limit: per_minute.map(limiter),
            clock: DefaultClock::default(),
            untold: (shared && per_minute.is_some()).then(Mutex::default),
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// RESOURCE_EXHAUSTED with the time after which the next one is answered.
    pub fn take(&self, caller: &ApiKeyId) -> Result<(), ApiError> {
        let Some((limit, limiter)) = &self.limit else {
            return Ok(());
        };
        limiter.check_key(caller).map_err(|early| {
            let wait = early.wait_time_from(self.clock.now());
            ApiError::quota_exceeded(limit.get(), caller.as_str(), wait)
        })?;
        if let Some(mut untold) = self.untold() {
            match untold.get_mut(caller) {
                Some(taken) => *taken = taken.saturating_add(1),
                None => drop(untold.insert(caller.clone(), 1)),
            }
        }
        Ok(())
    }

    /// What was taken here since this was last asked.
    pub fn tell(&self) -> Vec<(ApiKeyId, u32)> {
        let untold = self.untold();
        untold.map_or_else(Vec::new, |mut untold| untold.drain().collect())
    }

    /// Counts what was taken at another verifier: as much of it as is left, since it is answered already.
    pub fn hear(&self, caller: &ApiKeyId, taken: u32) {
        let Some((limit, limiter)) = &self.limit else {
            return;
        };
        let mut left = taken.min(limit.get());
        // Only all of a number is taken or nothing: what does not fit is tried by halves.
        let mut step = left;
        while let Some(some) = NonZeroU32::new(step.min(left)) {
            match limiter.check_key_n(caller, some) {
                Ok(Ok(())) => left -= some.get(),
                Ok(Err(_)) | Err(_) => step = some.get() / 2,
            }
        }
    }

    fn untold(&self) -> Option<MutexGuard<'_, HashMap<ApiKeyId, u32>>> {
        let untold = self.untold.as_ref()?;
        Some(untold.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_api_key_has_a_quota_of_its_own() {
        let quotas = Quotas::new(NonZeroU32::new(3), false);
        let (one, other) = ("ak1".parse().unwrap(), "ak2".parse().unwrap());
        for _ in 0..3 {
            assert_eq!(quotas.take(&one), Ok(()));
        }
        let refused = quotas.take(&one).unwrap_err();
        assert_eq!(refused.http_status(), 429);
        let wait = refused.retry_after().unwrap();
        assert!((19..=20).contains(&wait.as_secs()), "{wait:?}");
        assert_eq!(quotas.take(&other), Ok(()));
    }

    #[test]
    fn no_limit_is_none() {
        let quotas = Quotas::new(None, true);
        let caller = "ak1".parse().unwrap();
        assert!((0..100_000).all(|_| quotas.take(&caller).is_ok()));
    }

    #[test]
    fn what_another_verifier_answered_counts_here_as_far_as_it_fits() {
        let verifiers = [(); 2].map(|()| Quotas::new(NonZeroU32::new(10), true));
        let [one, other] = &verifiers;
        let caller = "ak1".parse().unwrap();
        for _ in 0..7 {
            assert_eq!(one.take(&caller), Ok(()));
        }
        let told = one.tell();
        assert_eq!(told, [(caller.clone(), 7)]);
        assert!(one.tell().is_empty(), "told once");
        other.hear(&caller, 7);
        assert!(other.tell().is_empty(), "what was heard is not told on");
        assert_eq!((0..10).filter(|_| other.take(&caller).is_ok()).count(), 3);
        // More than is left, and more than there ever is.
        one.hear(&caller, 7);
        assert!(one.take(&caller).is_err());
        other.hear(&caller, u32::MAX);
        assert!(other.take(&caller).is_err());
    }
}
