//! SQL of what the leader knows: alerts and groups in one row, and the queue.
use super::{
    memory::Kept,
    queue::{Queued, Unsaved},
};
use crate::{
    features::alerts::store_admin::HistoryRow,
    platform::db::schema::{alert_history, alert_queue, alert_state},
};
use chrono::{DateTime, Utc};
use diesel::{prelude::*, upsert::excluded};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl};
use serde_json::Value as Json;
use uuid::Uuid;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = alert_queue, check_for_backend(diesel::pg::Pg))]
struct QueueRow {
    id: Uuid,
    receiver: String,
    message: Json,
    made_at: DateTime<Utc>,
    attempts: i32,
    due_at: DateTime<Utc>,
    last_error: Option<String>,
}

/// What is written after a round, all of it or nothing.
pub(super) struct Round<'a> {
    pub(super) saved_at: DateTime<Utc>,
    pub(super) state: &'a Kept,
    pub(super) queue: &'a Unsaved,
    pub(super) history: &'a [HistoryRow],
}

/// Writes what a round changed.
pub(super) async fn save(conn: &mut AsyncPgConnection, round: &Round<'_>) -> QueryResult<()> {
    let state = json(round.state)?;
    conn.transaction(async |conn| {
        diesel::insert_into(alert_state::table)
            .values((
                alert_state::id.eq(true),
                alert_state::saved_at.eq(round.saved_at),
                alert_state::state.eq(&state),
            ))
            .on_conflict(alert_state::id)
            .do_update()
            .set((
                alert_state::saved_at.eq(excluded(alert_state::saved_at)),
                alert_state::state.eq(excluded(alert_state::state)),
            ))
            .execute(conn)
            .await?;
        hand_over(conn, round.queue, round.history).await
    })
    .await
}

/// Writes what no other process can know: messages, and what became of alerts.
pub(super) async fn hand_over(
    conn: &mut AsyncPgConnection,
    queue: &Unsaved,
    history: &[HistoryRow],
) -> QueryResult<()> {
    let rows: QueryResult<Vec<QueueRow>> = queue.changed.iter().map(row).collect();
    diesel::insert_into(alert_queue::table)
        .values(rows?)
        .on_conflict(alert_queue::id)
        .do_update()
        .set((
            alert_queue::attempts.eq(excluded(alert_queue::attempts)),
            alert_queue::due_at.eq(excluded(alert_queue::due_at)),
            alert_queue::last_error.eq(excluded(alert_queue::last_error)),
        ))
        .execute(conn)
        .await?;
    delete(conn, &queue.gone).await?;
    diesel::insert_into(alert_history::table)
        .values(history)
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets messages: they were taken, or never will be.
pub(super) async fn delete(conn: &mut AsyncPgConnection, ids: &[Uuid]) -> QueryResult<usize> {
    diesel::delete(alert_queue::table.filter(alert_queue::id.eq_any(ids)))
        .execute(conn)
        .await
}

/// What the leader wrote last; one that cannot be read counts as none.
pub(in crate::features::alerts) async fn state(
    conn: &mut AsyncPgConnection,
) -> QueryResult<Option<Kept>> {
    let found: Option<Json> = alert_state::table
        .select(alert_state::state)
        .first(conn)
        .await
        .optional()?;
    Ok(found.map(|state| {
        serde_json::from_value(state).unwrap_or_else(|error| {
            let error = error.to_string();
            tracing::error!(
                error,
                "the stored state of alerts cannot be read; it begins anew"
            );
            Kept::default()
        })
    }))
}

/// Every message that nobody took yet, oldest first. One that cannot be read is left out, and said.
pub(super) async fn queue(conn: &mut AsyncPgConnection) -> QueryResult<Vec<Queued>> {
    let rows = alert_queue::table
        .order((alert_queue::made_at, alert_queue::id))
        .select(QueueRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().filter_map(queued).collect())
}

/// How many messages wait, by receiver.
pub(in crate::features::alerts) async fn waiting(
    conn: &mut AsyncPgConnection,
) -> QueryResult<Vec<(String, i64)>> {
    alert_queue::table
        .group_by(alert_queue::receiver)
        .select((alert_queue::receiver, diesel::dsl::count_star()))
        .load(conn)
        .await
}

fn row(one: &Queued) -> QueryResult<QueueRow> {
    let time = |ms| DateTime::from_timestamp_millis(ms).unwrap_or(DateTime::UNIX_EPOCH);
    Ok(QueueRow {
        id: one.id,
        receiver: one.message.receiver.clone(),
        message: json(&one.message)?,
        made_at: time(one.message.made_at_ms),
        attempts: i32::try_from(one.attempts).unwrap_or(i32::MAX),
        due_at: time(one.due_at_ms),
        last_error: one.last_error.clone(),
    })
}

fn queued(row: QueueRow) -> Option<Queued> {
    match serde_json::from_value(row.message) {
        Ok(message) => Some(Queued {
            id: row.id,
            message,
            attempts: u32::try_from(row.attempts).unwrap_or(0),
            due_at_ms: row.due_at.timestamp_millis(),
            last_error: row.last_error,
        }),
        Err(error) => {
            let (id, error) = (row.id, error.to_string());
            tracing::error!(%id, error, "a stored message cannot be read and is not sent");
            None
        }
    }
}

fn json(value: &impl serde::Serialize) -> QueryResult<Json> {
    serde_json::to_value(value)
        .map_err(|error| diesel::result::Error::SerializationError(Box::new(error)))
}
