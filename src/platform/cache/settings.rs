//! `[cache]`.
use crate::base::secret::Secret;
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
