//! How the parts of the program are doing: what was found last, and what is worth keeping of it.
use super::{
    Error, Monitoring,
    outbox::{HealthRecord, Record},
    store_admin,
};
use crate::base::metrics as names;
use chrono::{DateTime, Duration, Utc};
use serde::Serialize;
use std::{
    collections::BTreeMap,
    sync::{MutexGuard, PoisonError},
};

/// What stays as it is is kept so often.
const REPEAT: Duration = Duration::minutes(5);
/// Another instance that kept nothing for so long is not there any more.
const GONE: Duration = Duration::minutes(11);
/// Changes that are told at most.
const MAX_CHANGES: i64 = 1000;

/// How one thing that FlashFit needs is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Works.
    Ok,
    /// Does not work, or not for long any more, but FlashFit does without.
    Degraded,
    /// Does not work.
    Failed,
}

impl Status {
    /// As it is kept and shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Degraded => "degraded",
            Self::Failed => "failed",
        }
    }

    const fn value(self) -> f64 {
        match self {
            Self::Ok => 1.0,
            Self::Degraded => 0.5,
            Self::Failed => 0.0,
        }
    }

    /// As it was kept.
    pub(super) fn parse(text: &str) -> Self {
        match text {
            "ok" => Self::Ok,
            "degraded" => Self::Degraded,
            _ => Self::Failed,
        }
    }
}

/// What one check found.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Which part was looked at.
    pub check: &'static str,
    /// How it is doing.
    pub status: Status,
    /// Why.
    pub detail: String,
    /// How long it took to find out.
    pub took: std::time::Duration,
}

/// How a part of an instance was found.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Health {
    /// Which part.
    pub check: String,
    /// How it is doing.
    pub status: Status,
    /// Why.
    pub detail: String,
    /// How long it took to find out, in milliseconds.
    pub took_ms: i32,
    /// When.
    pub at: DateTime<Utc>,
    /// Which process found it.
    pub instance: String,
}

/// That a part of an instance is doing better or worse than before.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct HealthChange {
    /// When it was found.
    pub at: DateTime<Utc>,
    /// Which process found it.
    pub instance: String,
    /// Which part.
    pub check: String,
    /// How it is doing since.
    pub status: Status,
    /// Why.
    pub detail: String,
}

/// What was found last of each part, and when that was kept.
#[derive(Debug, Default)]
pub(super) struct Ward {
    found: BTreeMap<&'static str, (Health, Kept)>,
}

#[derive(Debug, Clone, Copy)]
struct Kept {
    at: DateTime<Utc>,
}

impl Ward {
    /// Takes note, and says whether it is worth keeping.
    fn note(&mut self, check: &'static str, health: Health) -> bool {
        let before = self.found.get(check);
        let has_changed = before.is_none_or(|(before, _)| before.status != health.status);
        let kept = before.map(|(_, kept)| *kept);
        let is_kept = has_changed || kept.is_none_or(|kept| health.at - kept.at >= REPEAT);
        let kept = kept.filter(|_| !is_kept).unwrap_or(Kept { at: health.at });
        if before.is_some() && has_changed {
            tell(&health);
        }
        self.found.insert(check, (health, kept));
        is_kept
    }
}

fn tell(health: &Health) {
    let (check, detail) = (&health.check, &health.detail);
    match health.status {
        Status::Ok => tracing::info!(check, detail, "the health check {check} is ok again"),
        Status::Degraded | Status::Failed => {
            let status = health.status.as_str();
            tracing::warn!(
                check,
                detail,
                status,
                "the health check {check} is {status}"
            );
        }
    }
}

impl Monitoring {
    /// Takes note of what the checks found.
    pub fn note_health(&self, findings: Vec<Finding>) {
        let at = self.inner.clock.now();
        for finding in findings {
            metrics::gauge!(names::HEALTH_UP, "check" => finding.check).set(finding.status.value());
            let health = Health {
                check: finding.check.to_owned(),
                status: finding.status,
                detail: finding.detail,
                took_ms: i32::try_from(finding.took.as_millis()).unwrap_or(i32::MAX),
                at,
                instance: self.inner.instance.clone(),
            };
            let record = HealthRecord {
                check: finding.check,
                at,
                status: health.status,
                detail: health.detail.clone(),
                took_ms: health.took_ms,
            };
            if self.ward().note(finding.check, health) {
                self.inner.outbox.put(Record::Health(record));
            }
        }
    }

    /// How everything is doing: here as found last, at other instances as they kept it last.
    ///
    /// # Errors
    /// Database errors.
    pub async fn health(&self) -> Result<Vec<Health>, Error> {
        let mut now: Vec<Health> = self.ward().found.values().map(|(h, _)| h.clone()).collect();
        let since = self.inner.clock.now() - GONE;
        let mut conn = self.inner.db.get().await?;
        let others = store_admin::latest_health(&mut conn, since).await?;
        now.extend(
            others
                .into_iter()
                .filter(|h| h.instance != self.inner.instance),
        );
        Ok(now)
    }

    /// What changed since a time, newest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn health_changes(&self, since: DateTime<Utc>) -> Result<Vec<HealthChange>, Error> {
        let mut conn = self.inner.db.get().await?;
        Ok(store_admin::health_changes(&mut conn, since, MAX_CHANGES).await?)
    }

    /// Everything that was kept since a time, oldest first.
    ///
    /// # Errors
    /// Database errors.
    pub async fn health_log(
        &self,
        since: DateTime<Utc>,
        check: Option<&str>,
    ) -> Result<Vec<Health>, Error> {
        let mut conn = self.inner.db.get().await?;
        Ok(store_admin::health_log(&mut conn, since, check).await?)
    }

    fn ward(&self) -> MutexGuard<'_, Ward> {
        self.inner
            .ward
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_kept_at_once_and_the_rest_every_five_minutes() {
        let mut ward = Ward::default();
        let start = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let mut kept = vec![];
        for second in (0..900).step_by(15) {
            let status = if (400..430).contains(&second) {
                Status::Failed
            } else {
                Status::Ok
            };
            let health = Health {
                check: "cache".to_owned(),
                status,
                detail: String::new(),
                took_ms: 1,
                at: start + Duration::seconds(second),
                instance: "here".to_owned(),
            };
            if ward.note("cache", health) {
                kept.push(second);
            }
        }
        assert_eq!(kept, [0, 300, 405, 435, 735]);
    }
}
