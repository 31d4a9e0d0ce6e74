//! What rules look like as JSON.
use super::wire::Pairs;
use crate::{
    engines::alerting::{Definition, RuleKind},
    features::alerts::{
        catalogue::{Listed, Source},
        rules::RuleWish,
    },
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What a rule makes of its expression.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum AlertRuleKind {
    /// Alerts.
    Alerting,
    /// Series.
    Recording,
}

/// Where a rule comes from.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum AlertRuleSource {
    /// From the rule file, as it is there.
    File,
    /// Added in the app.
    App,
    /// From the rule file, and changed in the app.
    Changed,
}

/// How a rule fares.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum AlertRuleHealth {
    /// It was evaluated.
    Ok,
    /// It could not be evaluated.
    Failed,
    /// It was not evaluated yet.
    Unknown,
}

/// The state of a rule: that of its most advanced alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum AlertRuleState {
    /// It found nothing.
    Inactive,
    /// Something waits for its time.
    Pending,
    /// Something fires.
    Firing,
}

/// A rule.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AlertRule {
    pub(super) id: String,
    /// What it makes.
    pub(super) kind: AlertRuleKind,
    /// The name of its alerts, or of its metric.
    pub(super) name: String,
    /// PromQL.
    pub(super) expression: String,
    /// How long the expression has to hold until an alert fires.
    pub(super) for_seconds: f64,
    /// How long an alert goes on firing when the expression holds no longer.
    pub(super) keep_firing_for_seconds: f64,
    /// Added to the labels of each series; templates.
    pub(super) labels: Pairs,
    /// Texts for people; templates.
    pub(super) annotations: Pairs,
    /// Where it comes from.
    pub(super) source: AlertRuleSource,
    /// Whether it is evaluated.
    pub(super) is_enabled: bool,
    /// The state of its most advanced alert.
    pub(super) state: AlertRuleState,
    /// How many alerts it has found that are not over.
    pub(super) alerts: usize,
    /// How it fares.
    pub(super) health: AlertRuleHealth,
    /// Why it could not be evaluated.
    #[schema(required = true)]
    pub(super) last_error: Option<String>,
    /// When it was evaluated last.
    #[schema(required = true)]
    pub(super) evaluated_at: Option<DateTime<Utc>>,
    /// How long that took.
    #[schema(required = true)]
    pub(super) evaluation_seconds: Option<f64>,
}

impl AlertRule {
    /// A rule of which nothing is known but how it is written.
    pub(super) fn new(listed: &Listed) -> Self {
        let written = &listed.written;
        let last_error = listed.rule.as_ref().err().cloned();
        Self {
            id: listed.id.clone(),
            kind: match written.kind {
                RuleKind::Alerting => AlertRuleKind::Alerting,
                RuleKind::Recording => AlertRuleKind::Recording,
            },
            name: written.name.clone(),
            expression: written.expression.clone(),
            for_seconds: seconds(written.for_ms),
            keep_firing_for_seconds: seconds(written.keep_firing_for_ms),
            labels: written.labels.clone(),
            annotations: written.annotations.clone(),
            source: match listed.source {
                Source::File => AlertRuleSource::File,
                Source::App => AlertRuleSource::App,
                Source::Changed => AlertRuleSource::Changed,
            },
            is_enabled: listed.is_enabled,
            state: AlertRuleState::Inactive,
            alerts: 0,
            health: match last_error {
                Some(_) => AlertRuleHealth::Failed,
                None => AlertRuleHealth::Unknown,
            },
            last_error,
            evaluated_at: None,
            evaluation_seconds: None,
        }
    }
}

fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

/// Rules that are evaluated one after the other.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AlertRuleGroup {
    /// Its name.
    pub(super) name: String,
    /// `file`, or `app` for the group of rules that were added in the app.
    pub(super) source: AlertRuleSource,
    /// How often they are evaluated.
    pub(super) interval_seconds: f64,
    /// In order.
    pub(super) rules: Vec<AlertRule>,
}

