//! How often may somebody ask?

use crate::error::ApiError;
use crate::options::Rates;
use base::ErrorKind;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::num::NonZeroU32;

/// Keys remembered before those that have recovered are forgotten.
const KEYS_MAX: usize = 20_000;
/// A burst may be this many times the rate.
const BURST: u32 = 3;

/// Counts requests by address and by caller.
pub struct Limiters {
    api: Limiter,
    callers: Limiter,
    collect: Limiter,
}

struct Limiter {
    governor: DefaultKeyedRateLimiter<String>,
    clock: DefaultClock,
    what: &'static str,
}

impl Limiters {
    pub fn new(rates: Rates) -> Self {
        Self {
            api: Limiter::new(rates.api_per_address, "API requests from this address"),
            callers: Limiter::new(rates.api_per_caller, "API requests of this user or token"),
            collect: Limiter::new(rates.collect_per_address, "deliveries from this address"),
        }
    }

    /// Nothing if the address may make an API request now.
    pub fn check_address(&self, address: &str) -> Result<(), ApiError> {
        self.api.check(address).map_err(|seconds| self.api.refusal(seconds))
    }

    /// Nothing if the caller may make an API request now.
    pub fn check_caller(&self, caller: &str) -> Result<(), ApiError> {
        self.callers.check(caller).map_err(|seconds| self.callers.refusal(seconds))
    }

    /// Nothing if the address may deliver events now, else the seconds to wait.
    pub fn check_collect(&self, address: &str) -> Result<(), u32> {
        self.collect.check(address)
    }
}

impl Limiter {
    fn new(per_second: u32, what: &'static str) -> Self {
        let rate = NonZeroU32::new(per_second).unwrap_or(NonZeroU32::MIN);
        let burst = rate.saturating_mul(NonZeroU32::new(BURST).expect("three is not zero"));
        let governor = RateLimiter::keyed(Quota::per_second(rate).allow_burst(burst));
        Self { governor, clock: DefaultClock::default(), what }
    }

    fn check(&self, key: &str) -> Result<(), u32> {
        if self.governor.len() > KEYS_MAX {
            self.governor.retain_recent();
        }
        self.governor.check_key(&key.to_owned()).map_err(|early| {
            let seconds = early.wait_time_from(self.clock.now()).as_secs();
            u32::try_from(seconds).unwrap_or(u32::MAX).saturating_add(1)
        })
    }

    fn refusal(&self, seconds: u32) -> ApiError {
        ApiError::new(ErrorKind::Limited, format!("too many {}", self.what)).retry_after(seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_stopped_for_its_sender_only() {
        let limiter = Limiter::new(1, "requests");
        let n_passed = (0..100).filter(|_| limiter.check("10.0.0.1").is_ok()).count();
        // Three at once; a second may pass on a slow machine while the loop runs.
        assert!((3..=5).contains(&n_passed), "{n_passed}");
        assert!(limiter.check("10.0.0.1").is_err_and(|seconds| seconds >= 1));
        assert!(limiter.check("10.0.0.2").is_ok());
    }
}
