//! `[http]`.
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Where and how requests are accepted.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Address to listen on.
    pub host: String,
    /// Port to listen on; 0 takes any free one.
    pub port: u16,
    /// Worker threads; 0 means one per core.
    pub workers: usize,
    /// JSON bodies larger than this are refused.
    pub json_limit_bytes: usize,
    /// Whether the session cookie is only sent over HTTPS. Switch on behind TLS.
    pub secure_cookies: bool,
    /// Other origins whose pages may call the API with credentials.
    pub cors_origins: Vec<String>,
    /// How long running requests may take to finish when the server stops.
    #[serde(with = "humantime_serde")]
    pub shutdown_timeout: Duration,
    /// Requests per minute and client address at the sign-in routes; 0 switches the limit off.
    pub login_rate_per_minute: u32,
    /// Requests per minute and person everywhere else; 0 switches the limit off.
    pub rate_per_minute: u32,
    /// Whether `X-Forwarded-For` of a proxy in front is believed.
    pub trust_proxy: bool,
}
