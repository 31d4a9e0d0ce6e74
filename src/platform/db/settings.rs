//! `[database]`.
use crate::base::secret::Secret;
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
