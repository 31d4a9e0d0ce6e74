//! The SQL of the audit log. Every query here is bound to whom it is about; the others are in `store_admin.rs`.
use super::audit::{Action, AuditEntry, NewEntry};
use crate::{
    base::{
        cursor::Cursor,
        id::{AuditId, UserId},
    },
    platform::db::schema::audit_log,
};
use chrono::{DateTime, Utc};
use diesel::{dsl::exists, pg::Pg, prelude::*};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::Value;
use uuid::Uuid;

#[derive(Queryable, Selectable)]
#[diesel(table_name = audit_log, check_for_backend(Pg))]
pub(super) struct Row {
    id: Uuid,
    at: DateTime<Utc>,
    action: String,
    actor: Option<Uuid>,
    subject: Uuid,
    address: Option<String>,
    agent: Option<String>,
    details: Value,
    request_id: Option<Uuid>,
}

impl Row {
    /// `None` where a later version wrote something that this one does not know.
    pub(super) fn read(self) -> Option<AuditEntry> {
        Some(AuditEntry {
            id: AuditId(self.id),
            at: self.at,
            action: self.action.parse().ok()?,
            actor: self.actor.map(UserId),
            subject: UserId(self.subject),
            address: self.address,
            agent: self.agent,
            details: self.details,
            request_id: self.request_id,
        })
    }
}

pub(super) async fn insert(conn: &mut AsyncPgConnection, entry: &NewEntry) -> QueryResult<()> {
    diesel::insert_into(audit_log::table)
        .values((
            audit_log::id.eq(entry.id.0),
            audit_log::at.eq(entry.at),
            audit_log::action.eq(entry.action.as_str()),
            audit_log::actor.eq(entry.actor.map(|actor| actor.0)),
            audit_log::subject.eq(entry.subject.0),
            audit_log::address.eq(&entry.origin.address),
            audit_log::agent.eq(&entry.origin.agent),
            audit_log::details.eq(Value::Object(entry.details.clone())),
            audit_log::request_id.eq(entry.request_id),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// What was done with somebody's account, newest first.
pub(super) async fn list(
    conn: &mut AsyncPgConnection,
    subject: UserId,
    after: Option<Cursor>,
    limit: i64,
) -> QueryResult<Vec<AuditEntry>> {
    let mut query = audit_log::table
        .filter(audit_log::subject.eq(subject.0))
        .order((audit_log::at.desc(), audit_log::id.desc()))
        .limit(limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some(Cursor { at, id }) = after {
        let older = audit_log::at.lt(at);
        query = query.filter(older.or(audit_log::at.eq(at).and(audit_log::id.lt(id))));
    }
    let rows: Vec<Row> = query.load(conn).await?;
    Ok(rows.into_iter().filter_map(Row::read).collect())
}

/// Whether somebody came in from this address since then: with their password, or with what was sent by mail.
pub(super) async fn has_come_from(
    conn: &mut AsyncPgConnection,
    subject: UserId,
    address: &str,
    since: DateTime<Utc>,
) -> QueryResult<bool> {
    let arrivals = [Action::SignUp, Action::SignIn, Action::PasswordReset];
    let come = audit_log::table
        .filter(audit_log::subject.eq(subject.0))
        .filter(audit_log::at.ge(since))
        .filter(audit_log::address.eq(address))
        .filter(audit_log::action.eq_any(arrivals.map(Action::as_str)));
    diesel::select(exists(come)).get_result(conn).await
}
