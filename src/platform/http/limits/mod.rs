//! How often one may call: token buckets in Redis, which all instances share, or in this process while Redis is away.
mod address;
mod allowance;
mod local;
mod stock;

pub use address::client_address;
pub use allowance::Allowance;

use super::Problem;
use crate::{
    base::{clock::Clock, metrics as names},
    platform::cache::{Bucket, Cache, Taken},
};
use local::Buckets;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use stock::Stock;

/// Buckets in this process at most.
const LOCAL_KEYS: usize = 50_000;
/// How long a Redis that did not answer is left alone, so that not every request waits for it in vain.
const ASKED_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Takes a token for each call and refuses those for whom there is none. Cheap to clone.
#[derive(Clone)]
pub struct RateLimiter {
    cache: Cache,
    clock: Clock,
    local: Arc<Mutex<Local>>,
}

struct Local {
    stock: Stock,
    buckets: Buckets,
    /// When Redis last did not answer.
    missed_at: Option<Instant>,
}

impl RateLimiter {
    /// Buckets in the cache; this clock counts while it is away.
    #[must_use]
    pub fn new(cache: Cache, clock: Clock) -> Self {
        let local = Local {
            stock: Stock::default(),
            buckets: Buckets::new(LOCAL_KEYS),
            missed_at: None,
        };
        Self {
            cache,
            clock,
            local: Arc::new(Mutex::new(local)),
        }
    }

    /// Takes a token for one call of `key` out of a bucket that holds `per_minute` of them and fills within a minute; a
    /// limit of zero is none.
    ///
    /// `limit` is a label of a metric: a name out of a closed set.
    ///
    /// # Errors
    /// 429 `too-many-requests` when there is no token.
    pub async fn check(
        &self,
        limit: &'static str,
        key: &str,
        per_minute: u32,
    ) -> Result<Option<Allowance>, Problem> {
        if per_minute == 0 {
            return Ok(None);
        }
        let bucket = Bucket::per_minute(per_minute);
        let key = format!("bucket:{limit}:{key}");
        let (taken, in_stock) = match self.take_shared(&key, bucket).await {
            Some(taken) => taken,
            None => (self.take_here(key, bucket), 0),
        };
        let allowance = Allowance::new(limit, per_minute, bucket, taken, in_stock);
        if taken.granted > 0 {
            return Ok(Some(allowance));
        }
        metrics::counter!(names::RATE_LIMITED, "limit" => limit).increment(1);
        Err(allowance.refusal())
    }

    /// Out of the bucket that all share, or of what was taken out of it just before; with what is in stock then.
    async fn take_shared(&self, key: &str, bucket: Bucket) -> Option<(Taken, u32)> {
        let (missed_at, stock) =
            self.with_local(|local| (local.missed_at, local.stock.take(key, &bucket)));
        let wanted = match stock {
            Ok(taken) => return Some(taken),
            Err(wanted) => wanted,
        };
        if missed_at.is_some_and(|at| at.elapsed() < ASKED_AGAIN_AFTER) {
            return None;
        }
        let taken = self.cache.take(key, bucket, wanted).await;
        let missed_now = taken.is_none().then(Instant::now);
        self.with_local(|local| {
            local.missed_at = missed_now;
            if let Some(taken) = taken {
                local.stock.put(key, taken, LOCAL_KEYS);
            }
        });
        taken.map(|taken| (taken, taken.granted.saturating_sub(1)))
    }

    fn take_here(&self, key: String, bucket: Bucket) -> Taken {
        let now = self.clock.now().timestamp_micros();
        self.with_local(|local| local.buckets.take(key, bucket, now))
    }

    fn with_local<T>(&self, work: impl FnOnce(&mut Local) -> T) -> T {
        work(&mut self.local.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{base::secret::Secret, platform::cache};
    use actix_web::{
        ResponseError as _,
        http::{StatusCode, header::RETRY_AFTER},
    };
    use chrono::DateTime;
    use std::sync::atomic::{AtomicI64, Ordering};

    /// A limiter without Redis, and the second its clock shows.
    fn limiter() -> (RateLimiter, Arc<AtomicI64>) {
        let settings = cache::Settings {
            url: Secret::new("redis://127.0.0.1:1".to_owned()),
            pool_size: 1,
            timeout: Duration::from_millis(200),
        };
        let second = Arc::new(AtomicI64::new(600));
        let hand = second.clone();
        let clock = Clock::from_fn(move || {
            DateTime::from_timestamp(hand.load(Ordering::Relaxed), 0).unwrap()
        });
        let cache = Cache::new(&settings).unwrap();
        (RateLimiter::new(cache, clock), second)
    }

    #[tokio::test]
    async fn the_limit_holds_without_redis_until_a_token_has_flowed_in() {
        let (limiter, second) = limiter();
        for left in [2, 1, 0] {
            let allowance = limiter.check("sign-in", "a", 3).await.unwrap().unwrap();
            assert_eq!(allowance.left(), left);
        }
        second.store(605, Ordering::Relaxed);
        let refused = limiter.check("sign-in", "a", 3).await.unwrap_err();
        let response = refused.error_response();
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers().get(RETRY_AFTER).unwrap(), "15");
        limiter.check("sign-in", "b", 3).await.unwrap();
        limiter.check("requests", "a", 3).await.unwrap();
        second.store(620, Ordering::Relaxed);
        limiter.check("sign-in", "a", 3).await.unwrap();
        limiter.check("sign-in", "a", 3).await.unwrap_err();
    }

    #[tokio::test]
    async fn a_limit_of_zero_is_none() {
        let (limiter, _) = limiter();
        for _ in 0..100 {
            assert!(limiter.check("sign-in", "a", 0).await.unwrap().is_none());
        }
    }
}
