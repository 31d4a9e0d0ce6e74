//! `[accounts]`.
use anyhow::ensure;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Who may come in, for how long, and how dear a guess at a password is.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Whether strangers may register. The very first person always may.
    pub registration_open: bool,
    /// How long a sign-in lasts.
    #[serde(with = "humantime_serde")]
    pub session_lifetime: Duration,
    /// Wrong passwords for one account within the window; 0: no limit.
    pub login_tries: u32,
    /// The window, which slides.
    #[serde(with = "humantime_serde")]
    pub login_window: Duration,
    /// How long the audit log is kept.
    #[serde(with = "humantime_serde")]
    pub audit_retention: Duration,
    /// Memory one argon2id hash takes.
    pub password_memory_kib: u32,
    /// Passes of one argon2id hash over its memory.
    pub password_iterations: u32,
}

impl Default for Settings {
    /// The argon2id parameters are the first recommendation of the OWASP password storage cheat sheet.
    fn default() -> Self {
        Self {
            registration_open: true,
            session_lifetime: Duration::from_secs(30 * 24 * 60 * 60),
            login_tries: 10,
            login_window: Duration::from_secs(15 * 60),
            audit_retention: Duration::from_secs(400 * 24 * 60 * 60),
            password_memory_kib: 19 * 1024,
            password_iterations: 2,
        }
    }
}

impl Settings {
    /// The lifetime of a session in the calendar's unit.
    ///
    /// # Errors
    /// When it is shorter than a minute or longer than ten years.
    pub(super) fn lifetime(&self) -> anyhow::Result<chrono::Duration> {
        let lifetime = chrono::Duration::from_std(self.session_lifetime)?;
        ensure!(
            lifetime >= chrono::Duration::minutes(1) && lifetime <= chrono::Duration::days(3650),
            "accounts.session_lifetime: expected between 1m and 3650days, got {:?}",
            self.session_lifetime
        );
        Ok(lifetime)
    }

    /// How long the audit log is kept, in the calendar's unit.
    ///
    /// # Errors
    /// When it is shorter than a day or longer than a hundred years.
    pub(super) fn audit_retention(&self) -> anyhow::Result<chrono::Duration> {
        let kept = chrono::Duration::from_std(self.audit_retention)?;
        ensure!(
            kept >= chrono::Duration::days(1) && kept <= chrono::Duration::days(36_500),
            "accounts.audit_retention: expected between 1day and 36500days, got {:?}",
            self.audit_retention
        );
        Ok(kept)
    }
}
