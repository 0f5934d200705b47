use std::num::NonZeroU32;

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
pub struct Quotas {
    limit: Option<(NonZeroU32, DefaultKeyedRateLimiter<ApiKeyId>)>,
    clock: DefaultClock,
}

impl Quotas {
    /// `per_minute` requests, evenly refilled, as many at once; no limit if `None`.
    pub fn new(per_minute: Option<NonZeroU32>) -> Self {
        let limiter = |limit| {
            let quota = Quota::per_minute(limit);
            (limit, DefaultKeyedRateLimiter::keyed(quota))
        };
        Self {
            limit: per_minute.map(limiter),
            clock: DefaultClock::default(),
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// RESOURCE_EXHAUSTED with the time after which the next one is answered.
    pub(super) fn take(&self, caller: &ApiKeyId) -> Result<(), ApiError> {
        let Some((limit, limiter)) = &self.limit else {
            return Ok(());
        };
        limiter.check_key(caller).map_err(|early| {
            let wait = early.wait_time_from(self.clock.now());
            ApiError::quota_exceeded(limit.get(), caller.as_str(), wait)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_api_key_has_a_quota_of_its_own() {
        let quotas = Quotas::new(NonZeroU32::new(3));
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
        let quotas = Quotas::new(None);
        let caller = "ak1".parse().unwrap();
        assert!((0..100_000).all(|_| quotas.take(&caller).is_ok()));
    }
}
