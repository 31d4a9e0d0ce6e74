//! `[monitoring]`.
use crate::base::complaints::Complaints;
use anyhow::bail;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What this process remembers of itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// How often the metrics are sampled.
    #[serde(with = "humantime_serde")]
    pub interval: Duration,
    /// How long samples are kept in memory.
    #[serde(with = "humantime_serde")]
    pub keep: Duration,
    /// Series kept at most; more are refused and counted.
    pub max_series: usize,
    /// How long five-minute values and the results of health checks are kept in Postgres.
    #[serde(with = "humantime_serde")]
    pub history_keep: Duration,
}

impl Settings {
    /// What is wrong with it, a line for each.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        let mut found = Complaints::about("monitoring");
        let (second, minute) = (Duration::from_secs(1), Duration::from_secs(60));
        // A series is seen for five minutes after its last sample, so a longer pause would leave gaps.
        found.unless(
            (second..=2 * minute).contains(&self.interval),
            "interval",
            format!("{:?} is not between 1s and 2m", self.interval),
        );
        found.unless(
            (10 * minute..=7 * 24 * 60 * minute).contains(&self.keep),
            "keep",
            format!("{:?} is not between 10m and 7days", self.keep),
        );
        found.unless(
            (100..=100_000).contains(&self.max_series),
            "max_series",
            format!("{} is not between 100 and 100000", self.max_series),
        );
        found.unless(
            (60 * minute..=3660 * 24 * 60 * minute).contains(&self.history_keep),
            "history_keep",
            format!("{:?} is not between 1h and ten years", self.history_keep),
        );
        found.into_lines()
    }

    /// Refuses what makes no sense.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        match self.complaints().first() {
            None => Ok(()),
            Some(first) => bail!("{first}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_is_refused_with_its_key() {
        let good = Settings {
            interval: Duration::from_secs(15),
            keep: Duration::from_secs(86_400),
            max_series: 5000,
            history_keep: Duration::from_secs(90 * 86_400),
        };
        assert!(good.check().is_ok());
        let mut bad = vec![];
        for (key, change) in [
            (
                "interval",
                (|s| s.interval = Duration::ZERO) as fn(&mut Settings),
            ),
            ("interval", |s| s.interval = Duration::from_secs(600)),
            ("keep", |s| s.keep = Duration::from_secs(1)),
            ("max_series", |s| s.max_series = 1),
            ("history_keep", |s| s.history_keep = Duration::ZERO),
        ] {
            let mut settings = good.clone();
            change(&mut settings);
            let error = settings.check().unwrap_err().to_string();
            assert!(error.starts_with(&format!("monitoring.{key}: ")), "{error}");
            bad.push(key);
        }
        assert_eq!(bad.len(), 5);
    }
}
