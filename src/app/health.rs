//! Liveness and readiness.
use super::App;
use actix_web::{
    HttpResponse, get,
    web::{Data, Json},
};
use serde::Serialize;

/// Whether the process answers.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Live {
    /// Always `ok`.
    status: &'static str,
    /// The version of FlashFit.
    version: &'static str,
}

/// How one thing that FlashFit needs is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    /// Works.
    Ok,
    /// Does not work, but FlashFit does without, more slowly.
    Degraded,
    /// Does not work.
    Failed,
}

/// One thing that FlashFit needs.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Check {
    /// Which one.
    name: &'static str,
    /// How it is doing.
    status: Status,
    /// Why.
    detail: String,
}

/// Whether requests should be sent here.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Ready {
    /// Whether nothing failed.
    ready: bool,
    /// What was looked at.
    checks: Vec<Check>,
}

/// Says that the process answers. Asks nobody else.
#[utoipa::path(tag = "operations", responses((status = 200, body = Live)))]
#[get("/health/live")]
pub(super) async fn live() -> Json<Live> {
    Json(Live {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
    })
}

/// Says whether requests should be sent here, and why not.
#[utoipa::path(tag = "operations", responses(
    (status = 200, body = Ready),
    (status = 503, body = Ready),
))]
#[get("/health/ready")]
pub(super) async fn ready(app: Data<App>) -> HttpResponse {
    let checks = checks(&app).await;
    let ready = checks.iter().all(|check| check.status != Status::Failed);
    let mut response = if ready {
        HttpResponse::Ok()
    } else {
        HttpResponse::ServiceUnavailable()
    };
    response.json(Ready { ready, checks })
}

async fn checks(app: &App) -> Vec<Check> {
    let (database, cache) = tokio::join!(app.db.get(), app.cache.is_up());
    let database = match database {
        Ok(_) => (Status::Ok, "Postgres answers".to_owned()),
        Err(error) => (Status::Failed, error.to_string()),
    };
    let cache = if cache {
        (Status::Ok, "Redis answers".to_owned())
    } else {
        (
            Status::Degraded,
            "Redis does not answer; carrying on without".to_owned(),
        )
    };
    let models = (Status::Ok, app.wardrobe.vision().pack_id().to_owned());
    let index = match app.search.status().horizon {
        Some(_) => (Status::Ok, "the index follows the tables".to_owned()),
        None => (Status::Failed, "the index is being built".to_owned()),
    };
    [
        ("database", database),
        ("cache", cache),
        ("models", models),
        ("index", index),
    ]
    .into_iter()
    .map(|(name, (status, detail))| Check {
        name,
        status,
        detail,
    })
    .collect()
}
