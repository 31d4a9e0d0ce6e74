//! When a message that was not taken is sent again.
use std::time::Duration;

const FIRST: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_secs(600);

/// How long to wait after the attempt with this number, from 1: twice as long as before, up to ten minutes. `jitter`,
/// between 0 and 1, takes up to half of it away, so that messages that failed together do not come back together.
#[must_use]
pub fn retry_after(attempt: u32, jitter: f64) -> Duration {
    let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
    let full = FIRST.saturating_mul(doubled).min(LONGEST);
    full.mul_f64(1.0 - jitter.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_doubles_up_to_ten_minutes() {
        let waits: Vec<u64> = (1..=9).map(|n| retry_after(n, 0.0).as_secs()).collect();
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 600, 600]);
        assert_eq!(retry_after(0, 0.0), FIRST);
        assert_eq!(retry_after(u32::MAX, 1.0), LONGEST / 2);
    }

    proptest! {
        #[test]
        fn it_is_between_half_and_whole(attempt: u32, jitter in 0.0..=1.0_f64) {
            let whole = retry_after(attempt, 0.0);
            let wait = retry_after(attempt, jitter);
            prop_assert!(wait <= whole && wait >= whole / 2);
            prop_assert!(retry_after(attempt.saturating_add(1), 0.0) >= whole);
        }
    }
}
