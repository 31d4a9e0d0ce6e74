//! The change feed: what happened to items since a horizon, missing nothing.
//!
//! Sequence numbers become visible out of order under concurrent commits, so a reader does not remember
//! the highest number it saw. It remembers a transaction id: everything below it had ended when the reader
//! last looked (`pg_snapshot_xmin`), and everything from it on is still to be read.
use crate::{
    base::id::{ItemId, UserId},
    platform::db::schema::installation,
};
use diesel::{
    QueryDsl as _, QueryResult, QueryableByName,
    sql_types::{BigInt, Double, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The channel that wakes readers.
pub const CHANNEL: &str = "flashfit_changes";

/// How long entries are kept; a reader that was away longer rebuilds from the tables.
pub const KEPT: chrono::Duration = chrono::Duration::days(7);

/// A garment that was added, changed or removed. Which of these, the tables say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// Whose garment.
    pub owner: UserId,
    /// The garment.
    pub item: ItemId,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    owner: Uuid,
    #[diesel(sql_type = SqlUuid)]
    item_id: Uuid,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// Transactions below this id have all ended: where a fresh reader starts, *before* it reads the tables.
///
/// # Errors
/// Database errors.
pub async fn horizon(conn: &mut AsyncPgConnection) -> QueryResult<i64> {
    let row: Number =
        diesel::sql_query("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as number")
            .get_result(conn)
            .await?;
    Ok(row.number)
}

/// Which database this is, for what is derived from it and kept elsewhere.
///
/// # Errors
/// Database errors.
pub async fn installation(conn: &mut AsyncPgConnection) -> QueryResult<Uuid> {
    installation::table
        .select(installation::id)
        .first(conn)
        .await
}

/// Every garment changed by transactions from `since` on that have ended, and the next horizon.
///
/// A garment may be reported again later, never missed: act on what the tables say now.
///
/// # Errors
/// Database errors.
pub async fn since(
    conn: &mut AsyncPgConnection,
    since: i64,
) -> QueryResult<(BTreeSet<Change>, i64)> {
    let next = horizon(conn).await?;
    let rows: Vec<Row> = diesel::sql_query(
        "select distinct owner, item_id from changes
          where xid >= $1::text::xid8 and xid < $2::text::xid8",
    )
    .bind::<BigInt, _>(since)
    .bind::<BigInt, _>(next)
    .load(conn)
    .await?;
    let changes = rows
        .into_iter()
        .map(|row| Change {
            owner: UserId(row.owner),
            item: ItemId(row.item_id),
        })
        .collect();
    Ok((changes, next))
}

/// What lies at or after a horizon.
#[derive(Debug, Clone, Copy, PartialEq, QueryableByName)]
pub struct Lag {
    /// Entries.
    #[diesel(sql_type = BigInt)]
    pub changes: i64,
    /// Age of the oldest one.
    #[diesel(sql_type = Double)]
    pub seconds: f64,
}

/// How far a reader with this horizon is behind.
///
/// # Errors
/// Database errors.
pub async fn lag(conn: &mut AsyncPgConnection, since: i64) -> QueryResult<Lag> {
    diesel::sql_query(
        "select count(*) as changes,
                coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as seconds
           from changes where xid >= $1::text::xid8",
    )
    .bind::<BigInt, _>(since)
    .get_result(conn)
    .await
}

/// Drops entries older than [`KEPT`].
///
/// # Errors
/// Database errors.
pub async fn prune(conn: &mut AsyncPgConnection) -> QueryResult<usize> {
    diesel::sql_query(format!(
        "delete from changes where created_at < now() - interval '{} days'",
        KEPT.num_days()
    ))
    .execute(conn)
    .await
}
