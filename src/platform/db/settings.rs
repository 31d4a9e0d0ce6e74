//! `[database]`.
use crate::base::{complaints::Complaints, secret::Secret};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Where Postgres is and how many connections to keep.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `postgres://user:password@host:port/name`, or key=value pairs.
    pub url: Secret<String>,
    /// Connections at most.
    pub pool_size: usize,
    /// How long a request waits for a connection before it is answered with 503.
    #[serde(with = "humantime_serde")]
    pub wait_timeout: Duration,
}

impl Settings {
    /// What is wrong with it, a line for each; whether its address is one is found out when it is used.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        let mut found = Complaints::about("database");
        found.unless(
            self.pool_size > 0,
            "pool_size",
            "without a connection nothing works",
        );
        found.unless(
            !self.wait_timeout.is_zero(),
            "wait_timeout",
            "must be longer than nothing",
        );
        found.into_lines()
    }
}
