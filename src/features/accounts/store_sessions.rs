//! The SQL of sessions. Every query here is bound to an owner; the others are in `store_admin.rs`.
use super::{audit::NewEntry, model::OwnSession, origin::Origin, store_audit, token::Hash};
use crate::{
    base::id::{SessionId, UserId},
    platform::db::schema::sessions,
};
use chrono::{DateTime, Utc};
use diesel::{pg::Pg, prelude::*};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// A sign-in to be stored.
pub(super) struct NewSession<'a> {
    pub(super) id: SessionId,
    pub(super) hash: Hash,
    pub(super) origin: &'a Origin,
    pub(super) created_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions, check_for_backend(Pg))]
struct Row {
    id: Uuid,
    token_hash: Vec<u8>,
    created_at: DateTime<Utc>,
    last_used_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    address: Option<String>,
    agent: Option<String>,
}

pub(super) async fn insert(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    new: &NewSession<'_>,
    entry: &NewEntry,
) -> QueryResult<()> {
    conn.transaction(async |conn| {
        diesel::insert_into(sessions::table)
            .values((
                sessions::id.eq(new.id.0),
                sessions::token_hash.eq(&new.hash.0[..]),
                sessions::owner.eq(owner.0),
                sessions::created_at.eq(new.created_at),
                sessions::expires_at.eq(new.expires_at),
                sessions::last_used_at.eq(new.created_at),
                sessions::address.eq(&new.origin.address),
                sessions::agent.eq(&new.origin.agent),
            ))
            .execute(conn)
            .await?;
        store_audit::insert(conn, entry).await
    })
    .await
}

/// The sessions that have not expired by `now`: that of `own` first, then the last used.
pub(super) async fn list(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    own: Hash,
    now: DateTime<Utc>,
) -> QueryResult<Vec<OwnSession>> {
    let rows: Vec<Row> = sessions::table
        .filter(sessions::owner.eq(owner.0))
        .filter(sessions::expires_at.gt(now))
        .order((sessions::last_used_at.desc(), sessions::id.desc()))
        .select(Row::as_select())
        .load(conn)
        .await?;
    let mut listed: Vec<OwnSession> = rows
        .into_iter()
        .map(|row| OwnSession {
            id: SessionId(row.id),
            is_current: row.token_hash == own.0,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            expires_at: row.expires_at,
            address: row.address,
            agent: row.agent,
        })
        .collect();
    listed.sort_by_key(|session| !session.is_current);
    Ok(listed)
}

pub(super) async fn delete(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    hash: Hash,
    entry: &NewEntry,
) -> QueryResult<usize> {
    conn.transaction(async |conn| {
        let ended = diesel::delete(sessions::table)
            .filter(sessions::owner.eq(owner.0))
            .filter(sessions::token_hash.eq(&hash.0[..]))
            .execute(conn)
            .await?;
        if ended > 0 {
            store_audit::insert(conn, entry).await?;
        }
        Ok(ended)
    })
    .await
}

pub(super) async fn delete_by_id(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    id: SessionId,
    entry: &NewEntry,
) -> QueryResult<usize> {
    conn.transaction(async |conn| {
        let ended = diesel::delete(sessions::table)
            .filter(sessions::owner.eq(owner.0))
            .filter(sessions::id.eq(id.0))
            .execute(conn)
            .await?;
        if ended > 0 {
            store_audit::insert(conn, entry).await?;
        }
        Ok(ended)
    })
    .await
}

/// Ends every session but one, because somebody asked for that.
pub(super) async fn delete_others(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    keep: Hash,
    entry: NewEntry,
) -> QueryResult<usize> {
    conn.transaction(async |conn| {
        let ended = delete_all(conn, owner, Some(keep)).await?;
        store_audit::insert(conn, &entry.with("ended", ended)).await?;
        Ok(ended)
    })
    .await
}

/// Ends every session but the one to keep.
pub(super) async fn delete_all(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    keep: Option<Hash>,
) -> QueryResult<usize> {
    let keep = keep.map_or_else(Vec::new, |hash| hash.0.to_vec());
    diesel::delete(sessions::table)
        .filter(sessions::owner.eq(owner.0))
        .filter(sessions::token_hash.ne(keep))
        .execute(conn)
        .await
}

pub(super) async fn touch(
    conn: &mut AsyncPgConnection,
    owner: UserId,
    hash: Hash,
    now: DateTime<Utc>,
) -> QueryResult<usize> {
    diesel::update(sessions::table)
        .filter(sessions::owner.eq(owner.0))
        .filter(sessions::token_hash.eq(&hash.0[..]))
        .set(sessions::last_used_at.eq(now))
        .execute(conn)
        .await
}
