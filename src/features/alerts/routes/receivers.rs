//! Who is told of alerts.
use super::wire_silences::{AlertReceiver, AlertReceiverList};
use crate::{
    features::{accounts::Admin, alerts::Alerts},
    platform::http::{Problem, ProblemBody},
};
use actix_web::{
    HttpResponse, get, post,
    web::{Data, Json, Path},
};

/// Lists receivers with how they fare.
#[utoipa::path(tag = "alerts", responses(
    (status = 200, body = AlertReceiverList),
))]
#[get("/alerts/receivers")]
pub(super) async fn list_receivers(
    _admin: Admin,
    alerts: Data<Alerts>,
) -> Result<Json<AlertReceiverList>, Problem> {
    let told = alerts.told().await?;
    let receivers = told.into_iter().map(|one| AlertReceiver {
        name: one.receiver.name().to_owned(),
        kind: one.receiver.kind(),
        place: one.receiver.place(),
        is_up: one.last.as_ref().map(|last| last.is_up),
        last_attempt_at: one.last.as_ref().map(|last| last.last_attempt_at),
        last_error: one.last.and_then(|last| last.last_error),
        queued: one.queued,
    });
    Ok(Json(AlertReceiverList {
        receivers: receivers.collect(),
    }))
}

/// Sends a receiver a marked test message, and waits for what it says.
#[utoipa::path(tag = "alerts", params(("name" = String, Path)), responses(
    (status = 204),
    (status = 502, body = ProblemBody, content_type = "application/problem+json"),
))]
#[post("/alerts/receivers/{name}/test")]
pub(super) async fn test_receiver(
    _admin: Admin,
    alerts: Data<Alerts>,
    name: Path<String>,
) -> Result<HttpResponse, Problem> {
    alerts.try_receiver(&name).await?;
    Ok(HttpResponse::NoContent().finish())
}
