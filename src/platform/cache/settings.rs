//! `[cache]`.
use crate::base::{complaints::Complaints, secret::Secret};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Where Redis is.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `redis://host:port` or `redis+unix:///path`.
    pub url: Secret<String>,
    /// Connections at most.
    pub pool_size: usize,
    /// How long Redis may take to answer before it counts as absent.
    #[serde(with = "humantime_serde")]
    pub timeout: Duration,
}

impl Settings {
    /// What is wrong with it, a line for each; whether its address is one is found out when it is used.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        let mut found = Complaints::about("cache");
        found.unless(
            self.pool_size > 0,
            "pool_size",
            "without a connection Redis is of no use",
        );
        found.unless(
            !self.timeout.is_zero(),
            "timeout",
            "must be longer than nothing",
        );
        found.into_lines()
    }
}
