//! The alerts there are, and what became of others.
use super::wire::{Alert, AlertEvaluator, AlertHistory, AlertHistoryQuery, AlertList, page};
use crate::{
    engines::alerting::State,
    features::{accounts::Admin, alerts::Alerts},
    platform::http::Problem,
};
use actix_web::{
    get,
    web::{Data, Json, Query},
};

/// Lists the alerts that wait, fire, or were over a short while ago.
#[utoipa::path(tag = "alerts", responses(
    (status = 200, body = AlertList),
))]
#[get("/alerts")]
pub(super) async fn list_alerts(
    _admin: Admin,
    alerts: Data<Alerts>,
) -> Result<Json<AlertList>, Problem> {
    let mut sight = alerts.see().await?;
    sight.alerts.sort_by_cached_key(|seen| {
        let rank = match seen.alert.state {
            State::Firing => 0,
            State::Pending => 1,
            State::Resolved => 2,
        };
        (rank, seen.alert.labels.clone())
    });
    Ok(Json(AlertList {
        alerts: sight.alerts.into_iter().map(Alert::from).collect(),
        evaluator: AlertEvaluator {
            leading: sight.is_leading,
            evaluated_at: sight.evaluated_at,
            interval_seconds: alerts.interval_seconds(),
        },
    }))
}

/// Lists what became of alerts, newest first.
#[utoipa::path(tag = "alerts", params(AlertHistoryQuery), responses(
    (status = 200, body = AlertHistory),
))]
#[get("/alerts/history")]
pub(super) async fn list_alert_history(
    _admin: Admin,
    alerts: Data<Alerts>,
    query: Query<AlertHistoryQuery>,
) -> Result<Json<AlertHistory>, Problem> {
    let (after, limit) = page(&query)?;
    let (rows, next) = alerts.history(query.name.as_deref(), after, limit).await?;
    Ok(Json(AlertHistory {
        items: rows.into_iter().map(Into::into).collect(),
        next_cursor: next.map(|cursor| cursor.encode()),
    }))
}
