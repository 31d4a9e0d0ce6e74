//! `/api/monitoring`: HTTP in, HTTP out. For administrators.
//!
//! Expressions are answered as Prometheus answers them, errors included, so that Grafana takes this server for one
//! (`prometheus.rs`); everything else is as elsewhere.
mod answer;
mod params;
mod prometheus;
mod times;

use super::{Dashboard, Error, Health, HealthChange, Monitoring};
use crate::{features::accounts::Admin, platform::http::Problem};
use actix_web::{
    get,
    web::{Data, Json, Query},
};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use utoipa_actix_web::service_config::ServiceConfig;

/// The longest span that is told at once.
const MAX_HOURS: u32 = 24 * 366;
/// What `from` is when it is not given.
const DEFAULT_SPAN: Duration = Duration::days(7);

/// The routes of this feature.
pub fn routes(cfg: &mut ServiceConfig<'_>) {
    cfg.service(list_dashboards)
        .service(get_history)
        .service(get_health)
        .configure(prometheus::routes);
}

/// The dashboards.
#[derive(Serialize, utoipa::ToSchema)]
struct DashboardList {
    /// In the order they are shown.
    dashboards: Vec<Dashboard>,
}

/// Lists the dashboards, their panels and the expressions behind them. For administrators.
#[utoipa::path(tag = "monitoring", responses(
    (status = 200, body = DashboardList),
))]
#[get("/monitoring/dashboards")]
async fn list_dashboards(_admin: Admin, monitoring: Data<Monitoring>) -> Json<DashboardList> {
    Json(DashboardList {
        dashboards: monitoring.dashboards().all.clone(),
    })
}

/// Which panel, and when.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct HistoryQuery {
    /// The dashboard.
    dashboard: String,
    /// One of its panels.
    panel: String,
    /// The first time; a week before the last when absent.
    from: Option<DateTime<Utc>>,
    /// The last time; now when absent.
    to: Option<DateTime<Utc>>,
}

/// What a panel showed.
#[derive(Serialize, utoipa::ToSchema)]
struct PanelHistory {
    /// One for each expression of the panel.
    queries: Vec<QueryHistory>,
}

/// What an expression was worth.
#[derive(Serialize, utoipa::ToSchema)]
struct QueryHistory {
    /// What a line is called; `{{label}}` is filled in.
    legend: String,
    /// As Prometheus shows a matrix: labels, and pairs of seconds since 1970 and the value as text. Where several
    /// processes were at work, the label `instance` tells them apart.
    #[schema(value_type = Vec<answer::Line>)]
    result: Vec<serde_json::Value>,
}

/// Tells what a panel showed: a value every five minutes, for as long as `monitoring.history_keep`. For administrators.
#[utoipa::path(tag = "monitoring", params(HistoryQuery), responses(
    (status = 200, body = PanelHistory),
))]
#[get("/monitoring/history")]
async fn get_history(
    _admin: Admin,
    monitoring: Data<Monitoring>,
    query: Query<HistoryQuery>,
) -> Result<Json<PanelHistory>, Problem> {
    let to = query.to.unwrap_or_else(|| monitoring.now());
    let from = query.from.unwrap_or_else(|| to - DEFAULT_SPAN);
    if from > to || to - from > Duration::hours(MAX_HOURS.into()) {
        let what = format!("from {from} to {to} is no span of up to a year");
        return Err(Error::Invalid(what).into());
    }
    let panel = monitoring.dashboards().find(&query.dashboard, &query.panel);
    let panel = panel.ok_or_else(|| Error::NoPanel {
        dashboard: query.dashboard.clone(),
        panel: query.panel.clone(),
    })?;
    let lines = monitoring.history(panel, from, to).await?;
    let queries = lines.into_iter().map(|line| QueryHistory {
        legend: line.legend,
        result: line.series.iter().map(answer::line).collect(),
    });
    Ok(Json(PanelHistory {
        queries: queries.collect(),
    }))
}

/// How far back.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct HealthQuery {
    /// Changes of so many hours, 1 to 8784.
    #[param(minimum = 1, maximum = 8784, default = 24)]
    hours: Option<u32>,
}

/// How everything is doing, and was.
#[derive(Serialize, utoipa::ToSchema)]
struct HealthReport {
    /// What the checks found last, here and at other instances.
    now: Vec<Health>,
    /// What was found to be better or worse than before, newest first; at most 1000.
    changes: Vec<HealthChange>,
}

/// Tells what the periodic health checks found. For administrators.
#[utoipa::path(tag = "monitoring", params(HealthQuery), responses(
    (status = 200, body = HealthReport),
))]
#[get("/monitoring/health")]
async fn get_health(
    _admin: Admin,
    monitoring: Data<Monitoring>,
    query: Query<HealthQuery>,
) -> Result<Json<HealthReport>, Problem> {
    let hours = query.hours.unwrap_or(24);
    if !(1..=MAX_HOURS).contains(&hours) {
        let what = format!("{hours} hours were asked for; expected 1 to {MAX_HOURS}");
        return Err(Error::Invalid(what).into());
    }
    let since = monitoring.now() - Duration::hours(hours.into());
    Ok(Json(HealthReport {
        now: monitoring.health().await?,
        changes: monitoring.health_changes(since).await?,
    }))
}
