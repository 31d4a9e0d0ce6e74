//! What was done with accounts.
use crate::{
    base::{cursor::Cursor, id::UserId},
    features::accounts::{
        Accounts, Action, Admin, AuditEntry, AuditFilter, Error, Invalid, SignedIn,
    },
    platform::http::Problem,
};
use actix_web::{
    get,
    web::{Data, Json, Query},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Entries per page unless the client says.
const USUAL: usize = 50;
/// Entries per page at most.
const MOST: usize = 200;

/// A page of the audit log.
#[derive(Serialize, utoipa::ToSchema)]
struct AuditPage {
    /// Newest first.
    items: Vec<AuditEntry>,
    /// Where the next page starts; null on the last.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// Which page.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct OwnAuditQuery {
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Entries per page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<usize>,
}

/// Which entries, and which page of them.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AuditQuery {
    /// Only about this account.
    #[param(value_type = Option<Uuid>)]
    subject: Option<UserId>,
    /// Only about the account with this address.
    email: Option<String>,
    /// Only done by this person.
    #[param(value_type = Option<Uuid>)]
    actor: Option<UserId>,
    /// Only of this kind.
    action: Option<Action>,
    /// From this moment on.
    from: Option<DateTime<Utc>>,
    /// Before this moment.
    until: Option<DateTime<Utc>>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Entries per page, 1 to 200.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<usize>,
}

/// Lists what was done with one's own account, newest first.
#[utoipa::path(tag = "accounts", params(OwnAuditQuery), responses((status = 200, body = AuditPage)))]
#[get("/account/audit")]
pub(super) async fn list_own_audit(
    accounts: Data<Accounts>,
    person: SignedIn,
    query: Query<OwnAuditQuery>,
) -> Result<Json<AuditPage>, Problem> {
    let (after, limit) = page(query.cursor.as_deref(), query.limit)?;
    let listed = accounts.list_audit(person.user.id, after, limit).await?;
    Ok(Json(listed.into()))
}

/// Lists what was done with everybody's accounts, newest first.
///
/// Entries outlive the people they are about, and hold nothing personal by then.
#[utoipa::path(tag = "accounts", params(AuditQuery), responses((status = 200, body = AuditPage)))]
#[get("/admin/audit")]
pub(super) async fn list_audit(
    accounts: Data<Accounts>,
    _admin: Admin,
    query: Query<AuditQuery>,
) -> Result<Json<AuditPage>, Problem> {
    let (after, limit) = page(query.cursor.as_deref(), query.limit)?;
    let query = query.into_inner();
    let subject = match query.email {
        Some(email) => {
            let found = accounts.find_user(&email).await?;
            Some(found.ok_or(Error::UserNotFound)?.id)
        }
        None => query.subject,
    };
    let filter = AuditFilter {
        subject,
        actor: query.actor,
        action: query.action,
        from: query.from,
        until: query.until,
    };
    let listed = accounts.list_everybodys_audit(&filter, after, limit);
    Ok(Json(listed.await?.into()))
}

impl From<(Vec<AuditEntry>, Option<Cursor>)> for AuditPage {
    fn from((items, next): (Vec<AuditEntry>, Option<Cursor>)) -> Self {
        Self {
            items,
            next_cursor: next.map(|cursor| cursor.encode()),
        }
    }
}

/// Reads where a page starts and how long it is.
fn page(cursor: Option<&str>, limit: Option<usize>) -> Result<(Option<Cursor>, usize), Error> {
    let limit = limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(Invalid::Limit(limit).into());
    }
    let cursor = cursor.map(|text| Cursor::decode(text).ok_or(Invalid::Cursor));
    Ok((cursor.transpose()?, limit))
}
