//! Tokens that were taken for more than one call, so that not every call asks Redis.
use crate::platform::cache::{Bucket, Taken};
use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

/// What is not used up by then is lost to whom it was for.
const KEPT: Duration = Duration::from_secs(1);
/// Fewer than what is left by this factor are taken at once, so that whoever comes near the limit is counted one by one.
const SHARE: i64 = 16;
const AT_ONCE: i64 = 16;

/// What is in stock for whom.
#[derive(Default)]
pub(super) struct Stock {
    items: HashMap<String, Item>,
}

struct Item {
    taken: Taken,
    left: u32,
    until: Instant,
}

impl Stock {
    /// Takes a token that is in stock; else says how many to take out of the bucket at once, by what was left of it when
    /// it was last looked into.
    pub(super) fn take(&mut self, key: &str, bucket: &Bucket) -> Result<(Taken, u32), u32> {
        let Some(item) = self.items.get_mut(key) else {
            return Err(1);
        };
        if item.left > 0 && Instant::now() < item.until {
            item.left -= 1;
            return Ok((item.taken, item.left));
        }
        let few = (bucket.left(&item.taken) / SHARE).min(bucket.per_second() / 2);
        self.items.remove(key);
        Err(u32::try_from(few.clamp(1, AT_ONCE)).unwrap_or(1))
    }

    /// Puts away what was taken beyond the one that was needed; remembers at most so many.
    pub(super) fn put(&mut self, key: &str, taken: Taken, room: usize) {
        let now = Instant::now();
        if self.items.len() >= room {
            self.items.retain(|_, item| item.until > now);
        }
        if taken.granted > 0 && self.items.len() < room {
            let item = Item {
                taken,
                left: taken.granted - 1,
                until: now + KEPT,
            };
            self.items.insert(key.to_owned(), item);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many are taken at once when so many are left.
    fn at_once(per_minute: u32, used: u32) -> u32 {
        let bucket = Bucket::per_minute(per_minute);
        let mut stock = Stock::default();
        assert_eq!(stock.take("a", &bucket), Err(1), "nothing is known of them");
        stock.put("a", bucket.take(0, 0, used), 9);
        for left in (0..used - 1).rev() {
            assert_eq!(stock.take("a", &bucket).map(|(_, left)| left), Ok(left));
        }
        stock.take("a", &bucket).unwrap_err()
    }

    #[test]
    fn the_nearer_the_limit_the_fewer_are_taken_at_once() {
        assert_eq!(at_once(1200, 1), 10);
        assert_eq!(at_once(1200, 1120), 5);
        assert_eq!(at_once(1200, 1190), 1);
        assert_eq!(at_once(60, 1), 1, "a low limit is counted one by one");
        assert_eq!(at_once(60_000, 1), 16);
    }

    #[test]
    fn memory_is_bounded() {
        let bucket = Bucket::per_minute(600);
        let mut stock = Stock::default();
        for key in ["a", "b", "c"] {
            stock.put(key, bucket.take(0, 0, 2), 2);
        }
        assert!(stock.take("b", &bucket).is_ok());
        assert_eq!(stock.take("c", &bucket), Err(1));
    }
}
