//! How often something happened of late: counted in Redis for all instances, in this process while Redis is away.
//!
//! A window slides: what happened in the last one counts for as much of it as still lies within reach.
use crate::{base::clock::Clock, platform::cache::Cache};
use sha2::{Digest as _, Sha256};
use std::{
    collections::HashMap,
    fmt::Write as _,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Keys counted in this process at most; memory must not be what gives.
const LOCAL_KEYS: usize = 20_000;

/// Counts. Cheap to clone.
#[derive(Clone)]
pub(super) struct Tally {
    cache: Cache,
    clock: Clock,
    local: Arc<Mutex<Local>>,
}

/// What was counted here, by key; each with the number of its window.
#[derive(Default)]
struct Local(HashMap<String, u64>);

/// What was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    /// How often.
    pub(super) times: u32,
    /// In so many seconds it is fewer.
    pub(super) wait_s: u64,
}

/// Where now lies.
struct Place {
    /// The key of the window that runs.
    this: String,
    /// The key of the one before.
    last: String,
    /// The share of it that still counts.
    left: f64,
}

impl Tally {
    pub(super) fn new(cache: Cache, clock: Clock) -> Self {
        Self {
            cache,
            clock,
            local: Arc::default(),
        }
    }

    /// Counts that `what` happened to `whom`, and says how often it did within the window, this time included. What is
    /// kept of `whom` is a hash.
    pub(super) async fn count(&self, what: &'static str, whom: &str, window: Duration) -> u32 {
        let at = self.place(what, whom, window);
        let counted = match self.cache.count(&at.this, window * 2).await {
            Some(now) => now as f64 + self.remembered(&at.last).await * at.left,
            None => {
                let mut local = self.local();
                local.count(at.this, LOCAL_KEYS) as f64 + local.of(&at.last) * at.left
            }
        };
        counted.floor() as u32
    }

    /// How often `what` happened to `whom` within the window, and how long until part of that is forgotten.
    pub(super) async fn see(&self, what: &'static str, whom: &str, window: Duration) -> Seen {
        let at = self.place(what, whom, window);
        let shared = self.remembered(&at.this).await + self.remembered(&at.last).await * at.left;
        let here = {
            let local = self.local();
            local.of(&at.this) + local.of(&at.last) * at.left
        };
        Seen {
            times: shared.max(here).floor() as u32,
            wait_s: (window.as_secs_f64() * at.left).ceil() as u64 + 1,
        }
    }

    fn place(&self, what: &str, whom: &str, window: Duration) -> Place {
        let length_ms = i64::try_from(window.as_millis()).unwrap_or(i64::MAX).max(1);
        let now_ms = self.clock.now().timestamp_millis();
        let number = now_ms.div_euclid(length_ms);
        let passed = now_ms.rem_euclid(length_ms) as f64 / length_ms as f64;
        let stem = stem(what, whom);
        let key = |number: i64| format!("tally:{stem}:{number}");
        Place {
            this: key(number),
            last: key(number - 1),
            left: 1.0 - passed,
        }
    }

    /// What was counted in Redis.
    async fn remembered(&self, key: &str) -> f64 {
        let found = self.cache.get(key).await;
        let text = found.and_then(|bytes| String::from_utf8(bytes).ok());
        text.and_then(|text| text.parse().ok()).unwrap_or(0.0)
    }

    fn local(&self) -> MutexGuard<'_, Local> {
        self.local.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Local {
    fn count(&mut self, key: String, room: usize) -> u64 {
        if self.0.len() >= room && !self.0.contains_key(&key) {
            // Whoever fills this with addresses must not be remembered at the cost of those who come after.
            self.0.clear();
        }
        let count = self.0.entry(key).or_insert(0);
        *count += 1;
        *count
    }

    fn of(&self, key: &str) -> f64 {
        self.0.get(key).copied().unwrap_or(0) as f64
    }
}

fn stem(what: &str, whom: &str) -> String {
    let mut stem = format!("{what}:");
    for byte in Sha256::digest(whom).iter().take(16) {
        // Writing to a string cannot fail.
        let _written = write!(stem, "{byte:02x}");
    }
    stem
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{base::secret::Secret, platform::cache};
    use chrono::DateTime;
    use std::sync::atomic::{AtomicI64, Ordering};

    const WINDOW: Duration = Duration::from_secs(100);

    /// A tally without Redis, and the second its clock shows.
    fn tally() -> (Tally, Arc<AtomicI64>) {
        let settings = cache::Settings {
            url: Secret::new("redis://127.0.0.1:1".to_owned()),
            pool_size: 1,
            timeout: Duration::from_millis(200),
        };
        let second = Arc::new(AtomicI64::new(1000));
        let hand = second.clone();
        let clock = Clock::from_fn(move || {
            DateTime::from_timestamp(hand.load(Ordering::Relaxed), 0).unwrap()
        });
        (Tally::new(Cache::new(&settings).unwrap(), clock), second)
    }

    #[tokio::test]
    async fn the_window_slides() {
        let (tally, second) = tally();
        let count = async |whom| tally.count("guess", whom, WINDOW).await;
        for expected in 1..=8 {
            assert_eq!(count("ann").await, expected);
        }
        assert_eq!(count("bob").await, 1);
        assert_eq!(tally.count("reset", "ann", WINDOW).await, 1);
        // A quarter into the next window three quarters of the last still count.
        second.store(1125, Ordering::Relaxed);
        assert_eq!(count("ann").await, 7);
        let seen = tally.see("guess", "ann", WINDOW).await;
        assert_eq!(
            seen,
            Seen {
                times: 7,
                wait_s: 76
            }
        );
        second.store(1300, Ordering::Relaxed);
        assert_eq!(tally.see("guess", "ann", WINDOW).await.times, 0);
        assert_eq!(count("ann").await, 1);
    }

    #[test]
    fn what_is_counted_here_is_bounded() {
        let mut local = Local::default();
        let mut count = |key: &str| local.count(key.to_owned(), 2);
        assert_eq!([count("a"), count("b"), count("a")], [1, 1, 2]);
        assert_eq!([count("c"), count("a")], [1, 1]);
    }

    #[test]
    fn nobody_is_named_in_a_key() {
        assert!(!stem("guess", "ann@example.org").contains("ann"));
    }
}
