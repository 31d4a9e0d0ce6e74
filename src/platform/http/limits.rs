//! How often one may call: windows of one minute, counted in Redis, or in this process while Redis is away.
use super::Problem;
use crate::{
    base::{clock::Clock, metrics as names},
    platform::cache::Cache,
};
use actix_web::{
    HttpRequest,
    http::{StatusCode, header::HeaderName},
};
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

const WINDOW_SECONDS: i64 = 60;
/// Long enough for Redis to keep a window whose start its own clock saw a little earlier.
const KEPT: Duration = Duration::from_secs(120);
/// Keys counted in this process at most. Whoever commands more addresses than that is not held up by a
/// limit per address; memory must not be what gives.
const LOCAL_KEYS: usize = 50_000;

/// Counts calls and refuses those above a limit. Cheap to clone.
#[derive(Clone)]
pub struct RateLimiter {
    cache: Cache,
    clock: Clock,
    local: Arc<Mutex<Window>>,
}

/// The counts of one minute.
#[derive(Default)]
struct Window {
    minute: i64,
    counts: HashMap<String, u64>,
}

impl RateLimiter {
    /// Counts in the cache, by this clock's minutes.
    #[must_use]
    pub fn new(cache: Cache, clock: Clock) -> Self {
        Self {
            cache,
            clock,
            local: Arc::default(),
        }
    }

    /// Counts one call of `key`; a limit of zero is none.
    ///
    /// `limit` is a label of a metric: a name out of a closed set.
    ///
    /// # Errors
    /// 429 `too-many-requests` above `per_minute` calls in the current minute.
    pub async fn check(
        &self,
        limit: &'static str,
        key: &str,
        per_minute: u32,
    ) -> Result<(), Problem> {
        if per_minute == 0 {
            return Ok(());
        }
        let now = self.clock.now().timestamp();
        let minute = now.div_euclid(WINDOW_SECONDS);
        let key = format!("rate:{limit}:{key}:{minute}");
        let count = match self.cache.count(&key, KEPT).await {
            Some(count) => count,
            None => self.count_here(key, minute),
        };
        if count <= u64::from(per_minute) {
            return Ok(());
        }
        metrics::counter!(names::RATE_LIMITED, "limit" => limit).increment(1);
        let wait = (WINDOW_SECONDS - now.rem_euclid(WINDOW_SECONDS)).unsigned_abs();
        let problem = Problem::client(
            StatusCode::TOO_MANY_REQUESTS,
            "too-many-requests",
            format!("more than {per_minute} requests in a minute; try again in {wait} s"),
        );
        Err(problem.retry_after(wait))
    }

    fn count_here(&self, key: String, minute: i64) -> u64 {
        let mut window = self.local.lock().unwrap_or_else(PoisonError::into_inner);
        window.count(key, minute, LOCAL_KEYS)
    }
}

impl Window {
    fn count(&mut self, key: String, minute: i64, room: usize) -> u64 {
        if self.minute != minute {
            self.minute = minute;
            self.counts.clear();
        }
        if self.counts.len() >= room && !self.counts.contains_key(&key) {
            return 0;
        }
        let count = self.counts.entry(key).or_insert(0);
        *count += 1;
        *count
    }
}

/// The address a request comes from, as a key: an IPv6 caller commands a whole /64.
///
/// `X-Forwarded-For` counts only when a trusted proxy sets it, and of it only what that proxy wrote: the
/// last hop. What stands before is hearsay.
#[must_use]
pub fn client_address(request: &HttpRequest, trust_proxy: bool) -> String {
    let forwarded = trust_proxy.then(|| last_hop(request)).flatten();
    let address = forwarded.or_else(|| request.peer_addr().map(|peer| peer.ip()));
    match address.map(|address| address.to_canonical()) {
        Some(IpAddr::V4(v4)) => v4.to_string(),
        Some(IpAddr::V6(v6)) => {
            let network = u128::from(v6) & !u128::from(u64::MAX);
            format!("{}/64", Ipv6Addr::from(network))
        }
        None => "unknown".to_owned(),
    }
}

fn last_hop(request: &HttpRequest) -> Option<IpAddr> {
    const FORWARDED: HeaderName = HeaderName::from_static("x-forwarded-for");
    let line = request.headers().get_all(FORWARDED).last()?.to_str().ok()?;
    line.rsplit(',').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{base::secret::Secret, platform::cache};
    use actix_web::{ResponseError as _, http::header::RETRY_AFTER, test::TestRequest};
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
    async fn the_limit_holds_without_redis_until_the_minute_is_over() {
        let (limiter, second) = limiter();
        second.store(610, Ordering::Relaxed);
        for _ in 0..3 {
            limiter.check("sign-in", "a", 3).await.unwrap();
        }
        let refused = limiter.check("sign-in", "a", 3).await.unwrap_err();
        let response = refused.error_response();
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers().get(RETRY_AFTER).unwrap(), "50");
        limiter.check("sign-in", "b", 3).await.unwrap();
        limiter.check("requests", "a", 3).await.unwrap();
        second.store(660, Ordering::Relaxed);
        limiter.check("sign-in", "a", 3).await.unwrap();
    }

    #[tokio::test]
    async fn a_limit_of_zero_is_none() {
        let (limiter, _) = limiter();
        for _ in 0..100 {
            limiter.check("sign-in", "a", 0).await.unwrap();
        }
    }

    #[test]
    fn a_window_is_bounded_and_keeps_those_it_knows() {
        let mut window = Window::default();
        let mut count = |key: &str, minute| window.count(key.to_owned(), minute, 2);
        assert_eq!([count("a", 1), count("a", 1), count("b", 1)], [1, 2, 1]);
        assert_eq!([count("c", 1), count("a", 1)], [0, 3]);
        assert_eq!([count("c", 2), count("a", 2)], [1, 1]);
    }

    #[test]
    fn only_what_a_trusted_proxy_wrote_is_believed() {
        let peer = "192.0.2.7:4711".parse().unwrap();
        let address = |forwarded: &str, trust_proxy| {
            let request = TestRequest::get()
                .peer_addr(peer)
                .insert_header(("x-forwarded-for", forwarded))
                .to_http_request();
            client_address(&request, trust_proxy)
        };
        assert_eq!(address("203.0.113.9", false), "192.0.2.7");
        assert_eq!(address("203.0.113.9", true), "203.0.113.9");
        assert_eq!(address("10.0.0.1, 203.0.113.9", true), "203.0.113.9");
        assert_eq!(address("nonsense", true), "192.0.2.7");
        assert_eq!(address("2001:db8:1:2:3::4", true), "2001:db8:1:2::/64");
        assert_eq!(address("::ffff:203.0.113.9", true), "203.0.113.9");
    }
}
