//! `[search]`.
use crate::base::complaints::Complaints;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How the index is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// How often the index is saved to the data directory.
    #[serde(with = "humantime_serde")]
    pub snapshot_interval: Duration,
    /// How often changes are looked for when no wake-up arrives.
    #[serde(with = "humantime_serde")]
    pub poll_interval: Duration,
}

impl Settings {
    /// What is wrong with it, a line for each.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        let mut found = Complaints::about("search");
        for (interval, key) in [
            (self.snapshot_interval, "snapshot_interval"),
            (self.poll_interval, "poll_interval"),
        ] {
            let is_right = interval >= Duration::from_millis(10);
            found.unless(is_right, key, format!("{interval:?} is less than 10ms"));
        }
        found.into_lines()
    }
}
