//! What silences and receivers look like as JSON.
use crate::{
    engines::alerting::{LabelCondition, SilenceStatus, WrittenWeekly},
    features::alerts::silences::{KnownSilence, SilenceWish},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How far a silence has come.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum AlertSilenceStatus {
    /// It begins later.
    Pending,
    /// Between its start and its end, whatever hours it names.
    Active,
    /// Over.
    Expired,
}

/// What a label has to be.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AlertMatcher {
    /// The label.
    pub(super) name: String,
    /// `=`, `!=`, `=~` or `!~`; regular expressions must match the whole value.
    #[schema(example = "=")]
    pub(super) comparison: String,
    /// What is compared with.
    pub(super) value: String,
}

/// The same hours on some days of every week.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AlertSilenceWeekly {
    /// On which it begins: `monday` to `sunday`.
    pub(super) days: Vec<String>,
    /// When it begins.
    #[schema(example = "22:00")]
    pub(super) from: String,
    /// When it is over; on the next day if that is not later. May be `24:00`.
    #[schema(example = "06:00")]
    pub(super) to: String,
    /// By whose clocks.
    #[schema(example = "Europe/Berlin")]
    pub(super) time_zone: String,
}

/// A time in which nobody is told of some alerts.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AlertSilence {
    id: Uuid,
    /// Which alerts: all must hold.
    matchers: Vec<AlertMatcher>,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    /// In between only at these hours; null for all.
    #[schema(required = true)]
    weekly: Option<AlertSilenceWeekly>,
    comment: String,
    /// The name of whoever made it; empty when the account is gone.
    created_by: String,
    created_at: DateTime<Utc>,
    /// How far it has come.
    status: AlertSilenceStatus,
    /// How many alerts it keeps quiet now.
    alerts: usize,
}

impl AlertSilence {
    pub(super) fn new(known: KnownSilence, now: DateTime<Utc>, alerts: usize) -> Self {
        let silence = known.silence;
        let matchers = silence.matchers.written().iter();
        let matchers = matchers.map(|one| AlertMatcher {
            name: one.name.clone(),
            comparison: one.comparison.clone(),
            value: one.value.clone(),
        });
        Self {
            id: known.row.id,
            matchers: matchers.collect(),
            starts_at: silence.starts_at,
            ends_at: silence.ends_at,
            status: match silence.status(now) {
                SilenceStatus::Pending => AlertSilenceStatus::Pending,
                SilenceStatus::Active => AlertSilenceStatus::Active,
                SilenceStatus::Expired => AlertSilenceStatus::Expired,
            },
            weekly: silence.weekly.map(|weekly| {
                let written = WrittenWeekly::from(weekly);
                AlertSilenceWeekly {
                    days: written.days,
                    from: written.from,
                    to: written.to,
                    time_zone: written.time_zone,
                }
            }),
            comment: known.row.comment,
            created_by: known.created_by.unwrap_or_default(),
            created_at: known.row.created_at,
            alerts,
        }
    }
}

/// Every silence that is not over, or has not been for a week.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AlertSilenceList {
    /// Newest first.
    pub(super) silences: Vec<AlertSilence>,
}

/// A silence as somebody wants it.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AlertSilenceBody {
    /// Which alerts: all must hold, and one of them must ask for a label that is there.
    #[serde(default)]
    matchers: Vec<AlertMatcher>,
    /// From when; from now on, or from when it was before, if it is left out.
    starts_at: Option<DateTime<Utc>>,
    ends_at: DateTime<Utc>,
    /// In between only at these hours.
    weekly: Option<AlertSilenceWeekly>,
    /// Why.
    #[serde(default)]
    comment: String,
}

impl From<AlertSilenceBody> for SilenceWish {
    fn from(body: AlertSilenceBody) -> Self {
        let matchers = body.matchers.into_iter().map(|one| LabelCondition {
            name: one.name,
            comparison: one.comparison,
            value: one.value,
        });
        Self {
            matchers: matchers.collect(),
            starts_at: body.starts_at,
            ends_at: body.ends_at,
            weekly: body.weekly.map(|weekly| WrittenWeekly {
                days: weekly.days,
                from: weekly.from,
                to: weekly.to,
                time_zone: weekly.time_zone,
            }),
            comment: body.comment,
        }
    }
}

/// Somebody who is told of alerts.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AlertReceiver {
    /// Its name in the settings.
    pub(super) name: String,
    /// `smtp`, `webhook` or `alertmanager`.
    pub(super) kind: &'static str,
    /// The server, without anything secret.
    pub(super) place: String,
    /// Whether the last attempt went well; null before the first.
    #[schema(required = true)]
    pub(super) is_up: Option<bool>,
    /// When that was.
    #[schema(required = true)]
    pub(super) last_attempt_at: Option<DateTime<Utc>>,
    /// Why it did not go well.
    #[schema(required = true)]
    pub(super) last_error: Option<String>,
    /// How many messages wait.
    pub(super) queued: u64,
}

/// Everybody who is told of alerts.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AlertReceiverList {
    /// By name.
    pub(super) receivers: Vec<AlertReceiver>,
}
