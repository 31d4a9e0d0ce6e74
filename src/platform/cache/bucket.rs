//! Token buckets: a burst at once, and then as many as flow in.
use deadpool_redis::redis::Script;
use std::sync::LazyLock;

const MINUTE_US: i64 = 60_000_000;

/// One script is one action: between look and take nobody comes.
pub(super) static TAKE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("take.lua")));

/// How much a bucket holds and how fast it fills. What is in it is one moment: when it will be full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket {
    /// Microseconds until one token is there again.
    pub(super) interval_us: i64,
    /// Microseconds until an empty bucket is full.
    pub(super) depth_us: i64,
}

/// What came of taking tokens, by the clock that was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// How many there were of those wanted.
    pub granted: u32,
    /// When this was, in microseconds since 1970.
    pub now_us: i64,
    /// When the bucket will be full, in microseconds since 1970; never before now.
    pub full_at_us: i64,
}

impl Bucket {
    /// Holds as many tokens as flow in within a minute, one at least.
    #[must_use]
    pub fn per_minute(tokens: u32) -> Self {
        let tokens = i64::from(tokens.clamp(1, 60_000_000));
        // Rounded up: rather too few than too many.
        let interval_us = (MINUTE_US + tokens - 1) / tokens;
        Self {
            interval_us,
            depth_us: interval_us * tokens,
        }
    }

    /// Takes tokens, as many as are wanted at most, out of a bucket that will be full at `full_at_us`, as `take.lua` does.
    /// A moment that lies further ahead than an empty bucket needs is from before a clock was set back.
    #[must_use]
    pub fn take(&self, full_at_us: i64, now_us: i64, wanted: u32) -> Taken {
        let full_at = full_at_us.clamp(now_us, now_us + self.depth_us);
        let there = (now_us + self.depth_us - full_at) / self.interval_us;
        let granted = u32::try_from(there).map_or(wanted, |there| there.min(wanted));
        Taken {
            granted,
            now_us,
            full_at_us: full_at + i64::from(granted) * self.interval_us,
        }
    }

    /// Tokens that flow in within a second.
    #[must_use]
    pub fn per_second(&self) -> i64 {
        MINUTE_US / 60 / self.interval_us
    }

    /// Tokens that are left.
    #[must_use]
    pub fn left(&self, taken: &Taken) -> i64 {
        (self.depth_us - (taken.full_at_us - taken.now_us)) / self.interval_us
    }

    /// Microseconds until there is a token; 0 if there is one.
    #[must_use]
    pub fn wait_us(&self, taken: &Taken) -> i64 {
        let missing = taken.full_at_us - taken.now_us + self.interval_us - self.depth_us;
        missing.max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn never_more_is_granted_than_the_burst_and_what_flowed_in(
            tokens in 1_u32..5000,
            steps in prop::collection::vec((0_i64..200_000, 1_u32..9), 1..300),
        ) {
            let bucket = Bucket::per_minute(tokens);
            let mut full_at = 0;
            let mut now = 1_000_000_000_000;
            // Of every stretch of time, not only of that from the start.
            let mut grants: Vec<i64> = vec![];
            for (step, wanted) in steps {
                now += step;
                let taken = bucket.take(full_at, now, wanted);
                full_at = taken.full_at_us;
                grants.extend((0..taken.granted).map(|_| now));
            }
            for (first, from) in grants.iter().enumerate() {
                for (last, until) in grants.iter().enumerate().skip(first) {
                    let flowed = (until - from) as f64 * f64::from(tokens) / MINUTE_US as f64;
                    let granted = (last - first + 1) as f64;
                    prop_assert!(granted <= f64::from(tokens) + flowed + 1e-6);
                }
            }
        }

        #[test]
        fn whoever_waits_as_long_as_is_said_gets_one_and_not_before(
            tokens in 1_u32..5000,
            before in 0_u32..6000,
        ) {
            let bucket = Bucket::per_minute(tokens);
            let now = 1_000_000_000_000;
            let mut taken = bucket.take(0, now, 1);
            for _ in 0..before {
                taken = bucket.take(taken.full_at_us, now, 1);
            }
            let left = i64::from(tokens) - i64::from(before) - 1;
            prop_assert_eq!(bucket.left(&taken), left.max(0));
            let wait = bucket.wait_us(&taken);
            prop_assert_eq!(bucket.take(taken.full_at_us, now + wait, 1).granted, 1);
            prop_assert!(wait == 0 || bucket.take(taken.full_at_us, now + wait - 1, 1).granted == 0);
        }
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let bucket = Bucket::per_minute(60);
        let later = 1_000_000_000_000;
        let taken = bucket.take(0, later, 1);
        let back = bucket.take(taken.full_at_us, later - 3_600_000_000, 1);
        assert_eq!(back.granted, 0, "at worst the bucket is empty");
        let wait = bucket.wait_us(&back);
        assert_eq!(wait, 1_000_000);
    }
}
