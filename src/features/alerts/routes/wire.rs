//! What alerts and their history look like as JSON.
use crate::{
    base::cursor::Cursor,
    engines::{alerting::State, promql::Labels},
    features::alerts::{Error, look::Seen, store_admin::HistoryRow},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Names and values.
pub(super) type Pairs = BTreeMap<String, String>;

pub(super) fn pairs(labels: &Labels) -> Pairs {
    let pairs = labels.iter();
    pairs.map(|(n, v)| (n.to_owned(), v.to_owned())).collect()
}

/// Milliseconds since 1970 as a time.
pub(super) fn time(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(ms).unwrap_or(DateTime::UNIX_EPOCH)
}

/// What JSON can say: a number that is finite.
pub(super) fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// How far an alert has come.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum AlertState {
    /// The expression holds, but not yet for as long as the rule asks.
    Pending,
    /// It holds for long enough.
    Firing,
    /// It fired, and holds no longer.
    Resolved,
}

impl From<State> for AlertState {
    fn from(state: State) -> Self {
        match state {
            State::Pending => Self::Pending,
            State::Firing => Self::Firing,
            State::Resolved => Self::Resolved,
        }
    }
}

/// An alert.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Alert {
    /// The name that Prometheus and Alertmanager give to its labels.
    fingerprint: String,
    /// The name of its rule.
    name: String,
    /// The label `severity`; empty where there is none.
    severity: String,
    /// How far it has come.
    state: AlertState,
    /// What tells it from others.
    labels: Pairs,
    /// Texts for people.
    annotations: Pairs,
    /// What the expression last gave; null where that is no finite number.
    #[schema(required = true)]
    value: Option<f64>,
    /// The expression of its rule.
    expression: String,
    /// The rule.
    rule_id: String,
    /// When the expression began to hold.
    active_at: DateTime<Utc>,
    /// When it began to fire; null while it is pending.
    #[schema(required = true)]
    fired_at: Option<DateTime<Utc>>,
    /// When it was over; null while it is not.
    #[schema(required = true)]
    resolved_at: Option<DateTime<Utc>>,
    /// The silences that keep it quiet.
    silenced_by: Vec<String>,
    /// The fingerprints of alerts that keep it quiet.
    inhibited_by: Vec<String>,
    /// What to do.
    #[schema(required = true)]
    runbook_url: Option<String>,
}

impl From<Seen> for Alert {
    fn from(seen: Seen) -> Self {
        let alert = seen.alert;
        let runbook = alert.annotations.get("runbook_url");
        Self {
            fingerprint: alert.fingerprint(),
            name: alert.name().to_owned(),
            severity: alert.labels.get("severity").to_owned(),
            state: alert.state.into(),
            labels: pairs(&alert.labels),
            annotations: pairs(&alert.annotations),
            value: finite(alert.value),
            rule_id: seen.rule_id,
            active_at: time(alert.active_at_ms),
            fired_at: alert.fired_at_ms.map(time),
            resolved_at: alert.resolved_at_ms.map(time),
            silenced_by: seen.silenced_by,
            inhibited_by: seen.inhibited_by,
            runbook_url: (!runbook.is_empty()).then(|| runbook.to_owned()),
            expression: alert.expression.clone(),
        }
    }
}

/// Who evaluates the rules.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AlertEvaluator {
    /// Whether it is the process that answers.
    pub(super) leading: bool,
    /// When rules were evaluated last; null before the first time.
    #[schema(required = true)]
    pub(super) evaluated_at: Option<DateTime<Utc>>,
    /// How often they are.
    pub(super) interval_seconds: f64,
}

/// Every alert there is: pending, firing, and for a quarter of an hour resolved.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AlertList {
    /// Those that fire first, then by name.
    pub(super) alerts: Vec<Alert>,
    /// Who found them.
    pub(super) evaluator: AlertEvaluator,
}

/// What became of an alert.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AlertEvent {
    id: Uuid,
    /// When.
    at: DateTime<Utc>,
    /// The name that Prometheus and Alertmanager give to its labels.
    fingerprint: String,
    /// The name of its rule.
    name: String,
    /// The label `severity`; empty where there is none.
    severity: String,
    /// What it became.
    #[schema(value_type = AlertState)]
    state: String,
    labels: serde_json::Value,
    annotations: serde_json::Value,
    /// What the expression gave; null where that is no finite number.
    #[schema(required = true)]
    value: Option<f64>,
}

impl From<HistoryRow> for AlertEvent {
    fn from(row: HistoryRow) -> Self {
        Self {
            id: row.id,
            at: row.at,
            fingerprint: row.fingerprint,
            name: row.name,
            severity: row.severity,
            state: row.state,
            labels: row.labels,
            annotations: row.annotations,
            value: row.value,
        }
    }
}

/// A page of the history of alerts.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct AlertHistory {
    /// Newest first.
    pub(super) items: Vec<AlertEvent>,
    /// Where the next page starts; null on the last.
    #[schema(required = true)]
    pub(super) next_cursor: Option<String>,
}

/// Which page of the history.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct AlertHistoryQuery {
    /// Only alerts of this name.
    pub(super) name: Option<String>,
    /// `next_cursor` of the page before.
    pub(super) cursor: Option<String>,
    /// Entries per page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub(super) limit: Option<usize>,
}

/// Reads where a page starts and how long it is.
pub(super) fn page(query: &AlertHistoryQuery) -> Result<(Option<Cursor>, usize), Error> {
    let limit = query.limit.unwrap_or(50);
    if !(1..=200).contains(&limit) {
        return Err(Error::Invalid(format!(
            "limit: expected 1 to 200, got {limit}"
        )));
    }
    let cursor = query.cursor.as_deref().map(|text| {
        let wrong =
            || Error::Invalid("cursor: expected the next_cursor of another page".to_owned());
        Cursor::decode(text).ok_or_else(wrong)
    });
    Ok((cursor.transpose()?, limit))
}
