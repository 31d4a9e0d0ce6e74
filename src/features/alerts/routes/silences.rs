//! Silences.
use super::wire_silences::{AlertSilence, AlertSilenceBody, AlertSilenceList};
use crate::{
    base::id::SilenceId,
    features::{
        accounts::Admin,
        alerts::{Alerts, Error, silences::KnownSilence},
    },
    platform::http::{Problem, extract::Body},
};
use actix_web::{
    HttpResponse, delete, get, post, put,
    web::{Data, Json, Path},
};
use uuid::Uuid;

/// Lists silences that are not over, or have not been for a week.
#[utoipa::path(tag = "alerts", responses(
    (status = 200, body = AlertSilenceList),
))]
#[get("/alerts/silences")]
pub(super) async fn list_silences(
    _admin: Admin,
    alerts: Data<Alerts>,
) -> Result<Json<AlertSilenceList>, Problem> {
    let silences = alerts.list_silences().await?;
    Ok(Json(AlertSilenceList {
        silences: bodies(&alerts, silences).await?,
    }))
}

/// Keeps quiet about some alerts for a time.
#[utoipa::path(tag = "alerts", request_body = AlertSilenceBody, responses(
    (status = 201, body = AlertSilence),
))]
#[post("/alerts/silences")]
pub(super) async fn add_silence(
    Admin(admin): Admin,
    alerts: Data<Alerts>,
    Body(body): Body<AlertSilenceBody>,
) -> Result<HttpResponse, Problem> {
    let id = alerts.add_silence(admin.id, body.into()).await?;
    Ok(HttpResponse::Created().json(one(&alerts, id).await?))
}

/// Changes a silence that is not over.
#[utoipa::path(tag = "alerts", params(("id" = Uuid, Path)), request_body = AlertSilenceBody, responses(
    (status = 200, body = AlertSilence),
))]
#[put("/alerts/silences/{id}")]
pub(super) async fn change_silence(
    Admin(admin): Admin,
    alerts: Data<Alerts>,
    id: Path<Uuid>,
    Body(body): Body<AlertSilenceBody>,
) -> Result<Json<AlertSilence>, Problem> {
    let id = SilenceId(*id);
    alerts.change_silence(admin.id, id, body.into()).await?;
    Ok(Json(one(&alerts, id).await?))
}

/// Ends a silence now.
#[utoipa::path(tag = "alerts", params(("id" = Uuid, Path)), responses(
    (status = 204),
))]
#[delete("/alerts/silences/{id}")]
pub(super) async fn end_silence(
    Admin(admin): Admin,
    alerts: Data<Alerts>,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    alerts.end_silence(admin.id, SilenceId(*id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Silences with how many alerts each keeps quiet.
async fn bodies(alerts: &Alerts, silences: Vec<KnownSilence>) -> Result<Vec<AlertSilence>, Error> {
    let now = alerts.now();
    let seen = alerts.see().await?.alerts;
    let bodies = silences.into_iter().map(|known| {
        let id = known.silence.id.clone();
        let quiet = seen.iter().filter(|seen| seen.silenced_by.contains(&id));
        let count = quiet.count();
        AlertSilence::new(known, now, count)
    });
    Ok(bodies.collect())
}

async fn one(alerts: &Alerts, id: SilenceId) -> Result<AlertSilence, Error> {
    let found = vec![alerts.silence(id).await?];
    let body = bodies(alerts, found).await?.pop();
    body.ok_or(Error::NoSilence(id.0))
}
