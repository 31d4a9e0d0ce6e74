//! `[search]`.
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
