//! Buckets of this process, for while Redis is away.
use crate::platform::cache::{Bucket, Taken};
use std::collections::HashMap;

/// Full buckets are looked for at most this often.
const SWEEP_US: i64 = 1_000_000;

/// Which buckets are not full.
pub(super) struct Buckets {
    full_at: HashMap<String, i64>,
    room: usize,
    swept_at: i64,
}

impl Buckets {
    /// Remembers so many at most. Whoever commands more addresses than that is not held up by a limit per address;
    /// memory must not be what gives.
    pub(super) fn new(room: usize) -> Self {
        Self {
            full_at: HashMap::new(),
            room,
            swept_at: i64::MIN,
        }
    }

    /// Takes a token out of the bucket of this name.
    pub(super) fn take(&mut self, key: String, bucket: Bucket, now_us: i64) -> Taken {
        if let Some(full_at) = self.full_at.get_mut(&key) {
            let taken = bucket.take(*full_at, now_us, 1);
            *full_at = taken.full_at_us;
            return taken;
        }
        let taken = bucket.take(now_us, now_us, 1);
        if self.has_room(now_us) {
            self.full_at.insert(key, taken.full_at_us);
        }
        taken
    }

    fn has_room(&mut self, now_us: i64) -> bool {
        // A flood of new names must not make each of them pay for a sweep.
        let may_sweep = now_us.saturating_sub(self.swept_at) >= SWEEP_US || now_us < self.swept_at;
        if self.full_at.len() >= self.room && may_sweep {
            self.swept_at = now_us;
            self.full_at.retain(|_, full_at| *full_at > now_us);
        }
        self.full_at.len() < self.room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_bounded_and_those_who_are_known_stay_known() {
        let bucket = Bucket::per_minute(2);
        let mut buckets = Buckets::new(2);
        let mut take = |key: &str, second: i64| {
            let taken = buckets.take(key.to_owned(), bucket, second * 1_000_000);
            (taken.granted == 1, buckets.full_at.len())
        };
        assert_eq!([take("a", 0), take("b", 0)], [(true, 1), (true, 2)]);
        assert_eq!([take("a", 0), take("a", 0)], [(true, 2), (false, 2)]);
        // There is no room for this one, so it is let through, as often as it likes.
        assert_eq!([(); 3].map(|()| take("c", 1).0), [true; 3]);
        assert!(!take("a", 1).0);
        // Half a minute later, the bucket of b is full, and c takes its place.
        assert_eq!([take("c", 31), take("c", 31)], [(true, 2), (true, 2)]);
        assert_eq!(take("c", 31), (false, 2));
    }
}
