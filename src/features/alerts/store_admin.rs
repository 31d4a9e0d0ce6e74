//! SQL of rules, silences, history and receivers. They are the installation's, and nobody's in particular.
use crate::{
    base::cursor::Cursor,
    platform::db::schema::{
        alert_changes, alert_history, alert_receivers, alert_rules, silences, users,
    },
};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

/// A rule that was added or changed here.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = alert_rules, check_for_backend(diesel::pg::Pg), treat_none_as_null = true)]
pub(super) struct RuleRow {
    pub(super) id: Uuid,
    pub(super) file_rule: Option<String>,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) expression: String,
    pub(super) for_seconds: i64,
    pub(super) keep_firing_for_seconds: i64,
    pub(super) labels: Json,
    pub(super) annotations: Json,
    pub(super) is_enabled: bool,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
}

/// A silence, without the name of whoever made it.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = silences, check_for_backend(diesel::pg::Pg), treat_none_as_null = true)]
pub(super) struct SilenceRow {
    pub(super) id: Uuid,
    pub(super) matchers: Json,
    pub(super) starts_at: DateTime<Utc>,
    pub(super) ends_at: DateTime<Utc>,
    pub(super) weekly: Option<Json>,
    pub(super) comment: String,
    pub(super) created_by: Option<Uuid>,
    pub(super) created_at: DateTime<Utc>,
}

/// What became of an alert.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, Serialize, Deserialize)]
#[diesel(table_name = alert_history, check_for_backend(diesel::pg::Pg))]
pub(super) struct HistoryRow {
    pub(super) id: Uuid,
    pub(super) at: DateTime<Utc>,
    pub(super) fingerprint: String,
    pub(super) name: String,
    pub(super) severity: String,
    pub(super) state: String,
    pub(super) labels: Json,
    pub(super) annotations: Json,
    pub(super) value: Option<f64>,
}

/// How the last attempt to tell a receiver went.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = alert_receivers, check_for_backend(diesel::pg::Pg), treat_none_as_null = true)]
pub(super) struct ReceiverRow {
    pub(super) name: String,
    pub(super) is_up: bool,
    pub(super) last_attempt_at: DateTime<Utc>,
    pub(super) last_error: Option<String>,
}

/// Who did what to which silence or rule.
#[derive(Debug, Insertable)]
#[diesel(table_name = alert_changes)]
pub(super) struct ChangeRow<'a> {
    pub(super) at: DateTime<Utc>,
    pub(super) who: Option<Uuid>,
    pub(super) action: &'a str,
    pub(super) subject: &'a str,
    pub(super) named: &'a str,
    pub(super) detail: Json,
}

/// Every rule that was added or changed here, oldest first.
pub(super) async fn rules(conn: &mut AsyncPgConnection) -> QueryResult<Vec<RuleRow>> {
    alert_rules::table
        .order((alert_rules::created_at, alert_rules::id))
        .select(RuleRow::as_select())
        .load(conn)
        .await
}

/// Adds a rule, or changes the one with its id.
pub(super) async fn put_rule(conn: &mut AsyncPgConnection, row: &RuleRow) -> QueryResult<usize> {
    diesel::insert_into(alert_rules::table)
        .values(row)
        .on_conflict(alert_rules::id)
        .do_update()
        .set(row)
        .execute(conn)
        .await
}

/// Deletes a rule.
pub(super) async fn delete_rule(conn: &mut AsyncPgConnection, id: Uuid) -> QueryResult<usize> {
    diesel::delete(alert_rules::table.find(id))
        .execute(conn)
        .await
}

/// Notes who did what.
pub(super) async fn note(conn: &mut AsyncPgConnection, row: &ChangeRow<'_>) -> QueryResult<usize> {
    diesel::insert_into(alert_changes::table)
        .values(row)
        .execute(conn)
        .await
}

/// Every silence that is not over, or has not been for long; newest first, with who made it.
pub(super) async fn list_silences(
    conn: &mut AsyncPgConnection,
    over_since: DateTime<Utc>,
) -> QueryResult<Vec<(SilenceRow, Option<String>)>> {
    silences::table
        .left_join(users::table.on(users::id.nullable().eq(silences::created_by)))
        .filter(silences::ends_at.gt(over_since))
        .order((silences::created_at.desc(), silences::id.desc()))
        .select((SilenceRow::as_select(), users::display_name.nullable()))
        .load(conn)
        .await
}

/// One silence, with who made it.
pub(super) async fn find_silence(
    conn: &mut AsyncPgConnection,
    id: Uuid,
) -> QueryResult<Option<(SilenceRow, Option<String>)>> {
    silences::table
        .left_join(users::table.on(users::id.nullable().eq(silences::created_by)))
        .filter(silences::id.eq(id))
        .select((SilenceRow::as_select(), users::display_name.nullable()))
        .first(conn)
        .await
        .optional()
}

/// Adds a silence, or changes the one with its id.
pub(super) async fn put_silence(
    conn: &mut AsyncPgConnection,
    row: &SilenceRow,
) -> QueryResult<usize> {
    diesel::insert_into(silences::table)
        .values(row)
        .on_conflict(silences::id)
        .do_update()
        .set(row)
        .execute(conn)
        .await
}

/// A page of what became of alerts, newest first.
pub(super) async fn history(
    conn: &mut AsyncPgConnection,
    name: Option<&str>,
    after: Option<Cursor>,
    limit: i64,
) -> QueryResult<Vec<HistoryRow>> {
    let mut query = alert_history::table
        .order((alert_history::at.desc(), alert_history::id.desc()))
        .limit(limit)
        .select(HistoryRow::as_select())
        .into_boxed();
    if let Some(name) = name {
        query = query.filter(alert_history::name.eq(name.to_owned()));
    }
    if let Some(Cursor { at, id }) = after {
        let older = alert_history::at.lt(at);
        query = query.filter(older.or(alert_history::at.eq(at).and(alert_history::id.lt(id))));
    }
    query.load(conn).await
}

/// Deletes history, silences that were over and notes of changes from before `until`.
pub(super) async fn purge(
    conn: &mut AsyncPgConnection,
    until: DateTime<Utc>,
) -> QueryResult<usize> {
    let history = diesel::delete(alert_history::table.filter(alert_history::at.lt(until)))
        .execute(conn)
        .await?;
    let silences = diesel::delete(silences::table.filter(silences::ends_at.lt(until)))
        .execute(conn)
        .await?;
    let changes = diesel::delete(alert_changes::table.filter(alert_changes::at.lt(until)))
        .execute(conn)
        .await?;
    Ok(history + silences + changes)
}

/// How the last attempt to tell each receiver went.
pub(super) async fn receivers(conn: &mut AsyncPgConnection) -> QueryResult<Vec<ReceiverRow>> {
    alert_receivers::table
        .select(ReceiverRow::as_select())
        .load(conn)
        .await
}

/// Notes how an attempt went, unless a later one is known.
pub(super) async fn put_receiver(
    conn: &mut AsyncPgConnection,
    row: &ReceiverRow,
) -> QueryResult<usize> {
    diesel::insert_into(alert_receivers::table)
        .values(row)
        .on_conflict(alert_receivers::name)
        .do_update()
        .set(row)
        .execute(conn)
        .await
}