/// Why the newest rule file is not in force.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AlertRuleFileError {
    /// What is wrong.
    pub(super) message: String,
    /// From 1; null where the file could not be read at all.
    #[schema(required = true)]
    pub(super) line: Option<usize>,
    /// In characters, from 1.
    #[schema(required = true)]
    pub(super) column: Option<usize>,
}

/// Every rule there is.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AlertRuleList {
    /// Those of the file, then the app's.
    pub(super) groups: Vec<AlertRuleGroup>,
    /// When the rules of the file were read.
    pub(super) loaded_at: DateTime<Utc>,
    /// Why the newest rule file is not in force; the rules of an older one are then.
    #[schema(required = true)]
    pub(super) error: Option<AlertRuleFileError>,
}

fn yes() -> bool {
    true
}

/// A rule as somebody wants it.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AlertRuleBody {
    /// The name of its alerts; of a recording rule of the file, which can be changed but not added here, its metric.
    name: String,
    /// PromQL.
    expression: String,
    /// How long the expression has to hold until an alert fires.
    #[serde(default)]
    for_seconds: i64,
    /// How long an alert goes on firing when the expression holds no longer.
    #[serde(default)]
    keep_firing_for_seconds: i64,
    /// Added to the labels of each series; templates.
    #[serde(default)]
    labels: Pairs,
    /// Texts for people, such as `summary`, `description` and `runbook_url`; templates.
    #[serde(default)]
    annotations: Pairs,
    /// Whether it is evaluated.
    #[serde(default = "yes")]
    is_enabled: bool,
}

impl From<AlertRuleBody> for RuleWish {
    fn from(body: AlertRuleBody) -> Self {
        Self {
            written: Definition {
                kind: RuleKind::Alerting,
                name: body.name,
                expression: body.expression,
                for_ms: body.for_seconds.saturating_mul(1000),
                keep_firing_for_ms: body.keep_firing_for_seconds.saturating_mul(1000),
                labels: body.labels,
                annotations: body.annotations,
            },
            is_enabled: body.is_enabled,
        }
    }
}

/// A rule to try on the past.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AlertPreviewBody {
    name: String,
    /// PromQL.
    expression: String,
    #[serde(default)]
    for_seconds: i64,
    #[serde(default)]
    keep_firing_for_seconds: i64,
    #[serde(default)]
    labels: Pairs,
    #[serde(default)]
    annotations: Pairs,
    /// Has no meaning here, so that a rule can be sent as it is.
    #[serde(default = "yes")]
    is_enabled: bool,
    /// How far back, at most as long as samples are kept.
    pub(super) hours: u32,
}

impl From<AlertPreviewBody> for RuleWish {
    fn from(body: AlertPreviewBody) -> Self {
        AlertRuleBody {
            name: body.name,
            expression: body.expression,
            for_seconds: body.for_seconds,
            keep_firing_for_seconds: body.keep_firing_for_seconds,
            labels: body.labels,
            annotations: body.annotations,
            is_enabled: body.is_enabled,
        }
        .into()
    }
}

/// An alert that would have fired.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AlertPreviewFiring {
    pub(super) labels: Pairs,
    /// When the expression began to hold.
    pub(super) active_at: DateTime<Utc>,
    /// When it would have begun to fire.
    pub(super) fired_at: DateTime<Utc>,
    /// When it would have been over; null if it would fire now.
    #[schema(required = true)]
    pub(super) resolved_at: Option<DateTime<Utc>>,
    /// The value farthest from the one with which it began; null where that is no finite number.
    #[schema(required = true)]
    pub(super) peak_value: Option<f64>,
    /// Its annotation `summary` when it began.
    pub(super) summary: String,
}

/// What a rule would have found.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AlertPreview {
    pub(super) from: DateTime<Utc>,
    pub(super) to: DateTime<Utc>,
    /// The rule was evaluated so often.
    pub(super) step_seconds: f64,
    /// In the order in which they would have fired.
    pub(super) firings: Vec<AlertPreviewFiring>,
}
