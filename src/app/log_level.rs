//! What is logged, changed while the server runs. For administrators; each instance has its own.
use super::App;
use crate::{
    features::accounts::Admin,
    platform::{
        http::{Problem, extract::Body},
        telemetry::AUDIT,
    },
};
use actix_web::{
    delete, get,
    http::StatusCode,
    put,
    web::{Data, Json},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The longest that another level can be in force and end by itself.
const LONGEST_SECONDS: u32 = 7 * 24 * 3600;
/// What is logged is a line of a configuration file.
const LONGEST_LEVEL: usize = 1000;

/// What is logged.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct LogLevel {
    /// A level, or a filter such as `info,flashfit::features=debug`: what is in force.
    level: String,
    /// What the configuration says.
    configured: String,
    /// When that is in force again; absent if it is, or if nobody said when.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<DateTime<Utc>>,
    /// The instance that answers, which is the one that changes.
    instance: String,
}

/// What shall be logged.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LogLevelBody {
    /// A level, or a filter such as `info,flashfit::features=debug`.
    level: String,
    /// For so many seconds, at most a week; without it until the next start, or until it is changed again.
    #[schema(minimum = 1, maximum = 604_800)]
    for_seconds: Option<u32>,
}

/// Tells what is logged. For administrators.
#[utoipa::path(tag = "operations", responses(
    (status = 200, body = LogLevel),
))]
#[get("/admin/log-level")]
pub(super) async fn get_log_level(_admin: Admin, app: Data<App>) -> Json<LogLevel> {
    Json(shown(&app))
}

/// Logs more or less, at once, on the instance that answers. For administrators.
#[utoipa::path(tag = "operations", request_body = LogLevelBody, responses(
    (status = 200, body = LogLevel),
))]
#[put("/admin/log-level")]
pub(super) async fn put_log_level(
    Admin(admin): Admin,
    app: Data<App>,
    Body(body): Body<LogLevelBody>,
) -> Result<Json<LogLevel>, Problem> {
    let wrong =
        |detail: String| Problem::client(StatusCode::UNPROCESSABLE_ENTITY, "wrong-value", detail);
    let seconds = body.for_seconds;
    if seconds.is_some_and(|seconds| !(1..=LONGEST_SECONDS).contains(&seconds)) {
        return Err(wrong(format!(
            "for_seconds: expected 1 to {LONGEST_SECONDS}, or nothing"
        )));
    }
    if body.level.len() > LONGEST_LEVEL {
        return Err(wrong(format!(
            "level: it is longer than {LONGEST_LEVEL} bytes"
        )));
    }
    let until = seconds.map(|seconds| app.clock.now() + chrono::Duration::seconds(seconds.into()));
    let before = app.levels.now().level;
    let change = app.levels.change(&body.level, until);
    let change = change.map_err(|error| wrong(format!("level: {error}")))?;
    let (user, level) = (admin.id.to_string(), body.level);
    tracing::info!(target: AUDIT, user, before, level, until = until.map(|t| t.to_rfc3339()), "what is logged was changed");
    if let Some(seconds) = seconds {
        end_later(&app, change, Duration::from_secs(seconds.into()));
    }
    Ok(Json(shown(&app)))
}

/// Logs again what the configuration says. For administrators.
#[utoipa::path(tag = "operations", responses(
    (status = 200, body = LogLevel),
))]
#[delete("/admin/log-level")]
pub(super) async fn delete_log_level(Admin(admin): Admin, app: Data<App>) -> Json<LogLevel> {
    if app.levels.end(None) {
        let (user, level) = (admin.id.to_string(), app.levels.now().level);
        tracing::info!(target: AUDIT, user, level, "what is logged was changed back");
    }
    Json(shown(&app))
}

/// Goes back by itself, unless somebody changed it again.
fn end_later(app: &App, change: u64, after: Duration) {
    let (levels, stop) = (app.levels.clone(), app.tasks.stopping());
    app.tasks.spawn("log-level", async move {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(after) => {}
        }
        if levels.end(Some(change)) {
            let level = levels.now().level;
            tracing::info!(target: AUDIT, level, "what is logged is as configured again");
        }
    });
}

fn shown(app: &App) -> LogLevel {
    let now = app.levels.now();
    LogLevel {
        level: now.level,
        configured: now.configured,
        until: now.until,
        instance: app.monitoring.instance().to_owned(),
    }
}
