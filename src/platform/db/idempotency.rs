//! Answers already given to requests that carried an `Idempotency-Key`.
use crate::{base::id::UserId, platform::db::schema::idempotency_keys as keys};
use chrono::{DateTime, Duration, Utc};
use diesel::{
    prelude::*,
    sql_types::{Binary, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// After so long without an answer, whoever claimed a key is taken for dead.
pub const CLAIM_SECONDS: i64 = 60;
/// How long answers are kept.
pub const KEPT: Duration = Duration::hours(24);

/// One request's claim to a key. `at` tells it from a later claim to the same key.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Whose key.
    pub owner: UserId,
    /// Where it was used.
    pub route: &'static str,
    /// The key.
    pub key: String,
    /// SHA-256 of the request.
    pub request_hash: [u8; 32],
    /// When it was claimed, to the microsecond.
    pub at: DateTime<Utc>,
}

/// How a claim went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claimed {
    /// Nobody did the work yet: do it, then [`answer`] or [`release`].
    Mine,
    /// It was done.
    Answered {
        /// The HTTP status of the answer.
        status: i32,
        /// The body of the answer.
        body: Vec<u8>,
    },
    /// Someone is at it.
    Running {
        /// Since when.
        since: DateTime<Utc>,
    },
    /// The key belongs to a request with another hash.
    OtherRequest,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = keys, check_for_backend(diesel::pg::Pg))]
struct Row {
    request_hash: Vec<u8>,
    status: Option<i32>,
    body: Option<Vec<u8>>,
    created_at: DateTime<Utc>,
}

/// Claims a key, taking over from the dead and from answers that are no longer kept.
///
/// # Errors
/// Database errors.
pub async fn claim(conn: &mut AsyncPgConnection, claim: &Claim) -> QueryResult<Claimed> {
    let is_mine = diesel::sql_query(
        "insert into idempotency_keys as known (owner, route, key, request_hash, created_at)
         values ($1, $2, $3, $4, $5)
         on conflict (owner, route, key) do update
            set request_hash = excluded.request_hash, created_at = excluded.created_at,
                status = null, body = null
          where known.created_at <= $6 or (known.status is null and known.created_at <= $7)",
    )
    .bind::<SqlUuid, _>(claim.owner.0)
    .bind::<Text, _>(claim.route)
    .bind::<Text, _>(&claim.key)
    .bind::<Binary, _>(&claim.request_hash[..])
    .bind::<Timestamptz, _>(claim.at)
    .bind::<Timestamptz, _>(claim.at - KEPT)
    .bind::<Timestamptz, _>(claim.at - Duration::seconds(CLAIM_SECONDS))
    .execute(conn)
    .await?
        > 0;
    if is_mine {
        return Ok(Claimed::Mine);
    }
    let row: Option<Row> = keys::table
        .find((claim.owner.0, claim.route, &claim.key))
        .select(Row::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(match row {
        Some(row) if row.request_hash != claim.request_hash => Claimed::OtherRequest,
        Some(Row {
            status: Some(status),
            body: Some(body),
            ..
        }) => Claimed::Answered { status, body },
        Some(row) => Claimed::Running {
            since: row.created_at,
        },
        // Released between the two statements: the next try gets it.
        None => Claimed::Running { since: claim.at },
    })
}

/// Keeps the answer; nothing happens when the claim was taken over in the meantime.
///
/// # Errors
/// Database errors.
pub async fn answer(
    conn: &mut AsyncPgConnection,
    claim: &Claim,
    status: i32,
    body: &[u8],
) -> QueryResult<usize> {
    diesel::update(keys::table.find((claim.owner.0, claim.route, &claim.key)))
        .filter(keys::created_at.eq(claim.at))
        .set((keys::status.eq(status), keys::body.eq(body)))
        .execute(conn)
        .await
}

/// Gives the key back: the work was not done.
///
/// # Errors
/// Database errors.
pub async fn release(conn: &mut AsyncPgConnection, claim: &Claim) -> QueryResult<usize> {
    diesel::delete(keys::table.find((claim.owner.0, claim.route, &claim.key)))
        .filter(keys::created_at.eq(claim.at))
        .execute(conn)
        .await
}

/// Deletes what is no longer kept.
///
/// # Errors
/// Database errors.
pub async fn purge(conn: &mut AsyncPgConnection, now: DateTime<Utc>) -> QueryResult<usize> {
    diesel::delete(keys::table)
        .filter(keys::created_at.le(now - KEPT))
        .execute(conn)
        .await
}
