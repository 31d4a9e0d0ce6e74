//! Where somebody is signed in.
use crate::{
    base::id::SessionId,
    features::accounts::{Accounts, Origin, OwnSession, SignedIn},
    platform::http::Problem,
};
use actix_web::{
    HttpResponse, delete, get,
    web::{Data, Json, Path},
};
use serde::Serialize;
use uuid::Uuid;

/// Every sign-in of a person that has not ended: that of the request first, then the last used.
#[derive(Serialize, utoipa::ToSchema)]
struct SessionList {
    sessions: Vec<OwnSession>,
}

/// What ended.
#[derive(Serialize, utoipa::ToSchema)]
struct EndedSessions {
    /// How many sessions.
    ended: usize,
}

/// Lists where one is signed in.
#[utoipa::path(tag = "accounts", responses((status = 200, body = SessionList)))]
#[get("/auth/sessions")]
pub(super) async fn list_sessions(
    accounts: Data<Accounts>,
    person: SignedIn,
) -> Result<Json<SessionList>, Problem> {
    let sessions = accounts.list_sessions(&person).await?;
    Ok(Json(SessionList { sessions }))
}

/// Signs out everywhere else: this session stays.
#[utoipa::path(tag = "accounts", responses((status = 200, body = EndedSessions)))]
#[delete("/auth/sessions")]
pub(super) async fn end_other_sessions(
    accounts: Data<Accounts>,
    person: SignedIn,
    origin: Origin,
) -> Result<Json<EndedSessions>, Problem> {
    let ended = accounts.end_other_sessions(&person, &origin).await?;
    Ok(Json(EndedSessions { ended }))
}

/// Ends one session: whoever uses it has to sign in again.
#[utoipa::path(tag = "accounts", params(("id" = Uuid, Path)), responses((status = 204)))]
#[delete("/auth/sessions/{id}")]
pub(super) async fn end_session(
    accounts: Data<Accounts>,
    person: SignedIn,
    origin: Origin,
    id: Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let id = SessionId(id.into_inner());
    accounts.end_session(person.user.id, id, &origin).await?;
    Ok(HttpResponse::NoContent().finish())
}
